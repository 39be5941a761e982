#include "CKIM.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__has_include)
#if __has_include(<kim-api/KIM_SimulatorHeaders.h>) && __has_include(<dlfcn.h>)
#define HAS_KIM 1
#endif
#endif

#ifndef HAS_KIM

struct WyckoffKIMModel {
  int unused;
};

WyckoffKIMModel *wyckoff_kim_open(const char *name, char *reason, int32_t capacity) {
  (void)name;
  snprintf(reason, (size_t)capacity, "this build has no KIM: install libkim-api-dev and build again");
  return 0;
}
void wyckoff_kim_close(WyckoffKIMModel *model) { (void)model; }
double wyckoff_kim_influence(const WyckoffKIMModel *model) {
  (void)model;
  return 0;
}
int32_t wyckoff_kim_species(const WyckoffKIMModel *model, const char *symbol) {
  (void)model;
  (void)symbol;
  return -1;
}
int32_t wyckoff_kim_evaluate(WyckoffKIMModel *model, int32_t atoms, const int32_t *species, const int32_t *counts,
                             const double *coordinates, double *energy, double *forces) {
  (void)model, (void)atoms, (void)species, (void)counts, (void)coordinates, (void)energy, (void)forces;
  return 1;
}

#else

#include <dlfcn.h>
#include <kim-api/KIM_Log.h>
#include <kim-api/KIM_LogVerbosity.h>
#include <kim-api/KIM_SimulatorHeaders.h>

/* A function or a constant of the library, which is loaded when the first model is opened. */
#define FUNCTION(library, name) ((__typeof__(&name))dlsym((library), #name))
#define CONSTANT(library, name) (*(const __typeof__(name) *)dlsym((library), #name))

struct WyckoffKIMModel {
  void *library;
  KIM_Model *model;
  KIM_ComputeArguments *arguments;
  double influence;
  int lists;
  const double *cutoffs;
  /* Whether neighbours of atoms that do not count are never asked for, of every list. */
  const int *skips;
  /* Of one evaluation: neighbours of list l and atom i are neighbours[l][begin[l][i] ..< begin[l][i + 1]]. */
  int **neighbours;
  int32_t **begin;
  int32_t atoms;
};

static int neighbour_list(void *object, int lists, const double *cutoffs, int list, int atom, int *count,
                          const int **neighbours) {
  const WyckoffKIMModel *model = object;
  (void)cutoffs;
  if (list < 0 || list >= lists || list >= model->lists || atom < 0 || atom >= model->atoms) return 1;
  *count = model->begin[list][atom + 1] - model->begin[list][atom];
  *neighbours = model->neighbours[list] + model->begin[list][atom];
  return 0;
}

static void *library(void) {
  static const char *const names[] = {"libkim-api.so.2", "libkim-api.so", "libkim-api.2.dylib", "libkim-api.dylib"};
  for (size_t k = 0; k < sizeof names / sizeof *names; ++k) {
    void *found = dlopen(names[k], RTLD_NOW | RTLD_GLOBAL);
    if (found) return found;
  }
  return 0;
}

WyckoffKIMModel *wyckoff_kim_open(const char *name, char *reason, int32_t capacity) {
  void *lib = library();
  if (!lib) {
    snprintf(reason, (size_t)capacity, "the library libkim-api is not there: install libkim-api2 and openkim-models");
    return 0;
  }
  /* No kim.log in the working folder. */
  FUNCTION(lib, KIM_Log_PushDefaultVerbosity)(CONSTANT(lib, KIM_LOG_VERBOSITY_silent));
  int accepted = 0;
  KIM_Model *kim = 0;
  const int failed = FUNCTION(lib, KIM_Model_Create)(
      CONSTANT(lib, KIM_NUMBERING_zeroBased), CONSTANT(lib, KIM_LENGTH_UNIT_A), CONSTANT(lib, KIM_ENERGY_UNIT_eV),
      CONSTANT(lib, KIM_CHARGE_UNIT_e), CONSTANT(lib, KIM_TEMPERATURE_UNIT_K), CONSTANT(lib, KIM_TIME_UNIT_ps), name,
      &accepted, &kim);
  if (failed || !accepted) {
    if (!failed) FUNCTION(lib, KIM_Model_Destroy)(&kim);
    snprintf(reason, (size_t)capacity,
             failed ? "no portable model of that name is installed; kim-api-collections-management list shows them"
                    : "the model cannot be asked in Å and eV");
    return 0;
  }
  WyckoffKIMModel *model = calloc(1, sizeof *model);
  if (!model || FUNCTION(lib, KIM_Model_ComputeArgumentsCreate)(kim, &model->arguments)) {
    FUNCTION(lib, KIM_Model_Destroy)(&kim);
    free(model);
    snprintf(reason, (size_t)capacity, "the model takes no arguments");
    return 0;
  }
  model->library = lib;
  model->model = kim;
  FUNCTION(lib, KIM_Model_GetInfluenceDistance)(kim, &model->influence);
  FUNCTION(lib, KIM_Model_GetNeighborListPointers)(kim, &model->lists, &model->cutoffs, &model->skips);
  model->neighbours = calloc((size_t)model->lists, sizeof *model->neighbours);
  model->begin = calloc((size_t)model->lists, sizeof *model->begin);
  FUNCTION(lib, KIM_ComputeArguments_SetCallbackPointer)(
      model->arguments, CONSTANT(lib, KIM_COMPUTE_CALLBACK_NAME_GetNeighborList), CONSTANT(lib, KIM_LANGUAGE_NAME_c),
      (KIM_Function *)neighbour_list, model);
  KIM_SupportStatus status;
  const int unknown = FUNCTION(lib, KIM_ComputeArguments_GetArgumentSupportStatus)(
      model->arguments, CONSTANT(lib, KIM_COMPUTE_ARGUMENT_NAME_partialForces), &status);
  if (unknown || FUNCTION(lib, KIM_SupportStatus_Equal)(status, CONSTANT(lib, KIM_SUPPORT_STATUS_notSupported))) {
    wyckoff_kim_close(model);
    snprintf(reason, (size_t)capacity, "the model gives no forces");
    return 0;
  }
  return model;
}

