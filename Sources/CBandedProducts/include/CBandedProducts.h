#ifndef WYCKOFF_BANDED_PRODUCTS_H
#define WYCKOFF_BANDED_PRODUCTS_H

/* Products with an upper triangular banded matrix U in LAPACK's upper band storage: U[i, j] stands at
   band[width + i - j + j * (width + 1)] for i <= j <= i + width, both below count. */

/* product = U vector; both hold count numbers. */
void wyckoff_banded_product(
    const double *band, long count, long width, const double *vector, double *product);

/* Eight vectors at once, interleaved: products[8 i + k] = sum_j U[i, j] vectors[8 j + k]. */
void wyckoff_banded_products(
    const double *band, long count, long width, const double *vectors, double *products);

#endif
