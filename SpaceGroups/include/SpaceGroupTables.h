#ifndef SPACE_GROUP_TABLES_H
#define SPACE_GROUP_TABLES_H

/* The tables of this folder, embedded at build time so that the binary needs no folder beside it.
   Each function gives the table's text, UTF-8, NUL-terminated; README.md says how the tables are made. */

/* One line for each of the 530 settings: Hall number, ITA number, choice, Hall symbol, short and full
   Hermann-Mauguin symbol, Schoenflies symbol. */
const char *wyckoff_table_settings(void);

/* Operations and Wyckoff positions of every setting, generated from the former; its head says the format. */
const char *wyckoff_table_space_groups(void);

/* Where convention states another first triplet of a position than our rule: Hall number, letter, triplet. */
const char *wyckoff_table_first_triplets(void);

#endif
