#ifndef WYCKOFF_CRYSTAL_NETWORK_H
#define WYCKOFF_CRYSTAL_NETWORK_H

#include <stdint.h>

/* A crystal graph convolutional network with 64 features a node, whole, in single precision: what a search calls.
   Values agree with the double precision of CrystalConvolution.h to about 1e-6 of the property's spread. */

struct wyckoff_crystal_layer {
  const float *atoms;         /* 64 x 256: own filter and core, then the neighbour's */
  const float *atoms_reverse; /* 256 x 64: the same, transposed */
  const float *bias;          /* 256 */
  const float *bond;          /* 41 x 128 */
  const float *scale, *shift; /* 64 */
};

struct wyckoff_crystal_network {
  int32_t layers, hidden, classifier;
  const struct wyckoff_crystal_layer *layer;
  const float *elements;                        /* 64 x 112, elements 1-100 and zeros: of embedded features */
  const float *pooled, *pooled_bias, *output;   /* hidden x 64, hidden, hidden */
  float output_bias, mean, deviation;
};

/* Floats of workspace that an evaluation needs. */
int64_t wyckoff_crystal_network_space(const struct wyckoff_crystal_network *network, int32_t nodes, int32_t edges);

/* The value. Edges by rising target; distances in units of the spacing of the Gaussians; shares of the nodes in the
   cell sum to 1; `features` holds 64 a node. Where dmixtures is not null it receives 100 a node and ddistance one an
   edge (by distances as given). */
double wyckoff_crystal_network_evaluate(const struct wyckoff_crystal_network *network, int32_t nodes, int32_t edges,
                                        const int32_t *target, const int32_t *source, const float *weight,
                                        const double *distance, const float *shares, const float *features,
                                        float *space, double *dmixtures, double *ddistance);

#endif
