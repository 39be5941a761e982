#include "CGatedLayers.h"

#include "WideVector.h"

enum { WIDTH = 64, BOTH = 128, VECTORS = WIDTH / 8 };

static const double zeros[WIDTH];

/* Rows that were kept have left the caches, and are asked for a few rows before they are needed. */
enum { AHEAD = 6 };
#define PREFETCH(p) __builtin_prefetch((p), 0, 2)

/* Past the caches where it will not be met again before they are full. */
#define KEEP8(p, v, stream)                                                                        \
  do {                                                                                             \
    if (stream)                                                                                    \
      __builtin_nontemporal_store((v), (v8 *)(p));                                                 \
    else                                                                                           \
      STORE8(p, v);                                                                                \
  } while (0)

/* 1 / (1 + exp(-x)), exact to rounding for every finite x. */
#define SIGMOID8(y, x)                                                                             \
  do {                                                                                             \
    v8 s_;                                                                                         \
    EXP8(s_, CLAMP8(-(x), 690.0));                                                                       \
    (y) = SPLAT8(1.0) / (SPLAT8(1.0) + s_);                                                        \
  } while (0)

/* Two sigmoids for one division, of arguments within +-300. */
#define SIGMOIDS8(s, t, p, q)                                                                      \
  do {                                                                                             \
    v8 first_, second_;                                                                            \
    EXP8(first_, -(p));                                                                            \
    EXP8(second_, -(q));                                                                           \
    first_ += SPLAT8(1.0);                                                                         \
    second_ += SPLAT8(1.0);                                                                        \
    const v8 both_ = SPLAT8(1.0) / (first_ * second_);                                             \
    (s) = second_ * both_;                                                                         \
    (t) = first_ * both_;                                                                          \
  } while (0)

/* x + bias less its mean in `centred`, and 1/sqrt(variance + eps), of 64 numbers. After a norm nothing is beyond +-8. */
#define CENTRE(x, bias, centred, inverse)                                                          \
  do {                                                                                             \
    v8 sum_ = SPLAT8(0.0);                                                                         \
    for (int32_t c_ = 0; c_ < VECTORS; ++c_) {                                                     \
      (centred)[c_] = LOAD8((x) + 8 * c_) + LOAD8((bias) + 8 * c_);                                \
      sum_ += (centred)[c_];                                                                       \
    }                                                                                              \
    const v8 mean_ = SPLAT8(HSUM8(sum_) / WIDTH);                                                  \
    v8 square_ = SPLAT8(0.0);                                                                      \
    for (int32_t c_ = 0; c_ < VECTORS; ++c_) {                                                     \
      const v8 d_ = (centred)[c_] - mean_;                                                         \
      (centred)[c_] = d_;                                                                          \
      square_ += d_ * d_;                                                                          \
    }                                                                                              \
    (inverse) = 1 / sqrt(HSUM8(square_) / WIDTH + 1e-5);                                           \
  } while (0)

MULTIVERSIONED
void wyckoff_gather_silu3(int32_t rows, const double *a, const int32_t *ia, const double *b, const int32_t *ib,
                          const double *c, const int32_t *ic, double *h) {
  for (int32_t r = 0; r < rows; ++r) {
    const double *x = a + (int64_t)ia[r] * BOTH, *y = b + (int64_t)ib[r] * BOTH, *w = c + (int64_t)ic[r] * BOTH;
    double *out = h + (int64_t)r * BOTH;
    for (int32_t k = 0; k < BOTH; k += 16) {
      const v8 z1 = LOAD8(x + k) + LOAD8(y + k) + LOAD8(w + k);
      const v8 z2 = LOAD8(x + k + 8) + LOAD8(y + k + 8) + LOAD8(w + k + 8);
      v8 s1, s2;
      SIGMOIDS8(s1, s2, CLAMP8(z1, 300.0), CLAMP8(z2, 300.0));
      STORE8(out + k, z1 * s1);
      STORE8(out + k + 8, z2 * s2);
    }
  }
}

MULTIVERSIONED
void wyckoff_gather_silu3_reverse(int32_t rows, const double *a, const int32_t *ia, const double *b,
                                  const int32_t *ib, const double *c, const int32_t *ic, double *dh) {
  for (int32_t r = 0; r < rows; ++r) {
    const double *x = a + (int64_t)ia[r] * BOTH, *y = b + (int64_t)ib[r] * BOTH, *w = c + (int64_t)ic[r] * BOTH;
    double *d = dh + (int64_t)r * BOTH;
    for (int32_t k = 0; k < BOTH; k += 16) {
      const v8 z1 = LOAD8(x + k) + LOAD8(y + k) + LOAD8(w + k);
      const v8 z2 = LOAD8(x + k + 8) + LOAD8(y + k + 8) + LOAD8(w + k + 8);
      v8 s1, s2;
      SIGMOIDS8(s1, s2, CLAMP8(z1, 300.0), CLAMP8(z2, 300.0));
      STORE8(d + k, LOAD8(d + k) * s1 * (SPLAT8(1.0) + z1 * (SPLAT8(1.0) - s1)));
      STORE8(d + k + 8, LOAD8(d + k + 8) * s2 * (SPLAT8(1.0) + z2 * (SPLAT8(1.0) - s2)));
    }
  }
}

