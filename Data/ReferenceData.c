#include "ReferenceData.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const char elements[] = {
#embed "tables/elements.tsv"
    , 0};

const char *wyckoff_table_elements(void) { return elements; }
