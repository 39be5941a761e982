#ifndef C_ALLOCATION_COUNT_H
#define C_ALLOCATION_COUNT_H
#include <stdint.h>

/* How often the calling thread has asked for heap memory since it began; -1 where that is not counted (only glibc
   hands its allocator out under a second name). */
int64_t wyckoff_allocation_count(void);

#endif