MULTIVERSIONED
void wyckoff_gather_add3(int32_t rows, const double *a, const int32_t *ia, const double *b, const int32_t *ib,
                         const double *c, const int32_t *ic, double *z) {
  for (int32_t r = 0; r < rows; ++r) {
    const double *x = a + (int64_t)ia[r] * BOTH, *y = b + (int64_t)ib[r] * BOTH, *w = c + (int64_t)ic[r] * BOTH;
    double *out = z + (int64_t)r * BOTH;
    for (int32_t k = 0; k < BOTH; k += 8)
      STORE8(out + k, LOAD8(out + k) + (LOAD8(x + k) + LOAD8(y + k) + LOAD8(w + k)));
  }
}

MULTIVERSIONED
void wyckoff_keep_silu(int64_t count, const double *z, double *slope, int32_t stream, double *h) {
  for (int64_t k = 0; k < count; k += 16) {
    const v8 z1 = LOAD8(z + k), z2 = LOAD8(z + k + 8);
    v8 s1, s2;
    SIGMOIDS8(s1, s2, CLAMP8(z1, 300.0), CLAMP8(z2, 300.0));
    const v8 h1 = z1 * s1, h2 = z2 * s2;
    KEEP8(slope + k, s1 + h1 * (SPLAT8(1.0) - s1), stream);
    KEEP8(slope + k + 8, s2 + h2 * (SPLAT8(1.0) - s2), stream);
    STORE8(h + k, h1);
    STORE8(h + k + 8, h2);
  }
}

MULTIVERSIONED
void wyckoff_multiply(int64_t count, const double *slope, double *dh) {
  for (int64_t k = 0; k < count; k += 8) {
    PREFETCH(slope + k + AHEAD * BOTH);
    STORE8(dh + k, LOAD8(dh + k) * LOAD8(slope + k));
  }
}

MULTIVERSIONED
void wyckoff_sum_rows(int32_t first, int32_t last, const int32_t *begin, const int32_t *order, int32_t columns,
                      const double *x, double *y) {
  for (int32_t t = first; t < last; ++t) {
    double *out = y + (int64_t)t * columns;
    for (int32_t k = 0; k < columns; k += 8) {
      v8 sum = SPLAT8(0.0);
      for (int32_t r = begin[t]; r < begin[t + 1]; ++r) sum += LOAD8(x + (int64_t)order[r] * columns + k);
      STORE8(out + k, sum);
    }
  }
}

void wyckoff_prefetch(int64_t count, const double *x) {
  for (int64_t k = 0; k < count; k += 8) PREFETCH(x + k);
}

MULTIVERSIONED
void wyckoff_scatter_add3(int32_t rows, const double *z, double *a, const int32_t *ia, double *b, const int32_t *ib,
                          double *c, const int32_t *ic) {
  for (int32_t r = 0; r < rows;) {
    /* Rows of one source a follow each other: their sum stays in registers. */
    v8 sum[2 * VECTORS];
    for (int32_t k = 0; k < 2 * VECTORS; ++k) sum[k] = SPLAT8(0.0);
    const int32_t source = ia[r];
    double *x = a + (int64_t)source * BOTH;
    for (; r < rows && ia[r] == source; ++r) {
      const double *in = z + (int64_t)r * BOTH;
      double *y = b + (int64_t)ib[r] * BOTH, *w = c + (int64_t)ic[r] * BOTH;
      for (int32_t k = 0; k < 2 * VECTORS; ++k) {
        const v8 v = LOAD8(in + 8 * k);
        sum[k] += v;
        STORE8(y + 8 * k, LOAD8(y + 8 * k) + v);
        STORE8(w + 8 * k, LOAD8(w + 8 * k) + v);
      }
    }
    for (int32_t k = 0; k < 2 * VECTORS; ++k) STORE8(x + 8 * k, LOAD8(x + 8 * k) + sum[k]);
  }
}

MULTIVERSIONED
void wyckoff_silu(int64_t count, const double *z, double *h) {
  for (int64_t k = 0; k < count; k += 8) {
    const v8 x = LOAD8(z + k);
    v8 s;
    SIGMOID8(s, x);
    STORE8(h + k, x * s);
  }
}

