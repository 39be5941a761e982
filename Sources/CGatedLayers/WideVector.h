#ifndef WYCKOFF_WIDE_VECTOR_H
#define WYCKOFF_WIDE_VECTOR_H
#include "Vector.h"

/* Eight doubles: one register of x86-64-v4, two of v3. */
typedef double v8 __attribute__((vector_size(64)));
typedef double v8u __attribute__((vector_size(64), aligned(8)));
typedef int64_t i8 __attribute__((vector_size(64)));

#define LOAD8(p) ((v8)*(const v8u *)(p))
#define STORE8(p, v) (*(v8u *)(p) = (v8u)(v))
#define SPLAT8(s) ((v8){(s), (s), (s), (s), (s), (s), (s), (s)})
#define HSUM8(v)                                                                                   \
  ((((v)[0] + (v)[4]) + ((v)[1] + (v)[5])) + (((v)[2] + (v)[6]) + ((v)[3] + (v)[7])))

/* y = exp(x) for |x| < 700, relative error below 3e-16: two-part reduction by ln 2 and an interpolating polynomial of
   degree 11 on |r| <= ln2/2 whose own error is 2e-17. */
#define EXP8(y, x_in)                                                                              \
  do {                                                                                             \
    const v8 x_ = (x_in), magic_ = SPLAT8(6755399441055744.0);                                     \
    v8 n_ = x_ * SPLAT8(1.4426950408889634074) + magic_;                                           \
    i8 bits_ = (i8)n_;                                                                             \
    n_ = n_ - magic_;                                                                              \
    v8 r_ = x_ - n_ * SPLAT8(6.93147180369123816490e-01);                                          \
    r_ = r_ - n_ * SPLAT8(1.90821492927058770002e-10);                                             \
    v8 e_ = SPLAT8(2.5100375842223698315e-8);                                                      \
    e_ = e_ * r_ + SPLAT8(2.7620075892548162664e-7);                                               \
    e_ = e_ * r_ + SPLAT8(2.7557268480289715612e-6);                                               \
    e_ = e_ * r_ + SPLAT8(0.000024801521322342282911);                                             \
    e_ = e_ * r_ + SPLAT8(0.00019841269863040558339);                                              \
    e_ = e_ * r_ + SPLAT8(0.001388888891719673607);                                                \
    e_ = e_ * r_ + SPLAT8(0.0083333333333300644469);                                               \
    e_ = e_ * r_ + SPLAT8(0.041666666666624161869);                                                \
    e_ = e_ * r_ + SPLAT8(0.16666666666666667452);                                                 \
    e_ = e_ * r_ + SPLAT8(0.50000000000000010211);                                                 \
    e_ = e_ * r_ + SPLAT8(1.0);                                                                    \
    e_ = e_ * r_ + SPLAT8(1.0);                                                                    \
    (y) = (v8)((i8)e_ + (bits_ << 52));                                                            \
  } while (0)

/* Brings x to where EXP8 is defined. */
#define CLAMP8(x, limit)                                                                           \
  __builtin_elementwise_min(__builtin_elementwise_max((x), SPLAT8(-(limit))), SPLAT8(limit))

#endif
