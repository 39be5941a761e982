#ifndef C_GEMMI_SCATTERING_H
#define C_GEMMI_SCATTERING_H

#ifdef __cplusplus
extern "C" {
#endif

/* International Tables C (1992) form factor of a neutral atom:
   coefficients = a1..a4, b1..b4, c of f0(s) = c + sum a_i exp(-b_i s^2), s = sin(theta)/lambda in 1/A.
   Returns 1, or 0 where the table has no such atom. */
int wyckoff_it92(int atomic_number, double coefficients[9]);

/* Dispersion correction f', f'' in electrons at a photon energy in eV (Cromer & Liberman 1981).
   Returns 1, or 0 outside atomic numbers 3-92. */
int wyckoff_cromer_liberman(int atomic_number, double energy, double *f_prime, double *f_double_prime);

#ifdef __cplusplus
}
#endif

#endif
