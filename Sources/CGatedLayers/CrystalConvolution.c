#include "CrystalConvolution.h"

#include "Vector.h"

enum { WINDOW = 11 };

/* s = 1 / (1 + exp(-x)) and p = log(1 + exp(x)), from u = exp(-|x|): p = max(x, 0) + log(1 + u), whose logarithm
   is 2 atanh of a number below 0.172 after at most one halving. */
#define SIGMOID_SOFTPLUS4(s, p, x_in)                                                              \
  do {                                                                                             \
    const v4 a_ = (x_in), zero_ = SPLAT(0.0), one_ = SPLAT(1.0);                                   \
    const v4 positive_ = __builtin_elementwise_max(a_, zero_);                                     \
    v4 u_;                                                                                         \
    EXP4(u_, a_ - SPLAT(2.0) * positive_);                                                         \
    const v4 inverse_ = one_ / (one_ + u_);                                                        \
    const i4 up_ = a_ > zero_;                                                                     \
    (s) = (v4)(((i4)inverse_ & up_) | ((i4)(u_ * inverse_) & ~up_));                               \
    const i4 half_ = u_ > SPLAT(0.41421356237309505);                                              \
    const v4 shift_ = (v4)((i4)one_ & half_);                                                      \
    const v4 t_ = (u_ - shift_) / (SPLAT(2.0) + u_ + shift_);                                      \
    const v4 q_ = t_ * t_;                                                                         \
    v4 l_ = SPLAT(2.0 / 21.0);                                                                     \
    l_ = l_ * q_ + SPLAT(2.0 / 19.0);                                                              \
    l_ = l_ * q_ + SPLAT(2.0 / 17.0);                                                              \
    l_ = l_ * q_ + SPLAT(2.0 / 15.0);                                                              \
    l_ = l_ * q_ + SPLAT(2.0 / 13.0);                                                              \
    l_ = l_ * q_ + SPLAT(2.0 / 11.0);                                                              \
    l_ = l_ * q_ + SPLAT(2.0 / 9.0);                                                               \
    l_ = l_ * q_ + SPLAT(2.0 / 7.0);                                                               \
    l_ = l_ * q_ + SPLAT(2.0 / 5.0);                                                               \
    l_ = l_ * q_ + SPLAT(2.0 / 3.0);                                                               \
    l_ = l_ * q_ + SPLAT(2.0);                                                                     \
    (p) = positive_ + l_ * t_ + shift_ * SPLAT(0.69314718055994530942);                            \
  } while (0)

MULTIVERSIONED
void wyckoff_softplus(int64_t count, const double *x, double *y, double *slope) {
  for (int64_t k = 0; k < count; k += 4) {
    v4 s, p;
    SIGMOID_SOFTPLUS4(s, p, LOAD(x + k));
    STORE(y + k, p);
    if (slope) STORE(slope + k, s);
  }
}

INLINE void convolution(int32_t width, int32_t edges, const int32_t *target, const int32_t *source, const double *weight,
                        const int32_t *first, const double *gauss, const double *bond, const double *projection,
                        double *sum, double *slope) {
  const int32_t both = 2 * width;
  for (int32_t e = 0; e < edges; ++e) {
    const double *own = projection + (int64_t)target[e] * 2 * both;
    const double *other = projection + (int64_t)source[e] * 2 * both + both;
    const double *rows = bond + (int64_t)first[e] * both, *g = gauss + (int64_t)e * WINDOW;
    double *out = sum + (int64_t)target[e] * width;
    const v4 w = SPLAT(weight[e]);
    for (int32_t k = 0; k < width; k += 8) {
      v4 f0 = LOAD(own + k) + LOAD(other + k), f1 = LOAD(own + k + 4) + LOAD(other + k + 4);
      v4 c0 = LOAD(own + width + k) + LOAD(other + width + k);
      v4 c1 = LOAD(own + width + k + 4) + LOAD(other + width + k + 4);
      for (int32_t r = 0; r < WINDOW; ++r) {
        const double *row = rows + r * both + k;
        const v4 a = SPLAT(g[r]);
        f0 += a * LOAD(row);
        f1 += a * LOAD(row + 4);
        c0 += a * LOAD(row + width);
        c1 += a * LOAD(row + width + 4);
      }
      v4 s0, s1, p0, p1, t0, t1, unused;
      SIGMOID_SOFTPLUS4(s0, unused, f0);
      SIGMOID_SOFTPLUS4(s1, unused, f1);
      SIGMOID_SOFTPLUS4(t0, p0, c0);
      SIGMOID_SOFTPLUS4(t1, p1, c1);
      STORE(out + k, LOAD(out + k) + w * s0 * p0);
      STORE(out + k + 4, LOAD(out + k + 4) + w * s1 * p1);
      if (slope) {
        double *d = slope + (int64_t)e * both + k;
        STORE(d, w * s0 * (SPLAT(1.0) - s0) * p0);
        STORE(d + 4, w * s1 * (SPLAT(1.0) - s1) * p1);
        STORE(d + width, w * s0 * t0);
        STORE(d + width + 4, w * s1 * t1);
      }
    }
  }
}

INLINE void convolution_reverse(int32_t width, int32_t edges, const int32_t *target, const int32_t *source,
                                const int32_t *first, const double *gauss_slope, const double *bond,
                                const double *slope, const double *dsum, double *dprojection, double *ddistance) {
  const int32_t both = 2 * width;
  for (int32_t e = 0; e < edges; ++e) {
    const double *d = slope + (int64_t)e * both, *incoming = dsum + (int64_t)target[e] * width;
    double *own = dprojection + (int64_t)target[e] * 2 * both;
    double *other = dprojection + (int64_t)source[e] * 2 * both + both;
    const double *rows = bond + (int64_t)first[e] * both, *g = gauss_slope + (int64_t)e * WINDOW;
    v4 sum = SPLAT(0.0);
    for (int32_t k = 0; k < both; k += 4) {
      const v4 v = LOAD(d + k) * LOAD(incoming + (k < width ? k : k - width));
      STORE(own + k, LOAD(own + k) + v);
      STORE(other + k, LOAD(other + k) + v);
      v4 t = SPLAT(0.0);
      for (int32_t r = 0; r < WINDOW; ++r) t += SPLAT(g[r]) * LOAD(rows + r * both + k);
      sum += v * t;
    }
    ddistance[e] += HSUM(sum);
  }
}

MULTIVERSIONED
void wyckoff_convolution(int32_t width, int32_t edges, const int32_t *target, const int32_t *source,
                         const double *weight, const int32_t *first, const double *gauss, const double *bond,
                         const double *projection, double *sum, double *slope) {
  if (width == 64) /* The usual one, its loops unrolled. */
    convolution(64, edges, target, source, weight, first, gauss, bond, projection, sum, slope);
  else
    convolution(width, edges, target, source, weight, first, gauss, bond, projection, sum, slope);
}

MULTIVERSIONED
void wyckoff_convolution_reverse(int32_t width, int32_t edges, const int32_t *target, const int32_t *source,
                                 const int32_t *first, const double *gauss_slope, const double *bond,
                                 const double *slope, const double *dsum, double *dprojection, double *ddistance) {
  if (width == 64)
    convolution_reverse(64, edges, target, source, first, gauss_slope, bond, slope, dsum, dprojection, ddistance);
  else
    convolution_reverse(width, edges, target, source, first, gauss_slope, bond, slope, dsum, dprojection, ddistance);
}
