/* The C interface of Wyckoff: structures in the space that their symmetry leaves free, patterns, potentials.
 *
 * Conventions
 *   Lengths in angstrom, angles in degrees, energies in eV, forces in eV/angstrom, stresses in eV/angstrom^3 (positive where
 *   the cell would shrink, as ASE has them). Cell vectors are the rows of nine numbers; positions are fractional, three
 *   numbers an atom, atoms in the order in which they came. Arrays are dense and row-major: a Jacobian of p parameters and n
 *   atoms is double[p][n][3]. With every array goes the number of its elements; another number than expected is an error.
 *
 * Errors
 *   A function that can fail returns WYCKOFF_OK or another code, writes nothing then, and, where `error` is not NULL, gives
 *   there what went wrong in one line and in its parts; the caller frees it with wyckoff_error_free. Nothing that is read
 *   from numbers, texts or files ends the program. A handle that was freed, or one of another kind, is a fault of the caller
 *   that no function can see.
 *
 * Memory
 *   Handles are freed with the function of their kind, texts with wyckoff_text_free; NULL may be freed. A handle keeps what
 *   it was made from.
 *
 * Threads
 *   There is no global state that a call changes. Every function may be called from any thread, with the same handle too:
 *   calls that use one reduced structure, pattern or objective wait for each other. After fork the child may use what the
 *   parent made, unless another thread of the parent was inside a call on it at that moment.
 *
 * Texts are UTF-8. JSON is that of the command: keys sorted, null for what is not known.
 */
#ifndef WYCKOFF_H
#define WYCKOFF_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Counts up when a function changes or goes; a new one leaves it. */
#define WYCKOFF_INTERFACE 1

enum {
    WYCKOFF_OK = 0,
    WYCKOFF_BAD_ARGUMENT = 1, /* a pointer, a count, a number or a name */
    WYCKOFF_BAD_FILE = 2,     /* a file or text that cannot be read */
    WYCKOFF_NO_SYMMETRY = 3,  /* no group can be found or enforced */
    WYCKOFF_NO_PATTERN = 4,   /* no pattern can be calculated */
    WYCKOFF_NO_ENERGY = 5,    /* no energy can be had */
    WYCKOFF_OTHER = 9
};

/* What went wrong; the parts that do not apply are NULL. */
typedef struct {
    int32_t code;
    char *line;    /* place: problem; remedy */
    char *problem;
    char *remedy;
    char *place;
} wyckoff_error;

typedef struct wyckoff_structure wyckoff_structure;
typedef struct wyckoff_reduced wyckoff_reduced;
typedef struct wyckoff_space wyckoff_space;
typedef struct wyckoff_pattern wyckoff_pattern;
typedef struct wyckoff_objective wyckoff_objective;
typedef struct wyckoff_potential wyckoff_potential;

/* WYCKOFF_INTERFACE of the library. */
int32_t wyckoff_interface(void);
/* "0.2.0"; the caller frees it. */
char *wyckoff_version(void);
void wyckoff_text_free(char *text);
void wyckoff_error_free(wyckoff_error *error);

/* Structures: a cell with all its atoms; no symmetry is stated. They never change. */

/* species: one text a site, "Fe", "O2-", "D", or of a shared or partly filled site "Ti4+:0.5 Zr4+:0.25".
 * labels: one text a site, each may be empty; NULL for none. */
int32_t wyckoff_structure_create(const double *vectors, int64_t count, const double *positions,
                                 const char *const *species, const char *const *labels,
                                 wyckoff_structure **structure, wyckoff_error **error);
/* The structure of a file (CIF, POSCAR, extended XYZ, JSON), by its number from 0. remarks: what was assumed on reading, a
 * JSON array of sentences; may be NULL. */
int32_t wyckoff_structure_read(const char *path, int64_t number, wyckoff_structure **structure,
                               char **remarks, wyckoff_error **error);
void wyckoff_structure_free(wyckoff_structure *structure);
int64_t wyckoff_structure_count(const wyckoff_structure *structure);
int32_t wyckoff_structure_geometry(const wyckoff_structure *structure, double *vectors, int64_t nine,
                                   double *positions, int64_t three_count, wyckoff_error **error);
/* {"title", "species": [...], "labels": [...]}, species as wyckoff_structure_create reads them. */
int32_t wyckoff_structure_sites(const wyckoff_structure *structure, char **json, wyckoff_error **error);
/* The same structure with a title and displacement parameters in angstrom^2: B = 8 pi^2 <u^2> of each site, or U on the
 * reciprocal vectors as CIF has it, [count][3][3]; NaN where a site has none of that kind; NULL with a count of 0 for none. */
int32_t wyckoff_structure_described(const wyckoff_structure *structure, const char *title, const double *b_iso,
                                    int64_t count, const double *u_aniso, int64_t nine_count,
                                    wyckoff_structure **described, wyckoff_error **error);
int32_t wyckoff_structure_displacements(const wyckoff_structure *structure, double *b_iso, int64_t count,
                                        double *u_aniso, int64_t nine_count, wyckoff_error **error);
