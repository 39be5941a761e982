#include "CStructureFactors.h"

#include "Vector.h"

/* exp(2 pi i n x) for n = min..max by recurrence from n = 0 outwards. */
INLINE void fill_axis(double *table, int32_t min, int32_t max, int32_t slots, const double *x, int32_t first,
                      int32_t last) {
  for (int32_t j = first; j < last; j += WYCKOFF_LANES) {
    double cosine[WYCKOFF_LANES], sine[WYCKOFF_LANES];
    for (int32_t i = 0; i < WYCKOFF_LANES; ++i) {
      const double reduced = x[j + i] - nearbyint(x[j + i]);
      cosine[i] = cos(2 * M_PI * reduced);
      sine[i] = sin(2 * M_PI * reduced);
    }
    const v4 c1 = LOAD(cosine), s1 = LOAD(sine);
    v4 c = SPLAT(1.0), s = SPLAT(0.0);
    for (int32_t n = 0; n <= max; ++n) {
      if (n >= min) {
        double *row = table + (int64_t)(n - min) * 2 * slots;
        STORE(row + j, c);
        STORE(row + slots + j, s);
      }
      const v4 next = c * c1 - s * s1;
      s = s * c1 + c * s1;
      c = next;
    }
    c = SPLAT(1.0), s = SPLAT(0.0);
    for (int32_t n = 0; n >= min; --n) {
      if (n <= max) {
        double *row = table + (int64_t)(n - min) * 2 * slots;
        STORE(row + j, c);
        STORE(row + slots + j, s);
      }
      const v4 next = c * c1 + s * s1;
      s = s * c1 - c * s1;
      c = next;
    }
  }
}

MULTIVERSIONED
void wyckoff_fill_tables(const wyckoff_phase_tables *t, const double *position, int32_t first, int32_t last) {
#pragma clang fp reassociate(on) contract(fast)
  fill_axis(t->table_x, t->h_min, t->h_max, t->slots, position, first, last);
  fill_axis(t->table_y, t->k_min, t->k_max, t->slots, position + t->slots, first, last);
  fill_axis(t->table_z, t->l_min, t->l_max, t->slots, position + 2 * t->slots, first, last);
}

/* The part of a run that lies in the span; skips the run without one. */
#define RUN_OF_SPAN(t, span, run, start, end)                                                      \
  int32_t start = (t)->run_start[run], end = (t)->run_start[(run) + 1];                            \
  if (start < (span)->first) start = (span)->first;                                                \
  if (end > (span)->last) end = (span)->last;                                                      \
  if (start >= end) continue

/* The product of the x and y phases, shared by a run of equal h and k. */
#define RUN_PHASES(t, start_, first, last, xr, xi)                                                 \
  do {                                                                                             \
    const double *a_ = (t)->table_x + (int64_t)((t)->h[start_] - (t)->h_min) * 2 * (t)->slots;     \
    const double *b_ = (t)->table_y + (int64_t)((t)->k[start_] - (t)->k_min) * 2 * (t)->slots;     \
    for (int32_t j_ = (first); j_ < (last); j_ += WYCKOFF_LANES) {                                 \
      const v4 ar_ = LOAD(a_ + j_), ai_ = LOAD(a_ + (t)->slots + j_);                              \
      const v4 br_ = LOAD(b_ + j_), bi_ = LOAD(b_ + (t)->slots + j_);                              \
      STORE((xr) + j_, ar_ * br_ - ai_ * bi_);                                                     \
      STORE((xi) + j_, ar_ * bi_ + ai_ * br_);                                                     \
    }                                                                                              \
  } while (0)

/* Four consecutive slots' weights at one reflection. */
#define GATHER(w, rows, j, n, i)                                                                   \
  ((v4){(w)[(int64_t)(rows)[(j)] * (n) + (i)], (w)[(int64_t)(rows)[(j) + 1] * (n) + (i)],          \
        (w)[(int64_t)(rows)[(j) + 2] * (n) + (i)], (w)[(int64_t)(rows)[(j) + 3] * (n) + (i)]})

