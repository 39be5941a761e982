#include "CStructureFactors.h"

#include "Vector.h"

/* Points per block: a block of one row and of all others stays in the first two caches. */
enum { BLOCK = 512 };

MULTIVERSIONED
void wyckoff_normal_equations(int32_t parameters, int32_t points, const double *jacobian, const double *weights,
                              const double *residuals, double *matrix, double *gradient, double *scratch) {
#pragma clang fp reassociate(on) contract(fast)
  memset(matrix, 0, sizeof(double) * parameters * (int64_t)parameters);
  memset(gradient, 0, sizeof(double) * parameters);
  for (int32_t first = 0; first < points; first += BLOCK) {
    const int32_t count = points - first < BLOCK ? points - first : BLOCK;
    for (int32_t a = 0; a < parameters; ++a) {
      const double *ja = jacobian + (int64_t)a * points + first;
      double sum = 0;
      int any = 0;
      for (int32_t i = 0; i < count; ++i) {
        scratch[i] = ja[i] * weights[first + i];
        sum += scratch[i] * residuals[first + i];
        any |= ja[i] != 0;
      }
      if (!any) continue;
      gradient[a] += sum;
      int32_t b = a;
      for (; b + 1 < parameters; b += 2) {
        const double *j0 = jacobian + (int64_t)b * points + first, *j1 = j0 + points;
        double s0 = 0, s1 = 0;
        for (int32_t i = 0; i < count; ++i) {
          s0 += scratch[i] * j0[i];
          s1 += scratch[i] * j1[i];
        }
        matrix[(int64_t)a * parameters + b] += s0;
        matrix[(int64_t)a * parameters + b + 1] += s1;
      }
      for (; b < parameters; ++b) {
        const double *jb = jacobian + (int64_t)b * points + first;
        double s0 = 0;
        for (int32_t i = 0; i < count; ++i) s0 += scratch[i] * jb[i];
        matrix[(int64_t)a * parameters + b] += s0;
      }
    }
  }
  for (int32_t a = 0; a < parameters; ++a)
    for (int32_t b = 0; b < a; ++b) matrix[(int64_t)a * parameters + b] = matrix[(int64_t)b * parameters + a];
}
