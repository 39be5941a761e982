#ifndef REFERENCE_CRYSTAL_TABLE_H
#define REFERENCE_CRYSTAL_TABLE_H

/* Data/crystals/reference-crystals.tsv: crystals of OQMD with energies and predictions; UTF-8, NUL-terminated. */
const char *wyckoff_table_reference_crystals(void);

#endif
