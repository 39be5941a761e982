"""FOX (ObjCryst++ through pyobjcryst): the profile after one atom has moved; trials of its Monte Carlo search."""
from worker import D_MIN, FIRST, LAST, STEP, WAVELENGTH, serve

import numpy as np
from pyobjcryst.crystal import CreateCrystalFromCIF
from pyobjcryst.globaloptim import MonteCarlo
from pyobjcryst.powderpattern import PowderPattern, ReflectionProfileType


TRIALS = 5000


def prepare(path, limit):
    crystal = CreateCrystalFromCIF(path, False, False)
    powers = crystal.GetScatteringPowerRegistry()
    for k in range(powers.GetNb()):
        powers.GetObj(k).Biso = 0.0
    pattern = PowderPattern()
    pattern.SetWavelength(WAVELENGTH)
    count = int(round((LAST - FIRST) / STEP)) + 1
    pattern.SetPowderPatternPar(np.deg2rad(FIRST), np.deg2rad(STEP), count)
    pattern.SetPowderPatternObs(np.ones(count))
    diffraction = pattern.AddPowderPatternDiffraction(crystal)
    diffraction.SetReflectionProfilePar(
        ReflectionProfileType.PROFILE_PSEUDO_VOIGT, float(np.deg2rad(0.1) ** 2), 0.0, 0.0, 0.5, 0.0)
    pattern.SetMaxSinThetaOvLambda(limit)
    return crystal, pattern, diffraction


def profile_atom(path):
    crystal, pattern, diffraction = prepare(path, 0.5 / D_MIN * 1.02)
    atom = crystal.GetScatterer(0)
    sign = [1]

    def call():
        sign[0] = -sign[0]
        atom.X = atom.X + 1e-4 * sign[0]
        return pattern.GetPowderPatternCalc()

    call.kept = (crystal, pattern, diffraction)
    return call


def trials(path):
    """Its own criterion on integrated intensities to sin(theta)/lambda <= 0.3; one call makes many trials."""
    crystal, pattern, diffraction = prepare(path, 0.3)
    pattern.SetPowderPatternObs(pattern.GetPowderPatternCalc() + 1.0)
    search = MonteCarlo()
    search.AddRefinableObj(crystal)
    search.AddRefinableObj(pattern)
    search.GetOption("Automatic Least Squares Refinement").SetChoice(0)

    def call():
        search.MultiRunOptimize(nb_run=1, nb_step=TRIALS)

    call.kept = (crystal, pattern, diffraction, search)
    return call, TRIALS


serve({"profile-atom": profile_atom, "trial": trials})
