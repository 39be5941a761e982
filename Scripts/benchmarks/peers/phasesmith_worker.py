"""PhaseSmith: profile, its reverse-mode gradient, and preparing with profile."""
from worker import FIRST, LAST, STEP, WAVELENGTH, serve

import numpy as np
import phasesmith as ps
from phasesmith.io.cif import read_cif

GRID = np.arange(FIRST, LAST + 1e-9, STEP)
ONE_THREAD = ps.ExecutionPolicy(threads=1)
INSTRUMENT = ps.ConstantWavelengthInstrument(
    wavelength_angstrom=WAVELENGTH, u_deg2=0.0, v_deg2=0.0, w_deg2=1.8e-3, x_deg=0.0, y_deg=0.02)
EXPERIMENT = ps.ConstantWavelengthExperiment.x_ray(INSTRUMENT)
PATTERN = ps.PowderPattern(GRID)
COTANGENT = np.ones_like(GRID)


def phase(path):
    structure = read_cif(path).structure
    generated = ps.PreparedReflectionGenerator(structure.space_group).generate(
        structure.cell, ps.CwTwoThetaRange(FIRST, LAST, WAVELENGTH))
    batch = ps.StructuralReflectionBatch.from_generated(generated)
    return structure, generated, ps.RietveldPhase(
        "a", "a", structure, batch, ps.XrayNonResonant(), ps.BraggBrentanoUnpolarizedLp(WAVELENGTH))


def prepared(path):
    _, _, rietveld = phase(path)
    return ps.PreparedStructuralPattern(PATTERN, EXPERIMENT, rietveld, support_fwhm=20.0, execution=ONE_THREAD)


def factors(path):
    structure, generated, _ = phase(path)
    return lambda: ps.calculate_structure_factor_values(
        structure, hkl=generated.hkl, multiplicity=generated.multiplicity, scattering=ps.XrayNonResonant(),
        scale=1.0, execution=ONE_THREAD)


def profile_gradient(path):
    calculation = prepared(path)
    return lambda: calculation.vjp(COTANGENT)


def prepare_profile(path):
    _, _, rietveld = phase(path)
    return lambda: ps.PreparedStructuralPattern(
        PATTERN, EXPERIMENT, rietveld, support_fwhm=20.0, execution=ONE_THREAD).calculate()


serve({"factors": factors, "profile-gradient": profile_gradient, "prepare-profile-gradient": prepare_profile})