MULTIVERSIONED
void wyckoff_amplitudes(const wyckoff_phase_tables *t, const wyckoff_span *span, const double *weight,
                        const double *dispersion, int32_t first, int32_t last, double *p, double *q) {
#pragma clang fp reassociate(on) contract(fast)
  const int32_t n = t->reflections, slots = t->slots;
  const int32_t *rows = t->row_of_slot;
  double *xr = span->scratch, *xi = xr + slots;
  for (int32_t run = 0; run < t->runs; ++run) {
    RUN_OF_SPAN(t, span, run, start, end);
    RUN_PHASES(t, start, first, last, xr, xi);
    for (int32_t i = start; i < end; ++i) {
      const double *z = t->table_z + (int64_t)(t->l[i] - t->l_min) * 2 * slots;
      v4 pr = SPLAT(0.0), pi = SPLAT(0.0), qr = SPLAT(0.0), qi = SPLAT(0.0);
      for (int32_t j = first; j < last; j += WYCKOFF_LANES) {
        const v4 w = GATHER(weight, rows, j, n, i);
        const v4 a = LOAD(xr + j), b = LOAD(xi + j), zr = LOAD(z + j), zi = LOAD(z + slots + j);
        const v4 c = a * zr - b * zi;
        pr += w * c;
        if (!t->centrosymmetric) {
          const v4 s = a * zi + b * zr;
          pi += w * s;
          if (dispersion) {
            const v4 d = GATHER(dispersion, rows, j, n, i);
            qr += d * c;
            qi += d * s;
          }
        } else if (dispersion) {
          qr += GATHER(dispersion, rows, j, n, i) * c;
        }
      }
      p[i] = HSUM(pr);
      p[n + i] = HSUM(pi);
      if (q) {
        q[i] = HSUM(qr);
        q[n + i] = HSUM(qi);
      }
    }
  }
}

MULTIVERSIONED
void wyckoff_reverse(const wyckoff_phase_tables *t, const wyckoff_span *span, const double *weight,
                     const double *dispersion, const double *p, const double *q, const double *cotangent,
                     double *position_gradient, double *weight_gradient, double *dispersion_gradient) {
#pragma clang fp reassociate(on) contract(fast)
  const int32_t n = t->reflections, slots = t->slots;
  const int32_t *rows = t->row_of_slot;
  double *xr = span->scratch, *xi = xr + slots, *total = xi + slots, *moment = total + slots;
  double *gx = position_gradient, *gy = gx + slots, *gz = gy + slots;
  for (int32_t run = 0; run < t->runs; ++run) {
    RUN_OF_SPAN(t, span, run, start, end);
    RUN_PHASES(t, start, 0, slots, xr, xi);
    memset(total, 0, sizeof(double) * 2 * slots);
    for (int32_t i = start; i < end; ++i) {
      const double *z = t->table_z + (int64_t)(t->l[i] - t->l_min) * 2 * slots;
      const double g = 2 * cotangent[i];
      if (g == 0) continue;
      const v4 pr = SPLAT(g * p[i]), pi = SPLAT(g * p[n + i]), l = SPLAT((double)t->l[i]);
      const v4 qr = SPLAT(q ? g * q[i] : 0), qi = SPLAT(q ? g * q[n + i] : 0);
      for (int32_t j = 0; j < slots; j += WYCKOFF_LANES) {
        const v4 w = GATHER(weight, rows, j, n, i);
        const v4 a = LOAD(xr + j), b = LOAD(xi + j), zr = LOAD(z + j), zi = LOAD(z + slots + j);
        const v4 c = a * zr - b * zi, s = a * zi + b * zr;
        v4 alpha = w * pr, beta = w * pi;
        if (dispersion) {
          const v4 d = GATHER(dispersion, rows, j, n, i);
          alpha += d * qr;
          beta += d * qi;
        }
        const v4 phase = beta * c - alpha * s;
        STORE(total + j, LOAD(total + j) + phase);
        STORE(moment + j, LOAD(moment + j) + l * phase);
        if (weight_gradient) {
          const v4 u = pr * c + pi * s;
          for (int32_t e = 0; e < WYCKOFF_LANES; ++e) weight_gradient[(int64_t)rows[j + e] * n + i] += u[e];
        }
        if (dispersion_gradient) {
          const v4 u = qr * c + qi * s;
          for (int32_t e = 0; e < WYCKOFF_LANES; ++e) dispersion_gradient[(int64_t)rows[j + e] * n + i] += u[e];
        }
      }
    }
    const v4 h = SPLAT(2 * M_PI * t->h[start]), k = SPLAT(2 * M_PI * t->k[start]), two_pi = SPLAT(2 * M_PI);
    for (int32_t j = 0; j < slots; j += WYCKOFF_LANES) {
      const v4 sum = LOAD(total + j);
      STORE(gx + j, LOAD(gx + j) + h * sum);
      STORE(gy + j, LOAD(gy + j) + k * sum);
      STORE(gz + j, LOAD(gz + j) + two_pi * LOAD(moment + j));
    }
  }
}

