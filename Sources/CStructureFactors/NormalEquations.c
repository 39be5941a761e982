#include "CStructureFactors.h"

#include "Vector.h"

MULTIVERSIONED
void wyckoff_normal_equations(int32_t parameters, int32_t points, int32_t first_tile, int32_t stride,
                              const double *jacobian, const double *weights, const double *residuals,
                              double *matrix, double *gradient, double *scratch) {
#pragma clang fp reassociate(on) contract(fast)
  const int32_t tile = WYCKOFF_TILE;
  for (int32_t a = first_tile * tile; a < parameters; a += stride * tile) {
    const int32_t rows = parameters - a < tile ? parameters - a : tile;
    memset(matrix + (int64_t)a * parameters, 0, sizeof(double) * parameters * rows);
    memset(gradient + a, 0, sizeof(double) * rows);
  }
  for (int32_t first = 0; first < points; first += WYCKOFF_BLOCK) {
    const int32_t count = points - first < WYCKOFF_BLOCK ? points - first : WYCKOFF_BLOCK;
    for (int32_t a = first_tile * tile; a < parameters; a += stride * tile) {
      const int32_t rows = parameters - a < tile ? parameters - a : tile;
      int any = 0;
      for (int32_t r = 0; r < tile; ++r) {
        double *weighted = scratch + r * WYCKOFF_BLOCK;
        if (r >= rows) {
          memset(weighted, 0, sizeof(double) * count);
          continue;
        }
        const double *row = jacobian + (int64_t)(a + r) * points + first;
        double sum = 0;
        for (int32_t i = 0; i < count; ++i) {
          weighted[i] = row[i] * weights[first + i];
          sum += weighted[i] * residuals[first + i];
          any |= row[i] != 0;
        }
        gradient[a + r] += sum;
      }
      if (!any) continue;
      const double *w0 = scratch, *w1 = w0 + WYCKOFF_BLOCK, *w2 = w1 + WYCKOFF_BLOCK, *w3 = w2 + WYCKOFF_BLOCK;
      for (int32_t b = a; b < parameters; ++b) {
        const double *row = jacobian + (int64_t)b * points + first;
        double sums[WYCKOFF_TILE] = {0, 0, 0, 0};
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        for (int32_t i = 0; i < count; ++i) {
          s0 += w0[i] * row[i];
          s1 += w1[i] * row[i];
          s2 += w2[i] * row[i];
          s3 += w3[i] * row[i];
        }
        sums[0] = s0, sums[1] = s1, sums[2] = s2, sums[3] = s3;
        for (int32_t r = 0; r < rows; ++r) matrix[(int64_t)(a + r) * parameters + b] += sums[r];
      }
    }
  }
}
