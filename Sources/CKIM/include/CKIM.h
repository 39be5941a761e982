#ifndef WYCKOFF_KIM_H
#define WYCKOFF_KIM_H

#include <stdint.h>

/* Portable models of the Knowledgebase of Interatomic Models (openkim.org) over the KIM API 2. Its headers are wanted where
   this is compiled, its library only where it runs; without either, opening says so. */

typedef struct WyckoffKIMModel WyckoffKIMModel;

/* In Å, eV and elementary charges. Null where it fails; `reason` (of `capacity` bytes) then says why. */
WyckoffKIMModel *wyckoff_kim_open(const char *name, char *reason, int32_t capacity);
void wyckoff_kim_close(WyckoffKIMModel *model);

/* Å: what is farther from an atom has no influence on its energy. */
double wyckoff_kim_influence(const WyckoffKIMModel *model);

/* The model's number for an element, negative where it does not know it. */
int32_t wyckoff_kim_species(const WyckoffKIMModel *model, const char *symbol);

/* Energy (eV) of the atoms whose `counts` is 1 and, of all, minus its derivatives by their coordinates (eV/Å, 3 an atom).
   0 where it worked. One call at a time for a model. */
int32_t wyckoff_kim_evaluate(WyckoffKIMModel *model, int32_t atoms, const int32_t *species, const int32_t *counts,
                             const double *coordinates, double *energy, double *forces);

#endif
