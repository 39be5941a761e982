#include "CrystalNetwork.h"

#include "Vector.h"

enum { PANEL = 64, GAUSSIANS = 41, WINDOW = 9, ELEMENTS = 100, ELEMENT_COLUMNS = 112 };

typedef float f16 __attribute__((vector_size(64)));
typedef float f16u __attribute__((vector_size(64), aligned(4)));
typedef int32_t j16 __attribute__((vector_size(64)));

#define LOADF(p) ((f16)*(const f16u *)(p))
#define STOREF(p, v) (*(f16u *)(p) = (f16u)(v))
#define SPLATF(s) ((f16){0} + (float)(s))

/* y = exp(x) for -87 < x <= 0, relative error below 2e-7. */
#define EXPF(y, x_in)                                                                              \
  do {                                                                                             \
    const f16 x_ = __builtin_elementwise_max((f16)(x_in), SPLATF(-87.0f));                         \
    const f16 magic_ = SPLATF(12582912.0f);                                                        \
    f16 n_ = x_ * SPLATF(1.44269504f) + magic_;                                                    \
    const j16 bits_ = (j16)n_;                                                                     \
    n_ = n_ - magic_;                                                                              \
    f16 r_ = x_ - n_ * SPLATF(0.693359375f);                                                       \
    r_ = r_ + n_ * SPLATF(2.12194440e-4f);                                                         \
    f16 e_ = SPLATF(1.0f / 720.0f);                                                                \
    e_ = e_ * r_ + SPLATF(1.0f / 120.0f);                                                          \
    e_ = e_ * r_ + SPLATF(1.0f / 24.0f);                                                           \
    e_ = e_ * r_ + SPLATF(1.0f / 6.0f);                                                            \
    e_ = e_ * r_ + SPLATF(0.5f);                                                                   \
    e_ = e_ * r_ + SPLATF(1.0f);                                                                   \
    e_ = e_ * r_ + SPLATF(1.0f);                                                                   \
    (y) = e_ * (f16)((bits_ + 127) << 23);                                                         \
  } while (0)

/* u = exp(-|x|), s = 1 / (1 + exp(-x)). */
#define SIGMOIDF(s, u, x_in)                                                                       \
  do {                                                                                             \
    const f16 a_ = (x_in);                                                                         \
    EXPF(u, -__builtin_elementwise_abs(a_));                                                       \
    const f16 inverse_ = SPLATF(1.0f) / (SPLATF(1.0f) + (u));                                      \
    const j16 up_ = a_ > SPLATF(0.0f);                                                             \
    (s) = (f16)(((j16)inverse_ & up_) | ((j16)((u) * inverse_) & ~up_));                           \
  } while (0)

/* log(1 + exp(x)) = max(x, 0) + log(1 + u), the logarithm as u times a Chebyshev fit, which is
   off by less than 1e-8. */
#define SOFTPLUSF(p, u, x)                                                                         \
  do {                                                                                             \
    f16 l_ = SPLATF(-0.003176057018f);                                                             \
    l_ = l_ * (u) + SPLATF(0.01954252726f);                                                        \
    l_ = l_ * (u) + SPLATF(-0.05637361283f);                                                       \
    l_ = l_ * (u) + SPLATF(0.105436238f);                                                          \
    l_ = l_ * (u) + SPLATF(-0.1526966707f);                                                        \
    l_ = l_ * (u) + SPLATF(0.1966327426f);                                                         \
    l_ = l_ * (u) + SPLATF(-0.2495161626f);                                                        \
    l_ = l_ * (u) + SPLATF(0.333297105f);                                                          \
    l_ = l_ * (u) + SPLATF(-0.4999989265f);                                                        \
    l_ = l_ * (u) + SPLATF(0.9999999947f);                                                         \
    (p) = l_ * (u) + __builtin_elementwise_max((f16)(x), SPLATF(0.0f));                            \
  } while (0)

