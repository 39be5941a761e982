#ifndef WYCKOFF_CRYSTAL_CONVOLUTION_H
#define WYCKOFF_CRYSTAL_CONVOLUTION_H

#include <stdint.h>

/* The edge layer of a crystal graph convolution with `width` features a node, a multiple of 64 (Xie & Grossman, PRL 120
   (2018) 145301): sum[i] += w_e sigmoid(filter_e) softplus(core_e), (filter, core)_e = own[i] + other[j] + g(d_e) bond.
   A row of filter and core holds 2 width doubles, the filter first. A row of `projection` holds own (its bias
   included) and other, 4 width doubles. Of the Gaussian basis only the 11 functions nearest to the distance are given,
   from row `first` of `bond` (rows of 2 width) on; the rest is below 1e-13. */

/* sum must hold what to add to; slope (rows of 2 width), where not null, receives d(w s p)/d(filter, core). */
void wyckoff_convolution(int32_t width, int32_t edges, const int32_t *target, const int32_t *source,
                         const double *weight, const int32_t *first, const double *gauss, const double *bond,
                         const double *projection, double *sum, double *slope);

/* Adds to dprojection (rows of 4 width) and to ddistance from dsum (rows of width). */
void wyckoff_convolution_reverse(int32_t width, int32_t edges, const int32_t *target, const int32_t *source,
                                 const int32_t *first, const double *gauss_slope, const double *bond,
                                 const double *slope, const double *dsum, double *dprojection, double *ddistance);

/* y = log(1 + exp(x)) and, where not null, its slope; count a multiple of 4. */
void wyckoff_softplus(int64_t count, const double *x, double *y, double *slope);

#endif