/* u, of one atom: the nuclide's ("D", "7Li"), else the element's standard atomic mass. */
int32_t wyckoff_species_mass(const char *species, double *mass, wyckoff_error **error);
/* format: cif, poscar, extxyz, json (pymatgen's) or jsonl. */
int32_t wyckoff_structure_text(const wyckoff_structure *structure, const char *format, char **text,
                               wyckoff_error **error);

/* Symmetry. tolerance: how far atoms may be from it, angstrom. */

/* {"symmetry": what `wyckoff symmetry --json` prints, "operations": {"rotations", "translations"} in the structure's own
 * cell, "transformation", "originShift": x_standard = transformation x + originShift, "hallSymbol", "fullSymbol",
 * "schoenflies"}. ladder: whether the groups at every tolerance are found too. */
int32_t wyckoff_symmetry(const wyckoff_structure *structure, double tolerance, int32_t ladder, char **json,
                         wyckoff_error **error);
/* cell: keep, standard or primitive. */
int32_t wyckoff_standardize(const wyckoff_structure *structure, double tolerance, const char *cell,
                            wyckoff_structure **standard, wyckoff_error **error);

/* Reduced structures: lattice parameters of the family and Wyckoff coordinates of the orbits. Nothing that their values
 * can say breaks the group. */

/* The structure is kept in its own cell, whatever that is. */
int32_t wyckoff_reduce(const wyckoff_structure *structure, double tolerance, wyckoff_reduced **reduced,
                       wyckoff_error **error);
int32_t wyckoff_reduced_copy(wyckoff_reduced *reduced, wyckoff_reduced **copy, wyckoff_error **error);
void wyckoff_reduced_free(wyckoff_reduced *reduced);
int64_t wyckoff_reduced_count(wyckoff_reduced *reduced); /* parameters */
int64_t wyckoff_reduced_atoms(wyckoff_reduced *reduced);
/* What `wyckoff parameters --json` prints. */
int32_t wyckoff_reduced_parameters(wyckoff_reduced *reduced, char **json, wyckoff_error **error);
/* The orbit of every atom, by its place among the "positions" of that JSON. */
int32_t wyckoff_reduced_orbits(wyckoff_reduced *reduced, int64_t *orbits, int64_t atoms, wyckoff_error **error);
/* scales: what of a value moves something by about 1 angstrom; may be NULL with a count of 0. */
int32_t wyckoff_reduced_values(wyckoff_reduced *reduced, double *values, int64_t count, double *scales,
                               int64_t scale_count, wyckoff_error **error);
int32_t wyckoff_reduced_set_values(wyckoff_reduced *reduced, const double *values, int64_t count,
                                   wyckoff_error **error);
int32_t wyckoff_reduced_geometry(wyckoff_reduced *reduced, double *vectors, int64_t nine, double *positions,
                                 int64_t three_atoms, wyckoff_error **error);
/* positions: d(fractional positions)/dx, [count][atoms][3]; vectors: d(cell vectors)/dx at fixed fractional positions,
 * [count][3][3]. */
int32_t wyckoff_reduced_jacobian(wyckoff_reduced *reduced, double *positions, int64_t positions_count,
                                 double *vectors, int64_t vectors_count, wyckoff_error **error);
/* dE/dx from forces [atoms][3] and stress [3][3] of the present structure. */
int32_t wyckoff_reduced_gradient(wyckoff_reduced *reduced, const double *forces, int64_t three_atoms,
                                 const double *stress, int64_t nine, double *gradient, int64_t count,
                                 wyckoff_error **error);
int32_t wyckoff_reduced_structure(wyckoff_reduced *reduced, wyckoff_structure **structure,
                                  wyckoff_error **error);
/* translationengleiche subgroups, and klassengleiche ones of index 2 and 3, all orientations: a JSON array of objects with
 * "spaceGroup", "kind", "index", "conjugacyClass", "transformation". */
int32_t wyckoff_reduced_subgroups(wyckoff_reduced *reduced, char **json, wyckoff_error **error);
/* The same crystal with the freedom of a subgroup, by its place in that list, in the subgroup's cell. */
int32_t wyckoff_reduced_in_subgroup(wyckoff_reduced *reduced, int64_t place, wyckoff_reduced **lowered,
                                    wyckoff_error **error);

/* Relaxation spaces: the free strains and coordinates about a reduced structure, each scaled so that a unit costs about as
 * much energy as 1 angstrom of one atom. Zero is the start. They never change. */

/* pressure: eV/angstrom^3. */
int32_t wyckoff_space_create(wyckoff_reduced *reduced, int32_t cell, int32_t positions, double pressure,
                             wyckoff_space **space, wyckoff_error **error);
void wyckoff_space_free(wyckoff_space *space);
int64_t wyckoff_space_count(const wyckoff_space *space);
int32_t wyckoff_space_geometry(const wyckoff_space *space, const double *x, int64_t count, double *vectors,
                               int64_t nine, double *positions, int64_t three_atoms, wyckoff_error **error);