void wyckoff_kim_close(WyckoffKIMModel *model) {
  if (!model) return;
  for (int l = 0; l < model->lists; ++l) {
    free(model->neighbours[l]);
    free(model->begin[l]);
  }
  free(model->neighbours);
  free(model->begin);
  FUNCTION(model->library, KIM_Model_ComputeArgumentsDestroy)(model->model, &model->arguments);
  FUNCTION(model->library, KIM_Model_Destroy)(&model->model);
  free(model);
}

double wyckoff_kim_influence(const WyckoffKIMModel *model) { return model->influence; }

int32_t wyckoff_kim_species(const WyckoffKIMModel *model, const char *symbol) {
  const KIM_SpeciesName species = FUNCTION(model->library, KIM_SpeciesName_FromString)(symbol);
  int supported = 0, code = 0;
  const int failed = FUNCTION(model->library, KIM_Model_GetSpeciesSupportAndCode)(model->model, species, &supported, &code);
  return failed || !supported ? -1 : code;
}

/* Fills one neighbour list; 0 where it worked. */
static int find_neighbours(WyckoffKIMModel *model, int list, int32_t atoms, const int32_t *counts, const double *x) {
  const double limit = model->cutoffs[list] * model->cutoffs[list];
  int32_t *begin = realloc(model->begin[list], ((size_t)atoms + 1) * sizeof *begin);
  if (!begin) return 1;
  model->begin[list] = begin;
  size_t used = 0, capacity = 0;
  int *found = model->neighbours[list];
  if (found) capacity = 0;
  free(found);
  found = 0;
  for (int32_t i = 0; i < atoms; ++i) {
    begin[i] = (int32_t)used;
    if (!counts[i] && model->skips[list]) continue;
    for (int32_t j = 0; j < atoms; ++j) {
      const double a = x[3 * i] - x[3 * j], b = x[3 * i + 1] - x[3 * j + 1], c = x[3 * i + 2] - x[3 * j + 2];
      if (j == i || a * a + b * b + c * c > limit) continue;
      if (used == capacity) {
        capacity = capacity ? 2 * capacity : 1024;
        int *larger = realloc(found, capacity * sizeof *found);
        if (!larger || used > INT32_MAX / 4) {
          free(larger ? larger : found);
          model->neighbours[list] = 0;
          return 1;
        }
        found = larger;
      }
      found[used++] = j;
    }
  }
  begin[atoms] = (int32_t)used;
  model->neighbours[list] = found;
  return 0;
}

int32_t wyckoff_kim_evaluate(WyckoffKIMModel *model, int32_t atoms, const int32_t *species, const int32_t *counts,
                             const double *coordinates, double *energy, double *forces) {
  void *lib = model->library;
  model->atoms = atoms;
  for (int l = 0; l < model->lists; ++l)
    if (find_neighbours(model, l, atoms, counts, coordinates)) return 1;
  KIM_ComputeArguments *arguments = model->arguments;
  __typeof__(&KIM_ComputeArguments_SetArgumentPointerInteger) integers =
      FUNCTION(lib, KIM_ComputeArguments_SetArgumentPointerInteger);
  __typeof__(&KIM_ComputeArguments_SetArgumentPointerDouble) doubles =
      FUNCTION(lib, KIM_ComputeArguments_SetArgumentPointerDouble);
  int failed = integers(arguments, CONSTANT(lib, KIM_COMPUTE_ARGUMENT_NAME_numberOfParticles), &atoms);
  failed |= integers(arguments, CONSTANT(lib, KIM_COMPUTE_ARGUMENT_NAME_particleSpeciesCodes), species);
  failed |= integers(arguments, CONSTANT(lib, KIM_COMPUTE_ARGUMENT_NAME_particleContributing), counts);
  failed |= doubles(arguments, CONSTANT(lib, KIM_COMPUTE_ARGUMENT_NAME_coordinates), coordinates);
  failed |= doubles(arguments, CONSTANT(lib, KIM_COMPUTE_ARGUMENT_NAME_partialEnergy), energy);
  failed |= doubles(arguments, CONSTANT(lib, KIM_COMPUTE_ARGUMENT_NAME_partialForces), forces);
  return failed || FUNCTION(lib, KIM_Model_Compute)(model->model, arguments);
}

#endif
