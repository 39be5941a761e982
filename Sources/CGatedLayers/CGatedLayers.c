#include "CGatedLayers.h"

#include "Vector.h"

enum { WIDTH = 64, BOTH = 128 };

/* sigmoid(x) as 1 / (1 + exp(-x)), exact to rounding for every finite x. */
#define SIGMOID4(y, x)                                                                             \
  do {                                                                                             \
    v4 s_;                                                                                         \
    EXP4(s_, -(x));                                                                                \
    (y) = SPLAT(1.0) / (SPLAT(1.0) + s_);                                                          \
  } while (0)

/* Mean and 1/sqrt(variance + eps) of 64 numbers. */
#define MOMENTS(x, mean, inverse)                                                                  \
  do {                                                                                             \
    v4 sum_ = SPLAT(0.0);                                                                          \
    for (int32_t c_ = 0; c_ < WIDTH; c_ += 4) sum_ += LOAD((x) + c_);                              \
    (mean) = HSUM(sum_) / WIDTH;                                                                   \
    v4 square_ = SPLAT(0.0);                                                                       \
    for (int32_t c_ = 0; c_ < WIDTH; c_ += 4) {                                                    \
      const v4 d_ = LOAD((x) + c_) - SPLAT(mean);                                                  \
      square_ += d_ * d_;                                                                          \
    }                                                                                              \
    (inverse) = 1 / sqrt(HSUM(square_) / WIDTH + 1e-5);                                            \
  } while (0)

MULTIVERSIONED
void wyckoff_gather_sum3(int32_t rows, const double *a, const int32_t *ia, const double *b, const int32_t *ib,
                         const double *c, const int32_t *ic, double *z) {
  for (int32_t r = 0; r < rows; ++r) {
    const double *x = a + (int64_t)ia[r] * BOTH, *y = b + (int64_t)ib[r] * BOTH, *w = c + (int64_t)ic[r] * BOTH;
    double *out = z + (int64_t)r * BOTH;
    for (int32_t k = 0; k < BOTH; k += 4) STORE(out + k, LOAD(x + k) + LOAD(y + k) + LOAD(w + k));
  }
}

MULTIVERSIONED
void wyckoff_gather_add3(int32_t rows, const double *a, const int32_t *ia, const double *b, const int32_t *ib,
                         const double *c, const int32_t *ic, double *z) {
  for (int32_t r = 0; r < rows; ++r) {
    const double *x = a + (int64_t)ia[r] * BOTH, *y = b + (int64_t)ib[r] * BOTH, *w = c + (int64_t)ic[r] * BOTH;
    double *out = z + (int64_t)r * BOTH;
    for (int32_t k = 0; k < BOTH; k += 4)
      STORE(out + k, LOAD(out + k) + (LOAD(x + k) + LOAD(y + k) + LOAD(w + k)));
  }
}

MULTIVERSIONED
void wyckoff_scatter_add3(int32_t rows, const double *z, double *a, const int32_t *ia, double *b, const int32_t *ib,
                          double *c, const int32_t *ic) {
  for (int32_t r = 0; r < rows; ++r) {
    const double *in = z + (int64_t)r * BOTH;
    double *x = a + (int64_t)ia[r] * BOTH, *y = b + (int64_t)ib[r] * BOTH, *w = c + (int64_t)ic[r] * BOTH;
    for (int32_t k = 0; k < BOTH; k += 4) {
      const v4 v = LOAD(in + k);
      STORE(x + k, LOAD(x + k) + v);
      STORE(y + k, LOAD(y + k) + v);
      STORE(w + k, LOAD(w + k) + v);
    }
  }
}

MULTIVERSIONED
void wyckoff_silu(int64_t rows, int32_t width, const double *z, const double *bias, double *h) {
  for (int64_t r = 0; r < rows; ++r) {
    for (int32_t k = 0; k < width; k += 4) {
      const v4 x = LOAD(z + r * width + k) + (bias ? LOAD(bias + k) : SPLAT(0.0));
      v4 s;
      SIGMOID4(s, x);
      STORE(h + r * width + k, x * s);
    }
  }
}

