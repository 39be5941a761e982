#include "BasisFunctions.h"

#include "WideVector.h"

/* Sine and cosine, absolute error below 2e-16 for |x| < 10^5: three-part reduction by pi/2, Taylor polynomials of degree
   17 and 16 on |r| <= pi/4. */
#define SINCOS8(s, c, x_in)                                                                        \
  do {                                                                                             \
    const v8 x_ = (x_in), magic_ = SPLAT8(6755399441055744.0);                                     \
    v8 n_ = x_ * SPLAT8(0.63661977236758134308) + magic_;                                          \
    const i8 bits_ = (i8)n_;                                                                       \
    n_ = n_ - magic_;                                                                              \
    v8 r_ = x_ - n_ * SPLAT8(1.57079632673412561417e+00);                                          \
    r_ = r_ - n_ * SPLAT8(6.07710050630396597660e-11);                                             \
    r_ = r_ - n_ * SPLAT8(2.02226624879595063154e-21);                                             \
    const v8 z_ = r_ * r_;                                                                         \
    v8 p_ = SPLAT8(1.0 / 355687428096000.0);                                                       \
    p_ = p_ * z_ - SPLAT8(1.0 / 1307674368000.0);                                                  \
    p_ = p_ * z_ + SPLAT8(1.0 / 6227020800.0);                                                     \
    p_ = p_ * z_ - SPLAT8(1.0 / 39916800.0);                                                       \
    p_ = p_ * z_ + SPLAT8(1.0 / 362880.0);                                                         \
    p_ = p_ * z_ - SPLAT8(1.0 / 5040.0);                                                           \
    p_ = p_ * z_ + SPLAT8(1.0 / 120.0);                                                            \
    p_ = p_ * z_ - SPLAT8(1.0 / 6.0);                                                              \
    p_ = p_ * z_ * r_ + r_;                                                                        \
    v8 q_ = SPLAT8(1.0 / 20922789888000.0);                                                        \
    q_ = q_ * z_ - SPLAT8(1.0 / 87178291200.0);                                                    \
    q_ = q_ * z_ + SPLAT8(1.0 / 479001600.0);                                                      \
    q_ = q_ * z_ - SPLAT8(1.0 / 3628800.0);                                                        \
    q_ = q_ * z_ + SPLAT8(1.0 / 40320.0);                                                          \
    q_ = q_ * z_ - SPLAT8(1.0 / 720.0);                                                            \
    q_ = q_ * z_ + SPLAT8(1.0 / 24.0);                                                             \
    q_ = q_ * z_ - SPLAT8(0.5);                                                                    \
    q_ = q_ * z_ + SPLAT8(1.0);                                                                    \
    const i8 odd_ = -(bits_ & 1), half_ = (bits_ & 2) << 62, next_ = ((bits_ + 1) & 2) << 62;      \
    (s) = (v8)((((i8)q_ & odd_) | ((i8)p_ & ~odd_)) ^ half_);                                      \
    (c) = (v8)((((i8)p_ & odd_) | ((i8)q_ & ~odd_)) ^ next_);                                      \
  } while (0)

MULTIVERSIONED
void wyckoff_radial_basis(int64_t rows, const double *distances, double cutoff, const double *frequencies,
                          double *values, double *derivatives) {
  for (int64_t r = 0; r < rows; ++r) {
    const double d = distances[r], x = d / cutoff, x2 = x * x, x7 = x2 * x2 * x2 * x;
    const double inside = x < 1 ? 1 : 0, factor = inside * sqrt(2 / cutoff) / d;
    const double envelope = 1 + x7 * x * (-45 + x * (80 - 36 * x));
    const double slope = x7 * (-360 + x * (720 - 360 * x)) / cutoff;
    for (int32_t k = 0; k < 32; k += 8) {
      const v8 w = LOAD8(frequencies + k);
      v8 s, c;
      SINCOS8(s, c, w * SPLAT8(x));
      const v8 sloped = SPLAT8(slope - envelope / d) * s + SPLAT8(envelope / cutoff) * c * w;
      STORE8(values + 32 * r + k, SPLAT8(factor * envelope) * s);
      STORE8(derivatives + 32 * r + k, SPLAT8(factor) * sloped);
    }
  }
}

MULTIVERSIONED
void wyckoff_angular_basis(int64_t rows, const double *angles, const double *frequencies, double *values,
                           double *derivatives) {
  const double scale = 0.56418958354775628695;
  for (int64_t r = 0; r < rows; ++r) {
    double *value = values + 32 * r, *derivative = derivatives + 32 * r;
    for (int32_t k = 0; k < 16; k += 8) {
      const v8 f = LOAD8(frequencies + k);
      v8 s, c;
      SINCOS8(s, c, f * SPLAT8(angles[r]));
      s *= SPLAT8(scale);
      c *= SPLAT8(scale);
      STORE8(value + k, s);
      STORE8(derivative + k, f * c);
      /* One column to the left: the cosine of frequency zero falls on the last sine, which is put back below. */
      double cosines[8], slopes[8];
      STORE8(cosines, c);
      STORE8(slopes, -f * s);
      for (int32_t j = k == 0; j < 8; ++j) {
        value[15 + k + j] = cosines[j];
        derivative[15 + k + j] = slopes[j];
      }
    }
    value[0] = scale * 0.70710678118654752440;
    derivative[0] = 0;
    value[31] = 0;
    derivative[31] = 0;
  }
}
