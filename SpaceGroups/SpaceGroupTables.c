#include "SpaceGroupTables.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const char settings[] = {
#embed "settings.tsv"
    , 0};

const char *wyckoff_table_settings(void) { return settings; }

static const char space_groups[] = {
#embed "space-groups.tsv"
    , 0};

const char *wyckoff_table_space_groups(void) { return space_groups; }

static const char first_triplets[] = {
#embed "first-triplets.tsv"
    , 0};

const char *wyckoff_table_first_triplets(void) { return first_triplets; }