MULTIVERSIONED
void wyckoff_silu_reverse(int64_t rows, int32_t width, const double *z, const double *bias, double *dh) {
  for (int64_t r = 0; r < rows; ++r) {
    for (int32_t k = 0; k < width; k += 4) {
      const v4 x = LOAD(z + r * width + k) + (bias ? LOAD(bias + k) : SPLAT(0.0));
      v4 s;
      SIGMOID4(s, x);
      double *d = dh + r * width + k;
      STORE(d, LOAD(d) * s * (SPLAT(1.0) + x * (SPLAT(1.0) - s)));
    }
  }
}

MULTIVERSIONED
void wyckoff_gate(int32_t rows, const double *y, const double *norm, double *out) {
  for (int32_t r = 0; r < rows; ++r) {
    const double *core = y + (int64_t)r * BOTH, *gate = core + WIDTH;
    double mean1, inverse1, mean2, inverse2;
    MOMENTS(core, mean1, inverse1);
    MOMENTS(gate, mean2, inverse2);
    for (int32_t k = 0; k < WIDTH; k += 4) {
      const v4 p = (LOAD(core + k) - SPLAT(mean1)) * SPLAT(inverse1) * LOAD(norm + k) + LOAD(norm + 64 + k);
      const v4 q = (LOAD(gate + k) - SPLAT(mean2)) * SPLAT(inverse2) * LOAD(norm + 128 + k) + LOAD(norm + 192 + k);
      v4 s, t;
      SIGMOID4(s, p);
      SIGMOID4(t, q);
      STORE(out + (int64_t)r * WIDTH + k, p * s * t);
    }
  }
}

/* dx = inverse (g w - mean(g w) - xh mean(g w xh)); g w stands in `gradient`. */
#define NORM_REVERSE(x, mean, inverse, gradient, dx)                                               \
  do {                                                                                             \
    v4 first_ = SPLAT(0.0), second_ = SPLAT(0.0);                                                  \
    for (int32_t c_ = 0; c_ < WIDTH; c_ += 4) {                                                    \
      const v4 g_ = LOAD((gradient) + c_);                                                         \
      first_ += g_;                                                                                \
      second_ += g_ * (LOAD((x) + c_) - SPLAT(mean));                                              \
    }                                                                                              \
    const double one_ = HSUM(first_) / WIDTH, two_ = HSUM(second_) * (inverse) * (inverse) / WIDTH; \
    for (int32_t c_ = 0; c_ < WIDTH; c_ += 4) {                                                    \
      const v4 d_ = LOAD((x) + c_) - SPLAT(mean);                                                  \
      STORE((dx) + c_, (LOAD((gradient) + c_) - SPLAT(one_) - d_ * SPLAT(two_)) * SPLAT(inverse)); \
    }                                                                                              \
  } while (0)

MULTIVERSIONED
void wyckoff_gate_reverse(int32_t rows, const double *y, const double *norm, const double *dout, double *out,
                          double *dy) {
  double gradient1[WIDTH], gradient2[WIDTH];
  for (int32_t r = 0; r < rows; ++r) {
    const double *core = y + (int64_t)r * BOTH, *gate = core + WIDTH;
    double mean1, inverse1, mean2, inverse2;
    MOMENTS(core, mean1, inverse1);
    MOMENTS(gate, mean2, inverse2);
    for (int32_t k = 0; k < WIDTH; k += 4) {
      const v4 p = (LOAD(core + k) - SPLAT(mean1)) * SPLAT(inverse1) * LOAD(norm + k) + LOAD(norm + 64 + k);
      const v4 q = (LOAD(gate + k) - SPLAT(mean2)) * SPLAT(inverse2) * LOAD(norm + 128 + k) + LOAD(norm + 192 + k);
      v4 s, t;
      SIGMOID4(s, p);
      SIGMOID4(t, q);
      const v4 d = LOAD(dout + (int64_t)r * WIDTH + k);
      if (out) STORE(out + (int64_t)r * WIDTH + k, p * s * t);
      STORE(gradient1 + k, d * t * s * (SPLAT(1.0) + p * (SPLAT(1.0) - s)) * LOAD(norm + k));
      STORE(gradient2 + k, d * p * s * t * (SPLAT(1.0) - t) * LOAD(norm + 128 + k));
    }
    double *dcore = dy + (int64_t)r * BOTH, *dgate = dcore + WIDTH;
    NORM_REVERSE(core, mean1, inverse1, gradient1, dcore);
    NORM_REVERSE(gate, mean2, inverse2, gradient2, dgate);
  }
}

