#include "CGemmiScattering.h"

#include <gemmi/fprime.hpp>
#include <gemmi/it92.hpp>

extern "C" int wyckoff_it92(int atomic_number, double coefficients[9]) {
  if (atomic_number < 1 || atomic_number > 98) return 0;
  const auto element = static_cast<gemmi::El>(atomic_number);
  const auto *row = gemmi::IT92<double>::get_ptr(element);
  if (!row) return 0;
  for (int i = 0; i < 4; ++i) {
    coefficients[i] = row->a(i);
    coefficients[4 + i] = row->b(i);
  }
  coefficients[8] = row->c();
  return 1;
}

extern "C" int wyckoff_cromer_liberman(int atomic_number, double energy, double *f_prime,
                                       double *f_double_prime) {
  if (atomic_number < 3 || atomic_number > 92 || !(energy > 0)) return 0;
  *f_prime = gemmi::cromer_liberman(atomic_number, energy, f_double_prime);
  return 1;
}