/* C += A B for 1 to 3 rows and a panel of 64 columns; rows lie lda, ldb, ldc apart. */
INLINE void panel_rows(int32_t count, int32_t inner, const float *a, int32_t lda, const float *b, int32_t ldb, float *c,
                       int32_t ldc) {
  f16 s[3][4];
  for (int32_t r = 0; r < count; ++r)
    for (int32_t k = 0; k < 4; ++k) s[r][k] = LOADF(c + (int64_t)r * ldc + 16 * k);
  for (int32_t q = 0; q < inner; ++q) {
    const float *row = b + (int64_t)q * ldb;
    const f16 b0 = LOADF(row), b1 = LOADF(row + 16), b2 = LOADF(row + 32), b3 = LOADF(row + 48);
    for (int32_t r = 0; r < count; ++r) {
      const f16 x = SPLATF(a[(int64_t)r * lda + q]);
      s[r][0] += x * b0;
      s[r][1] += x * b1;
      s[r][2] += x * b2;
      s[r][3] += x * b3;
    }
  }
  for (int32_t r = 0; r < count; ++r)
    for (int32_t k = 0; k < 4; ++k) STOREF(c + (int64_t)r * ldc + 16 * k, s[r][k]);
}

INLINE void panel(int32_t rows, int32_t inner, const float *a, int32_t lda, const float *b, int32_t ldb, float *c,
                  int32_t ldc) {
  int32_t i = 0;
  for (; i + 3 <= rows; i += 3) panel_rows(3, inner, a + (int64_t)i * lda, lda, b, ldb, c + (int64_t)i * ldc, ldc);
  if (rows - i == 2) panel_rows(2, inner, a + (int64_t)i * lda, lda, b, ldb, c + (int64_t)i * ldc, ldc);
  if (rows - i == 1) panel_rows(1, inner, a + (int64_t)i * lda, lda, b, ldb, c + (int64_t)i * ldc, ldc);
}

INLINE float total(const float *x) {
  float sum = 0;
  for (int32_t k = 0; k < 16; ++k) sum += x[k];
  return sum;
}

/* Gaussians and their slopes by the distance: WINDOW of 16 places an edge. */
MULTIVERSIONED
static void basis(int32_t edges, const double *distance, int32_t *first, float *gauss, float *slope) {
  const f16 steps = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  for (int32_t e = 0; e < edges; ++e) {
    int32_t start = (int32_t)(distance[e] + 0.5) - WINDOW / 2;
    start = start < 0 ? 0 : start > GAUSSIANS - WINDOW ? GAUSSIANS - WINDOW : start;
    first[e] = start;
    const f16 x = SPLATF(distance[e] - start) - steps;
    f16 g;
    EXPF(g, -x * x);
    STOREF(gauss + 16 * (int64_t)e, g);
    STOREF(slope + 16 * (int64_t)e, SPLATF(-2.0f) * x * g);
  }
}

MULTIVERSIONED
static void project(int32_t width, int32_t nodes, const struct wyckoff_crystal_layer *layer, const float *v,
                    float *projection) {
  const int32_t row = 4 * width;
  for (int32_t i = 0; i < nodes; ++i) memcpy(projection + (int64_t)i * row, layer->bias, sizeof(float) * (size_t)row);
  for (int32_t k = 0; k < row; k += PANEL) panel(nodes, width, v, width, layer->atoms + k, row, projection + k, row);
}

