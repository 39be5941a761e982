#ifndef STRUCTURE_TYPE_TABLE_H
#define STRUCTURE_TYPE_TABLE_H

/* Data/types/structure-types.tsv, embedded at build time: UTF-8, NUL-terminated; Data/README.md names source and licence. */
const char *wyckoff_table_structure_types(void);

#endif
