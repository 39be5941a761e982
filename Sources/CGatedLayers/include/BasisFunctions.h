#ifndef WYCKOFF_BASIS_FUNCTIONS_H
#define WYCKOFF_BASIS_FUNCTIONS_H

#include <stdint.h>

/* Rows of 32 numbers, values and derivatives, for 0 <= frequency * argument < 10^5. */

/* values[r][n] = factor e(x) sin(w_n x) / d with x = d / cutoff, e(x) = 1 - 45 x^8 + 80 x^9 - 36 x^10 (zero from the
   cut-off on) and factor = sqrt(2 / cutoff); derivatives by d. 32 frequencies; one that is zero gives zeros. */
void wyckoff_radial_basis(int64_t rows, const double *distances, double cutoff, const double *frequencies,
                          double *values, double *derivatives);

/* values[r] = [1/sqrt 2, sin f_1 t .. sin f_15 t, cos f_1 t .. cos f_15 t, 0] / sqrt pi of an angle t; derivatives by t.
   16 frequencies, the first one zero. */
void wyckoff_angular_basis(int64_t rows, const double *angles, const double *frequencies, double *values,
                           double *derivatives);

#endif