INLINE void convolve_rows(int32_t width, int32_t edges, const int32_t *target, const int32_t *source,
                          const float *weight, const int32_t *first, const float *gauss, const float *bond,
                          const float *projection, float *sum, float *slope) {
  const int32_t both = 2 * width;
  for (int32_t e = 0; e < edges; ++e) {
    const float *own = projection + (int64_t)target[e] * 2 * both;
    const float *other = projection + (int64_t)source[e] * 2 * both + both;
    const float *rows = bond + (int64_t)first[e] * both, *g = gauss + (int64_t)e * 16;
    float *out = sum + (int64_t)target[e] * width;
    const f16 w = SPLATF(weight[e]), one = SPLATF(1.0f);
    for (int32_t k = 0; k < width; k += 32) {
      f16 f0 = LOADF(own + k) + LOADF(other + k), f1 = LOADF(own + k + 16) + LOADF(other + k + 16);
      f16 c0 = LOADF(own + width + k) + LOADF(other + width + k);
      f16 c1 = LOADF(own + width + k + 16) + LOADF(other + width + k + 16);
      for (int32_t r = 0; r < WINDOW; ++r) {
        const float *row = rows + r * both + k;
        const f16 a = SPLATF(g[r]);
        f0 += a * LOADF(row);
        f1 += a * LOADF(row + 16);
        c0 += a * LOADF(row + width);
        c1 += a * LOADF(row + width + 16);
      }
      f16 s0, s1, t0, t1, u0, u1, p0, p1, unused;
      SIGMOIDF(s0, unused, f0);
      SIGMOIDF(s1, unused, f1);
      SIGMOIDF(t0, u0, c0);
      SIGMOIDF(t1, u1, c1);
      SOFTPLUSF(p0, u0, c0);
      SOFTPLUSF(p1, u1, c1);
      const f16 g0 = w * s0, g1 = w * s1;
      p0 *= g0;
      p1 *= g1;
      STOREF(out + k, LOADF(out + k) + p0);
      STOREF(out + k + 16, LOADF(out + k + 16) + p1);
      if (slope) {
        /* Of w s p by filter and core. */
        float *d = slope + (int64_t)e * both + k;
        STOREF(d, p0 * (one - s0));
        STOREF(d + 16, p1 * (one - s1));
        STOREF(d + width, g0 * t0);
        STOREF(d + width + 16, g1 * t1);
      }
    }
  }
}

MULTIVERSIONED
static void convolve(int32_t width, int32_t edges, const int32_t *target, const int32_t *source, const float *weight,
                     const int32_t *first, const float *gauss, const float *bond, const float *projection, float *sum,
                     float *slope) {
  if (width == 64) /* The usual one, its loops unrolled. */
    convolve_rows(64, edges, target, source, weight, first, gauss, bond, projection, sum, slope);
  else
    convolve_rows(width, edges, target, source, weight, first, gauss, bond, projection, sum, slope);
}

INLINE void convolve_rows_reverse(int32_t width, int32_t edges, const int32_t *target, const int32_t *source,
                                  const int32_t *first, const float *gauss_slope, const float *bond,
                                  const float *slope, const float *dsum, float *dprojection, double *ddistance) {
  const int32_t both = 2 * width;
  for (int32_t e = 0; e < edges; ++e) {
    const float *d = slope + (int64_t)e * both, *incoming = dsum + (int64_t)target[e] * width;
    float *own = dprojection + (int64_t)target[e] * 2 * both;
    float *other = dprojection + (int64_t)source[e] * 2 * both + both;
    const float *rows = bond + (int64_t)first[e] * both, *g = gauss_slope + (int64_t)e * 16;
    f16 sum = SPLATF(0.0f);
    for (int32_t k = 0; k < both; k += 32) {
      const f16 v0 = LOADF(d + k) * LOADF(incoming + (k < width ? k : k - width));
      const f16 v1 = LOADF(d + k + 16) * LOADF(incoming + (k < width ? k : k - width) + 16);
      STOREF(own + k, LOADF(own + k) + v0);
      STOREF(own + k + 16, LOADF(own + k + 16) + v1);
      STOREF(other + k, LOADF(other + k) + v0);
      STOREF(other + k + 16, LOADF(other + k + 16) + v1);
      f16 t0 = SPLATF(0.0f), t1 = t0;
      for (int32_t r = 0; r < WINDOW; ++r) {
        const f16 a = SPLATF(g[r]);
        t0 += a * LOADF(rows + r * both + k);
        t1 += a * LOADF(rows + r * both + k + 16);
      }
      sum += v0 * t0 + v1 * t1;
    }
    float lanes[16];
    STOREF(lanes, sum);
    ddistance[e] += total(lanes);
  }
}

MULTIVERSIONED
static void convolve_reverse(int32_t width, int32_t edges, const int32_t *target, const int32_t *source,
                             const int32_t *first, const float *gauss_slope, const float *bond, const float *slope,
                             const float *dsum, float *dprojection, double *ddistance) {
  if (width == 64)
    convolve_rows_reverse(64, edges, target, source, first, gauss_slope, bond, slope, dsum, dprojection, ddistance);
  else
    convolve_rows_reverse(width, edges, target, source, first, gauss_slope, bond, slope, dsum, dprojection, ddistance);
}

