#ifndef C_STRUCTURE_FACTORS_H
#define C_STRUCTURE_FACTORS_H
#include <stdint.h>

/* The hot loops of powder diffraction: structure factors by direct summation, and peak profiles.

   A slot is one atom of the sum: an image of an orbit's representative under one coset operation, with
   images related by lattice centring or by an inversion left out (their contribution is a factor). Slots are
   padded to a multiple of WYCKOFF_LANES; padding slots read the row of zeros behind the last row.

   A row is a scattering weight as a function of the reflection: one per orbit, or one per slot where the
   displacement is anisotropic. Row-major arrays [row][reflection] have the stride `reflections`.

   A span is a part of the reflections: what the functions below write for a reflection belongs to it alone, so
   that disjoint spans may be computed at the same time, each with its own scratch memory. */

/* The normal equations are summed over blocks of points, which stay in the second cache for a few hundred
   parameters, and tiles of rows. */
enum { WYCKOFF_LANES = 4, WYCKOFF_BLOCK = 256, WYCKOFF_TILE = 4 };

typedef struct {
  int32_t reflections;
  int32_t runs;            /* stretches of equal h and k */
  int32_t slots;           /* padded */
  int32_t centrosymmetric; /* the origin of the slots' phases is an inversion centre: sums are real */
  const int32_t *h, *k, *l;        /* [reflection], sorted by h, k, l */
  const int32_t *run_start;        /* [runs + 1] */
  int32_t h_min, h_max, k_min, k_max, l_min, l_max;
  const int32_t *row_of_slot;      /* [slots] */
  double *table_x, *table_y, *table_z; /* [(max - min + 1)][2][slots] exp(2 pi i n x), real then imaginary */
} wyckoff_phase_tables;

typedef struct {
  int32_t first, last; /* reflections first..<last */
  double *scratch;     /* [4][slots] */
} wyckoff_span;

/* Fills the tables of exp(2 pi i n x) for slots first..<last (multiples of WYCKOFF_LANES); position is
   [3][slots], fractional. */
void wyckoff_fill_tables(const wyckoff_phase_tables *t, const double *position, int32_t first, int32_t last);

/* P = sum w e, Q = sum w'' e over slots first..<last, e = exp(2 pi i h.x). `dispersion` (w'') and q may be NULL.
   p and q are [2][reflections], real then imaginary. */
void wyckoff_amplitudes(const wyckoff_phase_tables *t, const wyckoff_span *span, const double *weight,
                        const double *dispersion, int32_t first, int32_t last, double *p, double *q);

/* Reverse pass of I = |P|^2 + |Q|^2 given `cotangent`[reflection] = dL/dI.
   Adds to position_gradient [3][slots] = dL/dx of every slot (one for each span); adds to weight_gradient [row][reflection] = dL/dw and
   dispersion_gradient = dL/dw'' (both of rows + 1 rows, either may be NULL). */
void wyckoff_reverse(const wyckoff_phase_tables *t, const wyckoff_span *span, const double *weight,
                     const double *dispersion, const double *p, const double *q, const double *cotangent,
                     double *position_gradient, double *weight_gradient, double *dispersion_gradient);

/* Forward derivatives: orbit_jacobian [orbit][3][reflection] = dI/d(representative's x, y, z), zeroed and filled.
   rotation is [9][slots], row-major entries of the slot's R; orbit_of_slot gives `orbits` for padding, and
   orbit_jacobian has room for it. weight_jacobian and dispersion_jacobian as in the reverse pass with
   cotangent 1. */
void wyckoff_forward(const wyckoff_phase_tables *t, const wyckoff_span *span, const double *weight,
                     const double *dispersion, const double *p, const double *q, const double *rotation,
                     const int32_t *orbit_of_slot, int32_t orbits, double *orbit_jacobian,
                     double *weight_jacobian, double *dispersion_jacobian);

/* f(q) = c + (1 or -41.78214 q) sum a_i exp(-b_i q), q = (sin(theta)/lambda)^2, and df/dq.
   coefficients: c, kind (0 plain, 1 the quadratic prefactor), a1..a5, b1..b5. */
void wyckoff_form_factor(const double coefficients[12], int32_t count, const double *q, double *f, double *df);

/* out[i] = factor * exp(-b q[i]). */
void wyckoff_debye_waller(double b, double factor, int32_t count, const double *q, double *out);

/* A pseudo-Voigt psi(u)/H, u = (x - position)/H, tapered smoothly to zero between 0.75 and 1 times `radius`
   (in units of H; infinite: no taper). amplitude_l and amplitude_g multiply 1/(1 + 4u^2) and exp(-4 ln2 u^2). */
typedef struct {
  double position, width, radius;
  double amplitude_l, amplitude_g; /* value = al L(u) + ag G(u) */
  double slope_l, slope_g;         /* d(value)/d(eta) = sl L(u) + sg G(u) */
} wyckoff_peak;

/* y[i] += intensity * value(x[i]) for first <= i < last. */
void wyckoff_peak_add(const wyckoff_peak *peak, double intensity, const double *x, int32_t first, int32_t last,
                      double *y);

/* value, d/d(position), u d/du and d/d(eta) at x[first..<last], written to out[4][stride] from index 0. */
void wyckoff_peak_derivatives(const wyckoff_peak *peak, const double *x, int32_t first, int32_t last,
                              double *out, int32_t stride);

/* sums[4] += sum over i of g[i] * (value, d/d(position), u d/du, d/d(eta)). */
void wyckoff_peak_reverse(const wyckoff_peak *peak, const double *x, int32_t first, int32_t last,
                          const double *g, double sums[4]);

/* y[i] += intensity / (1 + 4 u^2), u = (x[i] - position)/width, for first <= i < last, both multiples of
   WYCKOFF_LANES. */
void wyckoff_tail_add(double position, double width, double intensity, const double *x, int32_t first,
                      int32_t last, double *y);

/* With l = 1/(1 + 4 u^2): sums[3] += sum over i of g[i] * (l, u l^2, l^2). */
void wyckoff_tail_reverse(double position, double width, const double *x, int32_t first, int32_t last,
                          const double *g, double sums[3]);

/* out[j] += sum over n of values[n] matrix[n][j] for j < count <= points. */
void wyckoff_nodes_add(const double *matrix, int32_t nodes, int32_t points, const double *values, int32_t count,
                       double *out);

/* values[n] = sum over j < count of matrix[n][j] g[j]. */
void wyckoff_nodes_reverse(const double *matrix, int32_t nodes, int32_t points, const double *g, int32_t count,
                           double *values);

/* row[i] += sum over k of c[k] b[k][i] for 0 <= i < count; b is [functions][stride], functions >= 4. */
void wyckoff_combine(const double *coefficients, int32_t functions, const double *basis, int32_t stride,
                     int32_t count, double *row);

/* Normal equations of residuals r = y - observed with weights w and Jacobian rows J[parameter][point]:
   matrix[a][b] = sum w J_a J_b for b >= a (what stands below the diagonal means nothing), gradient[a] = sum w J_a r,
   both for the tiles of rows first_tile, first_tile + stride, ... alone, so that several threads share the work.
   `scratch` holds WYCKOFF_TILE WYCKOFF_BLOCK doubles. */
void wyckoff_normal_equations(int32_t parameters, int32_t points, int32_t first_tile, int32_t stride,
                              const double *jacobian, const double *weights, const double *residuals,
                              double *matrix, double *gradient, double *scratch);

#endif
