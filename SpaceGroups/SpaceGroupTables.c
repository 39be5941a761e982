#include "SpaceGroupTables.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const char settings[] = {
#embed "settings.tsv"
    , 0};

const char *wyckoff_table_settings(void) { return settings; }