/* x <- softplus(scale sum + shift + x), and its slope. */
MULTIVERSIONED
static void activate(int32_t width, int32_t nodes, const float *scale, const float *shift, const float *sum, float *x,
                     float *slope) {
  for (int32_t i = 0; i < nodes; ++i) {
    for (int32_t k = 0; k < width; k += 16) {
      const int64_t at = (int64_t)i * width + k;
      const f16 y = scale ? LOADF(sum + at) * LOADF(scale + k) + LOADF(shift + k) + LOADF(x + at) : LOADF(x + at);
      f16 s, u, p;
      SIGMOIDF(s, u, y);
      SOFTPLUSF(p, u, y);
      STOREF(x + at, p);
      STOREF(slope + at, s);
    }
  }
}

MULTIVERSIONED
static void layer_reverse(int32_t width, int32_t nodes, const struct wyckoff_crystal_layer *layer,
                          const float *dprojection, float *dv) {
  const int32_t row = 4 * width;
  for (int32_t k = 0; k < width; k += PANEL)
    panel(nodes, row, dprojection, row, layer->atoms_reverse + k, width, dv + k, width);
}

MULTIVERSIONED
static void element_slopes(int32_t width, int32_t nodes, const float *dv, const float *elements, double *dmixtures) {
  for (int32_t i = 0; i < nodes; ++i) {
    f16 s[7];
    for (int32_t k = 0; k < 7; ++k) s[k] = SPLATF(0.0f);
    for (int32_t q = 0; q < width; ++q) {
      const f16 x = SPLATF(dv[(int64_t)i * width + q]);
      for (int32_t k = 0; k < 7; ++k) s[k] += x * LOADF(elements + q * ELEMENT_COLUMNS + 16 * k);
    }
    for (int32_t k = 0; k < ELEMENTS; ++k) dmixtures[(int64_t)i * ELEMENTS + k] = s[k / 16][k % 16];
  }
}

int64_t wyckoff_crystal_network_space(const struct wyckoff_crystal_network *network, int32_t nodes, int32_t edges) {
  const int64_t n = nodes, e = edges, l = network->layers, w = network->width;
  return e * (1 + 16 + 16) + l * (e * 2 * w + n * w) + n * (3 * w + 4 * w) + 3 * w +
         2 * (int64_t)network->hidden * network->hidden_layers + 256;
}

/* One row a unit: of width, then of hidden. */
INLINE const float *hidden_weights(const struct wyckoff_crystal_network *network, int32_t layer) {
  const int64_t hidden = network->hidden;
  return network->pooled + (layer ? hidden * network->width + (layer - 1) * hidden * hidden : 0);
}

/* y = softplus(weights x + bias), and its slope; the sum of start and output y, of y as it was before it was rounded. */
static double hidden_layer(int32_t rows, int32_t columns, const float *weights, const float *bias, const float *x,
                           float *y, float *slope, double start, const float *output) {
  for (int32_t h = 0; h < rows; ++h) {
    double sum = bias[h];
    for (int32_t c = 0; c < columns; ++c) sum += (double)weights[(int64_t)h * columns + c] * x[c];
    const double u = exp(-fabs(sum));
    slope[h] = (float)((sum > 0 ? 1 : u) / (1 + u));
    const double value = (sum > 0 ? sum : 0) + log1p(u);
    y[h] = (float)value;
    start += output[h] * value;
  }
  return start;
}

/* dx by dy; times a factor of each, where there is one. */
static void hidden_layer_reverse(int32_t rows, int32_t columns, const float *weights, const float *dy,
                                 const float *slope, const float *factor, float *dx) {
  for (int32_t c = 0; c < columns; ++c) {
    double sum = 0;
    for (int32_t h = 0; h < rows; ++h) sum += (double)dy[h] * slope[h] * weights[(int64_t)h * columns + c];
    dx[c] = (float)(factor ? sum * factor[c] : sum);
  }
}

