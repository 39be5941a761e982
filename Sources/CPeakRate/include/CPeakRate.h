#ifndef C_PEAK_RATE_H
#define C_PEAK_RATE_H
#include <stdint.h>

/* Independent multiply-add chains on registers alone, `rounds` times, on vectors of four doubles as the kernels use
   them: what the machine can do at most. Returns the floating-point operations done (a multiply-add counts two);
   `sink` keeps the result alive. */
double wyckoff_multiply_add_loop(int64_t rounds, double *sink);

/* The same on vectors of eight doubles. */
double wyckoff_multiply_add_loop_wide(int64_t rounds, double *sink);

#endif
