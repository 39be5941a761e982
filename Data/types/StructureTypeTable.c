#include "StructureTypeTable.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const char structure_types[] = {
#embed "structure-types.tsv"
    , 0};

const char *wyckoff_table_structure_types(void) { return structure_types; }
