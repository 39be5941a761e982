#include "ReferenceCrystalTable.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const char reference_crystals[] = {
#embed "reference-crystals.tsv"
    , 0};

const char *wyckoff_table_reference_crystals(void) { return reference_crystals; }