MULTIVERSIONED
void wyckoff_forward(const wyckoff_phase_tables *t, const wyckoff_span *span, const double *weight,
                     const double *dispersion, const double *p, const double *q, const double *rotation,
                     const int32_t *orbit_of_slot, int32_t orbits, double *orbit_jacobian,
                     double *weight_jacobian, double *dispersion_jacobian) {
#pragma clang fp reassociate(on) contract(fast)
  const int32_t n = t->reflections, slots = t->slots;
  const int32_t *rows = t->row_of_slot;
  double *xr = span->scratch, *xi = xr + slots;
  for (int32_t row = 0; row < 3 * (orbits + 1); ++row)
    memset(orbit_jacobian + row * (int64_t)n + span->first, 0, sizeof(double) * (span->last - span->first));
  for (int32_t run = 0; run < t->runs; ++run) {
    RUN_OF_SPAN(t, span, run, start, end);
    RUN_PHASES(t, start, 0, slots, xr, xi);
    for (int32_t i = start; i < end; ++i) {
      const double *z = t->table_z + (int64_t)(t->l[i] - t->l_min) * 2 * slots;
      const v4 pr = SPLAT(2 * p[i]), pi = SPLAT(2 * p[n + i]);
      const v4 qr = SPLAT(q ? 2 * q[i] : 0), qi = SPLAT(q ? 2 * q[n + i] : 0);
      const v4 h = SPLAT(2 * M_PI * t->h[i]), k = SPLAT(2 * M_PI * t->k[i]), l = SPLAT(2 * M_PI * t->l[i]);
      for (int32_t j = 0; j < slots; j += WYCKOFF_LANES) {
        const v4 w = GATHER(weight, rows, j, n, i);
        const v4 a = LOAD(xr + j), b = LOAD(xi + j), zr = LOAD(z + j), zi = LOAD(z + slots + j);
        const v4 c = a * zr - b * zi, s = a * zi + b * zr;
        v4 alpha = w * pr, beta = w * pi;
        if (dispersion) {
          const v4 d = GATHER(dispersion, rows, j, n, i);
          alpha += d * qr;
          beta += d * qi;
        }
        const v4 phase = beta * c - alpha * s;
        const double *r = rotation + j;
        v4 d[3];
        for (int32_t axis = 0; axis < 3; ++axis)
          d[axis] = phase * (h * LOAD(r + axis * slots) + k * LOAD(r + (3 + axis) * slots) +
                             l * LOAD(r + (6 + axis) * slots));
        for (int32_t e = 0; e < WYCKOFF_LANES; ++e) {
          double *column = orbit_jacobian + (int64_t)orbit_of_slot[j + e] * 3 * n + i;
          column[0] += d[0][e];
          column[n] += d[1][e];
          column[2 * n] += d[2][e];
        }
        if (weight_jacobian) {
          const v4 u = pr * c + pi * s;
          for (int32_t e = 0; e < WYCKOFF_LANES; ++e) weight_jacobian[(int64_t)rows[j + e] * n + i] += u[e];
        }
        if (dispersion_jacobian) {
          const v4 u = qr * c + qi * s;
          for (int32_t e = 0; e < WYCKOFF_LANES; ++e) dispersion_jacobian[(int64_t)rows[j + e] * n + i] += u[e];
        }
      }
    }
  }
}

MULTIVERSIONED
void wyckoff_form_factor(const double coefficients[12], int32_t count, const double *q, double *f, double *df) {
#pragma clang fp contract(fast)
  const double constant = coefficients[0];
  const int quadratic = coefficients[1] != 0;
  for (int32_t i = 0; i < count; i += WYCKOFF_LANES) {
    double buffer[WYCKOFF_LANES] = {0, 0, 0, 0};
    const int32_t left = count - i < WYCKOFF_LANES ? count - i : WYCKOFF_LANES;
    memcpy(buffer, q + i, sizeof(double) * left);
    const v4 x = LOAD(buffer);
    v4 value = SPLAT(0.0), slope = SPLAT(0.0);
    for (int32_t g = 0; g < 5; ++g) {
      if (coefficients[2 + g] == 0) continue;
      v4 e;
      EXP4(e, -SPLAT(coefficients[7 + g]) * x);
      e *= SPLAT(coefficients[2 + g]);
      value += e;
      slope -= SPLAT(coefficients[7 + g]) * e;
    }
    if (quadratic) {
      const v4 factor = SPLAT(-41.78214);
      slope = factor * (value + x * slope);
      value = factor * x * value;
    }
    value += SPLAT(constant);
    for (int32_t e = 0; e < left; ++e) {
      f[i + e] = value[e];
      if (df) df[i + e] = slope[e];
    }
  }
}

MULTIVERSIONED
void wyckoff_debye_waller(double b, double factor, int32_t count, const double *q, double *out) {
#pragma clang fp contract(fast)
  if (b == 0) {
    for (int32_t i = 0; i < count; ++i) out[i] = factor;
    return;
  }
  int32_t i = 0;
  for (; i + WYCKOFF_LANES <= count; i += WYCKOFF_LANES) {
    v4 e;
    EXP4(e, SPLAT(-b) * LOAD(q + i));
    STORE(out + i, e * SPLAT(factor));
  }
  for (; i < count; ++i) out[i] = factor * exp(-b * q[i]);
}
