#include <complex.h>
#include <lapacke.h>
#include <cblas.h>
