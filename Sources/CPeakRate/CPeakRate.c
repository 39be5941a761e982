#include "CPeakRate.h"

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

typedef double v4 __attribute__((vector_size(32)));
typedef double v8 __attribute__((vector_size(64)));

/* Twelve chains hide the latency of two multiply-add units. */
#define CHAINS 12

#define LOOP(vector, lanes)                                                                        \
  do {                                                                                             \
    vector chain[CHAINS];                                                                          \
    const vector a = (vector){} + 0.999999, b = (vector){} + 1e-7;                                 \
    for (int k = 0; k < CHAINS; ++k) chain[k] = (vector){} + (1 + 0.01 * k);                       \
    for (int64_t i = 0; i < rounds; ++i) {                                                         \
      _Pragma("clang loop unroll(full)") for (int k = 0; k < CHAINS; ++k) chain[k] = chain[k] * a + b; \
    }                                                                                              \
    vector sum = (vector){};                                                                       \
    for (int k = 0; k < CHAINS; ++k) sum += chain[k];                                              \
    for (int k = 0; k < (lanes); ++k) *sink += sum[k];                                             \
    return 2.0 * (lanes) * CHAINS * (double)rounds;                                                \
  } while (0)

MULTIVERSIONED
double wyckoff_multiply_add_loop(int64_t rounds, double *sink) {
#pragma clang fp contract(fast)
  LOOP(v4, 4);
}

MULTIVERSIONED
double wyckoff_multiply_add_loop_wide(int64_t rounds, double *sink) {
#pragma clang fp contract(fast)
  LOOP(v8, 8);
}
