#ifndef WYCKOFF_CGEMMI_H
#define WYCKOFF_CGEMMI_H

// The C face of gemmi: no C++ type and no exception crosses it.

#include "CGemmiCIF.h"

#endif
