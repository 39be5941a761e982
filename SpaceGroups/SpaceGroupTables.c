#include "SpaceGroupTables.h"