MULTIVERSIONED
void wyckoff_silu_reverse(int64_t count, const double *z, double *dh) {
  for (int64_t k = 0; k < count; k += 8) {
    const v8 x = LOAD8(z + k);
    v8 s;
    SIGMOID8(s, x);
    STORE8(dh + k, LOAD8(dh + k) * s * (SPLAT8(1.0) + x * (SPLAT8(1.0) - s)));
  }
}

MULTIVERSIONED
void wyckoff_gate(int32_t rows, const double *y, const double *bias, const double *norm, double *kept, double *inverse,
                  int32_t stream, double *out) {
  for (int32_t r = 0; r < rows; ++r) {
    const double *core = y + (int64_t)r * BOTH, *gate = core + WIDTH;
    double *keep = kept + (int64_t)r * BOTH;
    v8 x1[VECTORS], x2[VECTORS];
    double inverse1, inverse2;
    CENTRE(core, bias, x1, inverse1);
    CENTRE(gate, bias + WIDTH, x2, inverse2);
    inverse[2 * r] = inverse1;
    inverse[2 * r + 1] = inverse2;
    for (int32_t c = 0; c < VECTORS; ++c) {
      const int32_t k = 8 * c;
      const v8 n1 = x1[c] * SPLAT8(inverse1), n2 = x2[c] * SPLAT8(inverse2);
      const v8 p = n1 * LOAD8(norm + k) + LOAD8(norm + 64 + k);
      const v8 q = n2 * LOAD8(norm + 128 + k) + LOAD8(norm + 192 + k);
      v8 s, t;
      EXP8(s, -p);
      EXP8(t, -q);
      KEEP8(keep + k, n1, stream);
      KEEP8(keep + WIDTH + k, n2, stream);
      STORE8(out + (int64_t)r * WIDTH + k, p / ((s + SPLAT8(1.0)) * (t + SPLAT8(1.0))));
    }
  }
}

/* dx = inverse (g w - mean(g w) - n mean(g w n)); g w stands in `gradient`, n is the normalised x. */
#define NORM_REVERSE(normal, inverse, gradient, dx)                                                \
  do {                                                                                             \
    v8 first_ = SPLAT8(0.0), second_ = SPLAT8(0.0);                                                \
    for (int32_t c_ = 0; c_ < VECTORS; ++c_) {                                                     \
      first_ += (gradient)[c_];                                                                    \
      second_ += (gradient)[c_] * (normal)[c_];                                                    \
    }                                                                                              \
    const v8 one_ = SPLAT8(HSUM8(first_) / WIDTH), two_ = SPLAT8(HSUM8(second_) / WIDTH);          \
    for (int32_t c_ = 0; c_ < VECTORS; ++c_)                                                       \
      STORE8((dx) + 8 * c_, ((gradient)[c_] - one_ - (normal)[c_] * two_) * SPLAT8(inverse));      \
  } while (0)

MULTIVERSIONED
void wyckoff_gate_reverse(int32_t rows, const double *kept, const double *inverse, const double *norm,
                          const double *dout, double *out, double *dy) {
  for (int32_t r = 0; r < rows; ++r) {
    const double *keep = kept + (int64_t)r * BOTH;
    v8 x1[VECTORS], x2[VECTORS], gradient1[VECTORS], gradient2[VECTORS];
    for (int32_t c = 0; c < VECTORS; ++c) {
      const int32_t k = 8 * c;
      PREFETCH(keep + AHEAD * BOTH + k);
      PREFETCH(keep + AHEAD * BOTH + WIDTH + k);
      x1[c] = LOAD8(keep + k);
      x2[c] = LOAD8(keep + WIDTH + k);
      const v8 p = x1[c] * LOAD8(norm + k) + LOAD8(norm + 64 + k);
      const v8 q = x2[c] * LOAD8(norm + 128 + k) + LOAD8(norm + 192 + k);
      v8 s, t;
      SIGMOIDS8(s, t, p, q);
      const v8 d = LOAD8(dout + (int64_t)r * WIDTH + k), value = p * s * t;
      if (out) STORE8(out + (int64_t)r * WIDTH + k, value);
      gradient1[c] = d * t * s * (SPLAT8(1.0) + p * (SPLAT8(1.0) - s)) * LOAD8(norm + k);
      gradient2[c] = d * value * (SPLAT8(1.0) - t) * LOAD8(norm + 128 + k);
    }
    double *dcore = dy + (int64_t)r * BOTH, *dgate = dcore + WIDTH;
    NORM_REVERSE(x1, inverse[2 * r], gradient1, dcore);
    NORM_REVERSE(x2, inverse[2 * r + 1], gradient2, dgate);
  }
}

