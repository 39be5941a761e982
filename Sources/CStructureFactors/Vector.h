#ifndef WYCKOFF_VECTOR_H
#define WYCKOFF_VECTOR_H
#include <math.h>
#include <stdint.h>
#include <string.h>

/* One body, compiled for three generations of x86-64 and chosen at load time; plain elsewhere. */
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
/* The choice is made before the sanitizer has begun. */
#define WYCKOFF_ONE_BODY 1
#endif
#endif
#if defined(__x86_64__) && defined(__linux__) && !defined(WYCKOFF_ONE_BODY)
#define MULTIVERSIONED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define MULTIVERSIONED
#endif

#define INLINE static inline __attribute__((always_inline))

typedef double v4 __attribute__((vector_size(32)));
typedef double v4u __attribute__((vector_size(32), aligned(8)));
typedef int64_t i4 __attribute__((vector_size(32)));

#define LOAD(p) ((v4)*(const v4u *)(p))
#define STORE(p, v) (*(v4u *)(p) = (v4u)(v))
#define SPLAT(s) ((v4){(s), (s), (s), (s)})
/* Not a function: vectors in a call's signature would differ between the clones. */
#define HSUM(v) (((v)[0] + (v)[1]) + ((v)[2] + (v)[3]))

/* y = exp(x) for -700 < x < 700 (clamped), relative error below 3e-16: two-part reduction by ln 2 and a Taylor
   polynomial of degree 13 on |r| <= ln2/2. */
#define EXP4(y, x_in)                                                                              \
  do {                                                                                             \
    v4 x_ = (x_in);                                                                                \
    x_ = __builtin_elementwise_max(x_, SPLAT(-700.0));                                             \
    x_ = __builtin_elementwise_min(x_, SPLAT(700.0));                                              \
    const v4 magic_ = SPLAT(6755399441055744.0);                                                   \
    v4 n_ = x_ * SPLAT(1.4426950408889634074) + magic_;                                            \
    i4 bits_ = (i4)n_;                                                                             \
    n_ = n_ - magic_;                                                                              \
    v4 r_ = x_ - n_ * SPLAT(6.93147180369123816490e-01);                                           \
    r_ = r_ - n_ * SPLAT(1.90821492927058770002e-10);                                              \
    v4 e_ = SPLAT(1.0 / 6227020800.0);                                                             \
    e_ = e_ * r_ + SPLAT(1.0 / 479001600.0);                                                       \
    e_ = e_ * r_ + SPLAT(1.0 / 39916800.0);                                                        \
    e_ = e_ * r_ + SPLAT(1.0 / 3628800.0);                                                         \
    e_ = e_ * r_ + SPLAT(1.0 / 362880.0);                                                          \
    e_ = e_ * r_ + SPLAT(1.0 / 40320.0);                                                           \
    e_ = e_ * r_ + SPLAT(1.0 / 5040.0);                                                            \
    e_ = e_ * r_ + SPLAT(1.0 / 720.0);                                                             \
    e_ = e_ * r_ + SPLAT(1.0 / 120.0);                                                             \
    e_ = e_ * r_ + SPLAT(1.0 / 24.0);                                                              \
    e_ = e_ * r_ + SPLAT(1.0 / 6.0);                                                               \
    e_ = e_ * r_ + SPLAT(0.5);                                                                     \
    e_ = e_ * r_ + SPLAT(1.0);                                                                     \
    e_ = e_ * r_ + SPLAT(1.0);                                                                     \
    i4 scale_ = (bits_ + (i4){1023, 1023, 1023, 1023}) << 52;                                      \
    (y) = e_ * (v4)scale_;                                                                         \
  } while (0)

#endif