double wyckoff_crystal_network_evaluate(const struct wyckoff_crystal_network *network, int32_t nodes, int32_t edges,
                                        const int32_t *target, const int32_t *source, const float *weight,
                                        const double *distance, const float *shares, const float *features,
                                        float *space, double *dmixtures, double *ddistance) {
  const int64_t n = nodes, e = edges;
  const int32_t width = network->width, both = 2 * width, hidden = network->hidden;
  int32_t *first = (int32_t *)space;
  float *gauss = space + e, *gauss_slope = gauss + 16 * e;
  float *edge_slopes = gauss_slope + 16 * e, *node_slopes = edge_slopes + network->layers * e * both;
  float *v = node_slopes + network->layers * n * width, *sum = v + n * width, *dsum = sum + n * width;
  float *projection = dsum + n * width;
  float *pool = projection + n * 2 * both, *pool_slope = pool + width, *dpool = pool_slope + width;
  float *inner = dpool + width; /* Values, then slopes of each hidden layer. */
  const size_t node_bytes = sizeof(float) * (size_t)(n * width);

  basis(edges, distance, first, gauss, gauss_slope);
  memcpy(v, features, node_bytes);
  for (int32_t t = 0; t < network->layers; ++t) {
    const struct wyckoff_crystal_layer *layer = network->layer + t;
    project(width, nodes, layer, v, projection);
    memset(sum, 0, node_bytes);
    convolve(width, edges, target, source, weight, first, gauss, layer->bond, projection, sum,
             dmixtures ? edge_slopes + t * e * both : 0);
    activate(width, nodes, layer->scale, layer->shift, sum, v, node_slopes + t * n * width);
  }
  for (int32_t c = 0; c < width; ++c) {
    double mean = 0;
    for (int64_t i = 0; i < n; ++i) mean += (double)shares[i] * v[i * width + c];
    pool[c] = (float)mean;
  }
  activate(width, 1, 0, 0, 0, pool, pool_slope);
  double result = network->output_bias;
  for (int32_t t = 0; t < network->hidden_layers; ++t) {
    float *values = inner + (int64_t)t * 2 * hidden;
    result = hidden_layer(hidden, t ? hidden : width, hidden_weights(network, t), network->pooled_bias + t * hidden,
                          t ? values - 2 * hidden : pool, values, values + hidden, network->output_bias,
                          network->output);
  }
  double factor = network->deviation, value = result * network->deviation + network->mean;
  if (network->classifier) {
    value = 1 / (1 + exp(-result));
    factor = value / (1 + exp(result));
  }
  if (!dmixtures) return value;

  for (int32_t t = network->hidden_layers - 1; t >= 0; --t) {
    /* The values of a layer give way to the slopes by them. */
    float *values = inner + (int64_t)t * 2 * hidden;
    if (t == network->hidden_layers - 1) memcpy(values, network->output, sizeof(float) * (size_t)hidden);
    hidden_layer_reverse(hidden, t ? hidden : width, hidden_weights(network, t), values, values + hidden,
                         t ? 0 : pool_slope, t ? values - 2 * hidden : dpool);
  }
  float *dv = v;
  for (int64_t i = 0; i < n; ++i)
    for (int32_t c = 0; c < width; ++c) dv[i * width + c] = shares[i] * dpool[c];
  memset(ddistance, 0, sizeof(double) * (size_t)e);
  for (int32_t t = network->layers - 1; t >= 0; --t) {
    const struct wyckoff_crystal_layer *layer = network->layer + t;
    const float *slope = node_slopes + t * n * width;
    for (int64_t k = 0; k < n * width; ++k) {
      dv[k] *= slope[k];
      dsum[k] = dv[k] * layer->scale[k % width];
    }
    memset(projection, 0, sizeof(float) * (size_t)(n * 2 * both));
    convolve_reverse(width, edges, target, source, first, gauss_slope, layer->bond, edge_slopes + t * e * both, dsum,
                     projection, ddistance);
    layer_reverse(width, nodes, layer, projection, dv);
  }
  element_slopes(width, nodes, dv, network->elements, dmixtures);
  for (int64_t k = 0; k < n * ELEMENTS; ++k) dmixtures[k] *= factor;
  for (int64_t k = 0; k < e; ++k) ddistance[k] *= factor;
  return value;
}