/* Enthalpy and its gradient at x from what a calculator says of the structure there. residual: two numbers, what is left
 * to relax, the largest force on an atom and the largest component of stress against the pressure. */
int32_t wyckoff_space_gradient(const wyckoff_space *space, const double *x, int64_t count, double energy,
                               const double *forces, int64_t three_atoms, const double *stress, int64_t nine,
                               double *enthalpy, double *gradient, double *residual, wyckoff_error **error);
int32_t wyckoff_space_reduced(const wyckoff_space *space, const double *x, int64_t count,
                              wyckoff_reduced **reduced, wyckoff_error **error);

/* Powder patterns of a reduced structure on a grid of angles (degrees 2theta, ascending). */

/* options: a JSON object of the options of `wyckoff pattern` in camel case (wavelength, radiation, formFactors, dispersion,
 * overallB, displacements, profile, fwhm, caglioti, lorentz, eta, normalize, geometry, polarization, axial, divergence,
 * zero, displacement, transparency, absorption, background, highest), and "free": names of the parameters that the values
 * are, in that order; null for those of the structure. */
int32_t wyckoff_pattern_create(wyckoff_reduced *reduced, const char *options, const double *two_theta,
                               int64_t points, wyckoff_pattern **pattern, wyckoff_error **error);
void wyckoff_pattern_free(wyckoff_pattern *pattern);
int64_t wyckoff_pattern_count(wyckoff_pattern *pattern);
int64_t wyckoff_pattern_points(wyckoff_pattern *pattern);
/* {"free": [...], "parameters": [{"name", "value", "unit", "lower", "upper", "formula"}], "warnings": [...]}. */
int32_t wyckoff_pattern_parameters(wyckoff_pattern *pattern, char **json, wyckoff_error **error);
int32_t wyckoff_pattern_values(wyckoff_pattern *pattern, double *values, int64_t count,
                               wyckoff_error **error);
int32_t wyckoff_pattern_set_values(wyckoff_pattern *pattern, const double *values, int64_t count,
                                   wyckoff_error **error);
/* background may be NULL with a count of 0. */
int32_t wyckoff_pattern_profile(wyckoff_pattern *pattern, double *profile, int64_t points, double *background,
                                int64_t background_points, wyckoff_error **error);
/* Reflections: a JSON array of {"h", "k", "l", "multiplicity", "d", "twoTheta", "F", "intensity"}. */
int32_t wyckoff_pattern_sticks(wyckoff_pattern *pattern, char **json, wyckoff_error **error);
/* dL/dx from dL/d(profile). */
int32_t wyckoff_pattern_gradient(wyckoff_pattern *pattern, const double *cotangent, int64_t points,
                                 double *gradient, int64_t count, wyckoff_error **error);
/* d(profile)/dx, [count][points]. */
int32_t wyckoff_pattern_jacobian(wyckoff_pattern *pattern, double *jacobian, int64_t size,
                                 wyckoff_error **error);

/* measure: cosine, mse, entropy, pearson, rwp, jensen-shannon, wasserstein, cdf, cross-correlation. target: on the
 * pattern's grid. weights: 1/sigma^2 of rwp; NULL with a count of 0 for 1 everywhere. */
int32_t wyckoff_objective_create(wyckoff_pattern *pattern, const char *measure, const double *target,
                                 int64_t points, const double *weights, int64_t weight_count,
                                 wyckoff_objective **objective, wyckoff_error **error);
void wyckoff_objective_free(wyckoff_objective *objective);
/* 1 where a larger value means more alike, 0 for a distance. */
int32_t wyckoff_objective_is_similarity(const wyckoff_objective *objective);
/* Moves the pattern to the values. gradient may be NULL with a gradient count of 0. */
int32_t wyckoff_objective_evaluate(wyckoff_objective *objective, const double *values, int64_t count,
                                   double *value, double *gradient, int64_t gradient_count,
                                   wyckoff_error **error);

/* Potentials, by the names that the command takes; models are fetched with `wyckoff models fetch`. */
int32_t wyckoff_potential_create(const char *name, int32_t threads, wyckoff_potential **potential,
                                 wyckoff_error **error);
void wyckoff_potential_free(wyckoff_potential *potential);
/* moments (one an atom, zero where the potential tells none) may be NULL with a count of 0. */
int32_t wyckoff_potential_evaluate(const wyckoff_potential *potential, const wyckoff_structure *structure,
                                   double *energy, double *forces, int64_t three_atoms, double *stress,
                                   int64_t nine, double *moments, int64_t moment_count, wyckoff_error **error);
/* The same of a reduced structure, on its orbits where the potential can. */
int32_t wyckoff_potential_evaluate_reduced(const wyckoff_potential *potential, wyckoff_reduced *reduced,
                                           double *energy, double *forces, int64_t three_atoms, double *stress,
                                           int64_t nine, double *moments, int64_t moment_count,
                                           wyckoff_error **error);

#ifdef __cplusplus
}
#endif

#endif
