#ifndef WYCKOFF_GATED_LAYERS_H
#define WYCKOFF_GATED_LAYERS_H

#include <stdint.h>

#include "BasisFunctions.h"
#include "CrystalConvolution.h"
#include "CrystalNetwork.h"

/* Elementwise parts of gated layers of 64 features: out = SiLU(LN(core)) * sigmoid(LN(gate)).
   A row of core and gate holds 128 doubles: core 0..63, gate 64..127. Nothing may overlap unless said. */

/* h[r] = SiLU(a[ia[r]] + b[ib[r]] + c[ic[r]]) over rows of 128. */
void wyckoff_gather_silu3(int32_t rows, const double *a, const int32_t *ia, const double *b, const int32_t *ib,
                          const double *c, const int32_t *ic, double *h);

/* dh[r] *= SiLU'(a[ia[r]] + b[ib[r]] + c[ic[r]]). */
void wyckoff_gather_silu3_reverse(int32_t rows, const double *a, const int32_t *ia, const double *b,
                                  const int32_t *ib, const double *c, const int32_t *ic, double *dh);

/* z[r] += a[ia[r]] + b[ib[r]] + c[ic[r]]. */
void wyckoff_gather_add3(int32_t rows, const double *a, const int32_t *ia, const double *b, const int32_t *ib,
                         const double *c, const int32_t *ic, double *z);

/* a[ia[r]] += z[r], the same for b and c. */
void wyckoff_scatter_add3(int32_t rows, const double *z, double *a, const int32_t *ia, double *b, const int32_t *ib,
                          double *c, const int32_t *ic);

/* h = SiLU(z) of `count` numbers, a multiple of eight, and dh *= SiLU'(z). */
void wyckoff_silu(int64_t count, const double *z, double *h);
void wyckoff_silu_reverse(int64_t count, const double *z, double *dh);

/* h = SiLU(z) of `count` numbers, a multiple of sixteen; slope = SiLU'(z), past the caches where `stream` is not 0 (a line of
   64 bytes each, aligned). */
void wyckoff_keep_silu(int64_t count, const double *z, double *slope, int32_t stream, double *h);

/* dh *= slope, `count` a multiple of eight. */
void wyckoff_multiply(int64_t count, const double *slope, double *dh);

/* y[t] = sum of x[order[begin[t]]] .. x[order[begin[t + 1] - 1]] for targets first <= t < last; columns a multiple of eight. */
void wyckoff_sum_rows(int32_t first, int32_t last, const int32_t *begin, const int32_t *order, int32_t columns,
                      const double *x, double *y);

/* Asks for `count` numbers that will be read soon. */
void wyckoff_prefetch(int64_t count, const double *x);

/* norm: weight and bias of core, weight and bias of gate (4 x 64); eight times a weight and a bias stay below 300.
   y + bias are the rows before LayerNorm. kept receives them normalised, inverse 1/sigma of core and gate (2 a row), for the
   reverse; `stream` as above. */
void wyckoff_gate(int32_t rows, const double *y, const double *bias, const double *norm, double *kept, double *inverse,
                  int32_t stream, double *out);

/* dy from dout (rows of 64); `out`, where not null, receives the gate's value. */
void wyckoff_gate_reverse(int32_t rows, const double *kept, const double *inverse, const double *norm,
                          const double *dout, double *out, double *dy);

/* target[it[r]] += scale[r] * m[r] * p[ip[r]] * (q ? q[iq[r]] : 1) over rows of 64; a null scale is 1, here and below. */
void wyckoff_scatter_weighted(int32_t rows, const double *m, const double *p, const int32_t *ip, const double *q,
                              const int32_t *iq, const double *scale, double *target, const int32_t *it);

/* dout[r] = scale[r] * d[id[r]] * p[ip[r]] * (q ? q[iq[r]] : 1) over rows of 64. */
void wyckoff_gather_weighted(int32_t rows, const double *d, const int32_t *id, const double *p, const int32_t *ip,
                             const double *q, const int32_t *iq, const double *scale, double *dout);

/* dp[tp[r]] += scale[r] * d[id[r]] * m[r]. */
void wyckoff_scatter_weight_gradient(int32_t rows, const double *d, const int32_t *id, const double *m,
                                     const double *scale, double *dp, const int32_t *tp);

/* dp[tp[r]] += scale[r] * d[id[r]] * m[r] * p[iq[r]], dp[tq[r]] += scale[r] * d[id[r]] * m[r] * p[ip[r]]. */
void wyckoff_scatter_pair_gradient(int32_t rows, const double *d, const int32_t *id, const double *m,
                                   const double *scale, const double *p, const int32_t *ip, const int32_t *iq,
                                   double *dp, const int32_t *tp, const int32_t *tq);

/* LayerNorm over rows of 64 (eps 1e-5, biased variance) and its reverse. */
void wyckoff_layer_norm(int32_t rows, const double *x, const double *weight, const double *bias, double *y);
void wyckoff_layer_norm_reverse(int32_t rows, const double *x, const double *weight, const double *dy, double *dx);

#endif
