#include "CStructureFactors.h"
#include "Vector.h"

/* Taper from 1 at 0.75 radius to 0 at the radius: 1 - smoothstep of fifth order, twice continuously differentiable. */
#define TAPER_START 0.75

/* At u: value, du = d(value)/du, eta = d(value)/d(eta). */
#define PEAK_BODY(peak, u, tapered, value, du, eta)                                                \
  do {                                                                                             \
    const v4 uu_ = (u) * (u);                                                                      \
    const v4 l_ = SPLAT(1.0) / (SPLAT(1.0) + SPLAT(4.0) * uu_);                                    \
    v4 g_;                                                                                         \
    EXP4(g_, SPLAT(-2.7725887222397812377) * uu_);                                                 \
    const v4 al_ = SPLAT((peak)->amplitude_l) * l_, ag_ = SPLAT((peak)->amplitude_g) * g_;         \
    value = al_ + ag_;                                                                             \
    du = SPLAT(-8.0) * (u) * (al_ * l_ + SPLAT(0.69314718055994530942) * ag_);                     \
    eta = SPLAT((peak)->slope_l) * l_ + SPLAT((peak)->slope_g) * g_;                               \
    if (tapered) {                                                                                 \
      const v4 width_ = SPLAT(1.0 / ((1 - TAPER_START) * (peak)->radius));                         \
      const v4 absolute_ = __builtin_elementwise_abs(u);                                           \
      v4 t_ = (absolute_ - SPLAT(TAPER_START * (peak)->radius)) * width_;                          \
      t_ = __builtin_elementwise_min(__builtin_elementwise_max(t_, SPLAT(0.0)), SPLAT(1.0));       \
      const v4 w_ = SPLAT(1.0) - t_ * t_ * t_ * (SPLAT(10.0) + t_ * (SPLAT(-15.0) + SPLAT(6.0) * t_)); \
      const v4 one_ = t_ - SPLAT(1.0);                                                             \
      v4 dw_ = SPLAT(-30.0) * t_ * t_ * one_ * one_ * width_;                                      \
      dw_ = __builtin_elementwise_copysign(dw_, -(u));                                             \
      du = du * w_ + value * dw_;                                                                  \
      value *= w_;                                                                                 \
      eta *= w_;                                                                                   \
    }                                                                                              \
  } while (0)

/* Not a function: a vector in a call's signature would differ between the clones. */
#define LOAD_PART(v, p, left, fill)                                                                \
  do {                                                                                             \
    if ((left) >= WYCKOFF_LANES) {                                                                 \
      v = LOAD(p);                                                                                 \
    } else {                                                                                       \
      v = SPLAT(fill);                                                                             \
      for (int32_t e_ = 0; e_ < (left); ++e_) v[e_] = (p)[e_];                                     \
    }                                                                                              \
  } while (0)

MULTIVERSIONED
void wyckoff_peak_add(const wyckoff_peak *peak, double intensity, const double *x, int32_t first, int32_t last,
                      double *y) {
#pragma clang fp reassociate(on) contract(fast)
  const v4 inverse = SPLAT(1 / peak->width), center = SPLAT(peak->position), scale = SPLAT(intensity);
  const int tapered = isfinite(peak->radius);
  for (int32_t i = first; i < last; i += WYCKOFF_LANES) {
    const int32_t left = last - i;
    v4 u;
    LOAD_PART(u, x + i, left, peak->position);
    u = (u - center) * inverse;
    v4 value, du, eta;
    PEAK_BODY(peak, u, tapered, value, du, eta);
    (void)du, (void)eta;
    value *= scale;
    if (left >= WYCKOFF_LANES)
      STORE(y + i, LOAD(y + i) + value);
    else
      for (int32_t e = 0; e < left; ++e) y[i + e] += value[e];
  }
}

MULTIVERSIONED
void wyckoff_peak_derivatives(const wyckoff_peak *peak, const double *x, int32_t first, int32_t last,
                              double *out, int32_t stride) {
#pragma clang fp reassociate(on) contract(fast)
  const v4 inverse = SPLAT(1 / peak->width), center = SPLAT(peak->position);
  const int tapered = isfinite(peak->radius);
  for (int32_t i = first; i < last; i += WYCKOFF_LANES) {
    const int32_t left = last - i;
    v4 u;
    LOAD_PART(u, x + i, left, peak->position);
    u = (u - center) * inverse;
    v4 value, du, eta;
    PEAK_BODY(peak, u, tapered, value, du, eta);
    const v4 position = -du * inverse, stretch = u * du;
    double *o = out + (i - first);
    if (left >= WYCKOFF_LANES) {
      STORE(o, value);
      STORE(o + stride, position);
      STORE(o + 2 * stride, stretch);
      STORE(o + 3 * stride, eta);
    } else {
      for (int32_t e = 0; e < left; ++e) {
        o[e] = value[e];
        o[stride + e] = position[e];
        o[2 * stride + e] = stretch[e];
        o[3 * stride + e] = eta[e];
      }
    }
  }
}

MULTIVERSIONED
void wyckoff_peak_reverse(const wyckoff_peak *peak, const double *x, int32_t first, int32_t last,
                          const double *g, double sums[4]) {
#pragma clang fp reassociate(on) contract(fast)
  const v4 inverse = SPLAT(1 / peak->width), center = SPLAT(peak->position);
  const int tapered = isfinite(peak->radius);
  v4 s0 = SPLAT(0.0), s1 = SPLAT(0.0), s2 = SPLAT(0.0), s3 = SPLAT(0.0);
  for (int32_t i = first; i < last; i += WYCKOFF_LANES) {
    const int32_t left = last - i;
    v4 u;
    LOAD_PART(u, x + i, left, peak->position);
    u = (u - center) * inverse;
    v4 cotangent;
    LOAD_PART(cotangent, g + i, left, 0.0);
    v4 value, du, eta;
    PEAK_BODY(peak, u, tapered, value, du, eta);
    s0 += cotangent * value;
    s1 -= cotangent * du;
    s2 += cotangent * (u * du);
    s3 += cotangent * eta;
  }
  sums[0] += HSUM(s0);
  sums[1] += HSUM(s1) / peak->width;
  sums[2] += HSUM(s2);
  sums[3] += HSUM(s3);
}

MULTIVERSIONED
void wyckoff_combine(const double *coefficients, int32_t functions, const double *basis, int32_t stride,
                     int32_t count, double *row) {
#pragma clang fp reassociate(on) contract(fast)
  const double c0 = coefficients[0], c1 = coefficients[1], c2 = coefficients[2], c3 = coefficients[3];
  const double *b0 = basis, *b1 = basis + stride, *b2 = basis + 2 * stride, *b3 = basis + 3 * stride;
  if (c1 == 0 && c2 == 0 && c3 == 0) {
    for (int32_t i = 0; c0 != 0 && i < count; ++i) row[i] += c0 * b0[i];
  } else {
    for (int32_t i = 0; i < count; ++i) row[i] += c0 * b0[i] + c1 * b1[i] + c2 * b2[i] + c3 * b3[i];
  }
  for (int32_t k = 4; k < functions; ++k) {
    const double c = coefficients[k], *b = basis + k * (int64_t)stride;
    if (c == 0) continue;
    for (int32_t i = 0; i < count; ++i) row[i] += c * b[i];
  }
}
