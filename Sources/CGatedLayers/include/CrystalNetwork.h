#ifndef WYCKOFF_CRYSTAL_NETWORK_H
#define WYCKOFF_CRYSTAL_NETWORK_H

#include <stdint.h>

/* A crystal graph convolutional network, whole, in single precision: what a search calls. `width` features a node, a
   multiple of 64, and `hidden_layers` of `hidden` units after pooling.
   Values agree with the double precision of CrystalConvolution.h to about 1e-6 of the property's spread. */

struct wyckoff_crystal_layer {
  const float *atoms;         /* width x 4 width: own filter and core, then the neighbour's */
  const float *atoms_reverse; /* 4 width x width: the same, transposed */
  const float *bias;          /* 4 width */
  const float *bond;          /* 41 x 2 width */
  const float *scale, *shift; /* width */
};

struct wyckoff_crystal_network {
  int32_t width, layers, hidden, hidden_layers, classifier;
  const struct wyckoff_crystal_layer *layer;
  const float *elements;       /* width x 112, elements 1-100 and zeros: of embedded features */
  const float *pooled;         /* hidden x width, then hidden x hidden for each layer more */
  const float *pooled_bias;    /* hidden_layers x hidden */
  const float *output;         /* hidden */
  float output_bias, mean, deviation;
};

/* Floats of workspace that an evaluation needs. */
int64_t wyckoff_crystal_network_space(const struct wyckoff_crystal_network *network, int32_t nodes, int32_t edges);

/* The value. Edges by rising target; distances in units of the spacing of the Gaussians; shares of the nodes in the
   cell sum to 1; `features` holds `width` a node. Where dmixtures is not null it receives 100 a node and ddistance one an
   edge (by distances as given). */
double wyckoff_crystal_network_evaluate(const struct wyckoff_crystal_network *network, int32_t nodes, int32_t edges,
                                        const int32_t *target, const int32_t *source, const float *weight,
                                        const double *distance, const float *shares, const float *features,
                                        float *space, double *dmixtures, double *ddistance);

#endif
