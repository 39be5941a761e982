#ifndef REFERENCE_DATA_H
#define REFERENCE_DATA_H
#include <stddef.h>

/* The tables of Data/tables, embedded at build time so that the binary needs no folder beside it.
   Each function gives the table's text, UTF-8, NUL-terminated; Data/README.md names sources and licences. */
const char *wyckoff_table_elements(void);
const char *wyckoff_table_nuclides(void);
const char *wyckoff_table_f0_waasmaier_kirfel(void);
const char *wyckoff_table_f0_pymatgen(void);
const char *wyckoff_table_neutron_lengths(void);
const char *wyckoff_table_wavelengths(void);
const char *wyckoff_table_emission_lines(void);
const char *wyckoff_table_atomic_volumes(void);
const char *wyckoff_table_cgcnn_elements(void);
const char *wyckoff_table_ions(void);
const char *wyckoff_table_chgnet_elements(void);
const char *wyckoff_table_bond_valence(void);
const char *wyckoff_table_redox(void);
const char *wyckoff_table_prototypes(void);

#endif
