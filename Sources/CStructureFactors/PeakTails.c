#include "CStructureFactors.h"
#include "Vector.h"

/* 1/(1 + 4 u^2) at x[i]; first and last are multiples of WYCKOFF_LANES. */
#define TAIL(i)                                                                                    \
  const v4 u = (LOAD(x + (i)) - center) * inverse;                                                 \
  const v4 l = SPLAT(1.0) / (SPLAT(1.0) + SPLAT(4.0) * (u * u))

MULTIVERSIONED
void wyckoff_tail_add(double position, double width, double intensity, const double *x, int32_t first,
                      int32_t last, double *y) {
#pragma clang fp reassociate(on) contract(fast)
  const v4 inverse = SPLAT(1 / width), center = SPLAT(position), scale = SPLAT(intensity);
  for (int32_t i = first; i < last; i += WYCKOFF_LANES) {
    TAIL(i);
    STORE(y + i, LOAD(y + i) + scale * l);
  }
}

MULTIVERSIONED
void wyckoff_tail_reverse(double position, double width, const double *x, int32_t first, int32_t last,
                          const double *g, double sums[3]) {
#pragma clang fp reassociate(on) contract(fast)
  const v4 inverse = SPLAT(1 / width), center = SPLAT(position);
  v4 s0 = SPLAT(0.0), s1 = SPLAT(0.0), s2 = SPLAT(0.0);
  for (int32_t i = first; i < last; i += WYCKOFF_LANES) {
    TAIL(i);
    const v4 gl = LOAD(g + i) * l, gll = gl * l;
    s0 += gl;
    s1 += gll * u;
    s2 += gll;
  }
  sums[0] += HSUM(s0);
  sums[1] += HSUM(s1);
  sums[2] += HSUM(s2);
}

MULTIVERSIONED
void wyckoff_nodes_add(const double *matrix, int32_t nodes, int32_t points, const double *values, int32_t count,
                       double *out) {
#pragma clang fp reassociate(on) contract(fast)
  int32_t j = 0;
  for (; j + WYCKOFF_LANES <= count; j += WYCKOFF_LANES) {
    v4 sum = LOAD(out + j);
    for (int32_t n = 0; n < nodes; ++n) sum += SPLAT(values[n]) * LOAD(matrix + n * points + j);
    STORE(out + j, sum);
  }
  for (; j < count; ++j)
    for (int32_t n = 0; n < nodes; ++n) out[j] += values[n] * matrix[n * points + j];
}

MULTIVERSIONED
void wyckoff_nodes_reverse(const double *matrix, int32_t nodes, int32_t points, const double *g, int32_t count,
                           double *values) {
#pragma clang fp reassociate(on) contract(fast)
  for (int32_t n = 0; n < nodes; ++n) {
    const double *row = matrix + n * points;
    v4 sum = SPLAT(0.0);
    int32_t j = 0;
    for (; j + WYCKOFF_LANES <= count; j += WYCKOFF_LANES) sum += LOAD(g + j) * LOAD(row + j);
    double total = HSUM(sum);
    for (; j < count; ++j) total += g[j] * row[j];
    values[n] = total;
  }
}