MULTIVERSIONED
void wyckoff_scatter_weighted(int32_t rows, const double *m, const double *p, const int32_t *ip, const double *q,
                              const int32_t *iq, const double *scale, double *target, const int32_t *it) {
  for (int32_t r = 0; r < rows; ++r) {
    const double *in = m + (int64_t)r * WIDTH, *x = p + (int64_t)ip[r] * WIDTH;
    const double *y = q ? q + (int64_t)iq[r] * WIDTH : 0;
    double *out = target + (int64_t)it[r] * WIDTH;
    for (int32_t k = 0; k < WIDTH; k += 8) {
      v8 v = LOAD8(in + k) * LOAD8(x + k);
      if (y) v *= LOAD8(y + k);
      if (scale) v *= SPLAT8(scale[r]);
      STORE8(out + k, LOAD8(out + k) + v);
    }
  }
}

MULTIVERSIONED
void wyckoff_gather_weighted(int32_t rows, const double *d, const int32_t *id, const double *p, const int32_t *ip,
                             const double *q, const int32_t *iq, const double *scale, double *dout) {
  for (int32_t r = 0; r < rows; ++r) {
    const double *in = d + (int64_t)id[r] * WIDTH, *x = p + (int64_t)ip[r] * WIDTH;
    const double *y = q ? q + (int64_t)iq[r] * WIDTH : 0;
    double *out = dout + (int64_t)r * WIDTH;
    for (int32_t k = 0; k < WIDTH; k += 8) {
      v8 v = LOAD8(in + k) * LOAD8(x + k);
      if (y) v *= LOAD8(y + k);
      if (scale) v *= SPLAT8(scale[r]);
      STORE8(out + k, v);
    }
  }
}

MULTIVERSIONED
void wyckoff_scatter_weight_gradient(int32_t rows, const double *d, const int32_t *id, const double *m,
                                     const double *scale, double *dp, const int32_t *tp) {
  for (int32_t r = 0; r < rows; ++r) {
    const double *g = d + (int64_t)id[r] * WIDTH, *v = m + (int64_t)r * WIDTH;
    double *out = dp + (int64_t)tp[r] * WIDTH;
    for (int32_t k = 0; k < WIDTH; k += 8)
      STORE8(out + k, LOAD8(out + k) + LOAD8(g + k) * LOAD8(v + k) * SPLAT8(scale ? scale[r] : 1.0));
  }
}

MULTIVERSIONED
void wyckoff_scatter_pair_gradient(int32_t rows, const double *d, const int32_t *id, const double *m,
                                   const double *scale, const double *p, const int32_t *ip, const int32_t *iq,
                                   double *dp, const int32_t *tp, const int32_t *tq) {
  for (int32_t r = 0; r < rows; ++r) {
    const double *g = d + (int64_t)id[r] * WIDTH, *v = m + (int64_t)r * WIDTH;
    const double *x = p + (int64_t)ip[r] * WIDTH, *y = p + (int64_t)iq[r] * WIDTH;
    double *out = dp + (int64_t)tp[r] * WIDTH, *other = dp + (int64_t)tq[r] * WIDTH;
    /* `out` and `other` may be the same row where a bond meets its own image: one after the other. */
    for (int32_t k = 0; k < WIDTH; k += 8) {
      const v8 gv = LOAD8(g + k) * LOAD8(v + k) * SPLAT8(scale ? scale[r] : 1.0);
      STORE8(out + k, LOAD8(out + k) + gv * LOAD8(y + k));
      STORE8(other + k, LOAD8(other + k) + gv * LOAD8(x + k));
    }
  }
}

MULTIVERSIONED
void wyckoff_layer_norm(int32_t rows, const double *x, const double *weight, const double *bias, double *y) {
  for (int32_t r = 0; r < rows; ++r) {
    v8 centred[VECTORS];
    double inverse;
    CENTRE(x + (int64_t)r * WIDTH, zeros, centred, inverse);
    for (int32_t c = 0; c < VECTORS; ++c)
      STORE8(y + (int64_t)r * WIDTH + 8 * c,
             centred[c] * SPLAT8(inverse) * LOAD8(weight + 8 * c) + LOAD8(bias + 8 * c));
  }
}

MULTIVERSIONED
void wyckoff_layer_norm_reverse(int32_t rows, const double *x, const double *weight, const double *dy, double *dx) {
  for (int32_t r = 0; r < rows; ++r) {
    v8 centred[VECTORS], gradient[VECTORS];
    double inverse;
    CENTRE(x + (int64_t)r * WIDTH, zeros, centred, inverse);
    for (int32_t c = 0; c < VECTORS; ++c) centred[c] *= SPLAT8(inverse);
    for (int32_t c = 0; c < VECTORS; ++c)
      gradient[c] = LOAD8(dy + (int64_t)r * WIDTH + 8 * c) * LOAD8(weight + 8 * c);
    NORM_REVERSE(centred, inverse, gradient, dx + (int64_t)r * WIDTH);
  }
}
