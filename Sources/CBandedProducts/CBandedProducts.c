#include "CBandedProducts.h"
#include "Vector.h"

/* Rows are taken eight at a time, which in a column of the band stand side by side; their sums stay in registers, so
   that the band is read once and nothing but the products is written. */

typedef double v8 __attribute__((vector_size(64)));
typedef double v8u __attribute__((vector_size(64), aligned(8)));

#define LOAD8(p) ((v8)*(const v8u *)(p))
#define STORE8(p, v) (*(v8u *)(p) = (v8u)(v))
#define SPLAT8(s) ((v8){(s), (s), (s), (s), (s), (s), (s), (s)})

static inline long least(long a, long b) { return a < b ? a : b; }

MULTIVERSIONED void wyckoff_banded_product(
    const double *band, long count, long width, const double *vector, double *product) {
  for (long first = 0; first < count; first += 8) {
    const long rows = least(8, count - first);
    /* Columns in which all eight rows lie within the band. */
    const int whole = rows == 8 && width > 7;
    const long begin = whole ? first + 7 : count, end = whole ? least(count, first + width + 1) : count;
    v8 a = {0}, b = {0}, c = {0}, d = {0};
    const double *column = band + width + first + begin * width;
    long j = begin;
    for (; j + 4 <= end; j += 4, column += 4 * width) {
      a += LOAD8(column) * SPLAT8(vector[j]);
      b += LOAD8(column + width) * SPLAT8(vector[j + 1]);
      c += LOAD8(column + 2 * width) * SPLAT8(vector[j + 2]);
      d += LOAD8(column + 3 * width) * SPLAT8(vector[j + 3]);
    }
    for (; j < end; j++, column += width) a += LOAD8(column) * SPLAT8(vector[j]);
    double sums[8];
    STORE8(sums, (a + b) + (c + d));
    for (long r = 0; r < rows; r++) {
      const long i = first + r, last = least(count, i + width + 1);
      double sum = sums[r];
      const double *element = band + width + i;
      for (long k = i; k < least(begin, last); k++) sum += element[k * width] * vector[k];
      for (long k = end; k < last; k++) sum += element[k * width] * vector[k];
      product[i] = sum;
    }
  }
}

MULTIVERSIONED void wyckoff_banded_products(
    const double *band, long count, long width, const double *vectors, double *products) {
  for (long first = 0; first < count; first += 8) {
    const long rows = least(8, count - first);
    const int whole = rows == 8 && width > 7;
    const long begin = whole ? first + 7 : count, end = whole ? least(count, first + width + 1) : count;
    v8 sums[8] = {{0}, {0}, {0}, {0}, {0}, {0}, {0}, {0}};
    const double *column = band + width + first + begin * width;
    for (long j = begin; j < end; j++, column += width) {
      const v8 x = LOAD8(vectors + 8 * j);
      for (int r = 0; r < 8; r++) sums[r] += SPLAT8(column[r]) * x;
    }
    for (long r = 0; r < rows; r++) {
      const long i = first + r, last = least(count, i + width + 1);
      v8 sum = sums[r];
      const double *element = band + width + i;
      for (long k = i; k < least(begin, last); k++)
        sum += SPLAT8(element[k * width]) * LOAD8(vectors + 8 * k);
      for (long k = end; k < last; k++) sum += SPLAT8(element[k * width]) * LOAD8(vectors + 8 * k);
      STORE8(products + 8 * i, sum);
    }
  }
}