MULTIVERSIONED
void wyckoff_scatter_weighted(int32_t rows, const double *m, const double *p, const int32_t *ip, const double *q,
                              const int32_t *iq, const double *scale, double *target, const int32_t *it) {
  for (int32_t r = 0; r < rows; ++r) {
    const double *in = m + (int64_t)r * WIDTH, *x = p + (int64_t)ip[r] * WIDTH;
    const double *y = q ? q + (int64_t)iq[r] * WIDTH : 0;
    double *out = target + (int64_t)it[r] * WIDTH;
    for (int32_t k = 0; k < WIDTH; k += 4) {
      v4 v = LOAD(in + k) * LOAD(x + k);
      if (y) v *= LOAD(y + k);
      if (scale) v *= SPLAT(scale[r]);
      STORE(out + k, LOAD(out + k) + v);
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
    for (int32_t k = 0; k < WIDTH; k += 4) {
      v4 v = LOAD(in + k) * LOAD(x + k);
      if (y) v *= LOAD(y + k);
      if (scale) v *= SPLAT(scale[r]);
      STORE(out + k, v);
    }
  }
}

MULTIVERSIONED
void wyckoff_scatter_weight_gradient(int32_t rows, const double *d, const int32_t *id, const double *m,
                                     const double *scale, const double *p, const int32_t *ip, double *dp, const double *q,
                                     const int32_t *iq, double *dq) {
  for (int32_t r = 0; r < rows; ++r) {
    const double *g = d + (int64_t)id[r] * WIDTH, *v = m + (int64_t)r * WIDTH;
    double *out = dp + (int64_t)ip[r] * WIDTH;
    if (!q) {
      for (int32_t k = 0; k < WIDTH; k += 4)
        STORE(out + k, LOAD(out + k) + LOAD(g + k) * LOAD(v + k) * SPLAT(scale ? scale[r] : 1.0));
      continue;
    }
    const double *x = p + (int64_t)ip[r] * WIDTH, *y = q + (int64_t)iq[r] * WIDTH;
    double *other = dq + (int64_t)iq[r] * WIDTH;
    /* `out` and `other` may be the same row where a bond meets its own image: one after the other. */
    for (int32_t k = 0; k < WIDTH; k += 4) {
      const v4 gv = LOAD(g + k) * LOAD(v + k) * SPLAT(scale ? scale[r] : 1.0);
      STORE(out + k, LOAD(out + k) + gv * LOAD(y + k));
      STORE(other + k, LOAD(other + k) + gv * LOAD(x + k));
    }
  }
}

MULTIVERSIONED
void wyckoff_layer_norm(int32_t rows, const double *x, const double *weight, const double *bias, double *y) {
  for (int32_t r = 0; r < rows; ++r) {
    const double *in = x + (int64_t)r * WIDTH;
    double mean, inverse;
    MOMENTS(in, mean, inverse);
    for (int32_t k = 0; k < WIDTH; k += 4)
      STORE(y + (int64_t)r * WIDTH + k,
            (LOAD(in + k) - SPLAT(mean)) * SPLAT(inverse) * LOAD(weight + k) + LOAD(bias + k));
  }
}

MULTIVERSIONED
void wyckoff_layer_norm_reverse(int32_t rows, const double *x, const double *weight, const double *dy, double *dx) {
  double gradient[WIDTH];
  for (int32_t r = 0; r < rows; ++r) {
    const double *in = x + (int64_t)r * WIDTH;
    double mean, inverse;
    MOMENTS(in, mean, inverse);
    for (int32_t k = 0; k < WIDTH; k += 4)
      STORE(gradient + k, LOAD(dy + (int64_t)r * WIDTH + k) * LOAD(weight + k));
    NORM_REVERSE(in, mean, inverse, gradient, dx + (int64_t)r * WIDTH);
  }
}
