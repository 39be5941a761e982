// Complex numbers as a struct of two doubles, which Swift can import (C's _Complex it cannot).
typedef struct {
    float real, imag;
} LAPACKComplexFloat;
typedef struct {
    double real, imag;
} LAPACKComplex;
#define LAPACK_COMPLEX_CUSTOM
#define lapack_complex_float LAPACKComplexFloat
#define lapack_complex_double LAPACKComplex
#include <lapacke.h>
#include <cblas.h>
