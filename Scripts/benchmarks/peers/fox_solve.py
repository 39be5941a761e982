"""FOX (ObjCryst++ through pyobjcryst): one solution of PbSO4 with six free atoms, the published cell and the group given.

    fox_solve.py PATTERN SEED TRIALS
Pb, S and four O start at random; dynamical occupancies merge what falls on special positions. One line of JSON: seconds of
CPU, trials, Rw of the profile, and the positions found.
"""
import json
import sys
import time
import warnings

import numpy as np
from pyobjcryst.atom import Atom
from pyobjcryst.crystal import Crystal
from pyobjcryst.globaloptim import MonteCarlo
from pyobjcryst.powderpattern import PowderPattern
from pyobjcryst.scatteringpower import ScatteringPowerAtom

warnings.filterwarnings("ignore")
path, seed, trials = sys.argv[1], int(sys.argv[2]), int(float(sys.argv[3]))
random = np.random.default_rng(seed)
pattern = PowderPattern()
pattern.ImportPowderPatternFullprof(path)
pattern.SetWavelength("Cu")
right = np.pi / 2
crystal = Crystal(8.482, 5.398, 6.959, right, right, right, "Pnma")
diffraction = pattern.AddPowderPatternDiffraction(crystal)
pattern.SetMaxSinThetaOvLambda(0.3)
pattern.quick_fit_profile(auto_background=True, plot=False, init_profile=True, verbose=False)
pattern.quick_fit_profile(plot=False, init_profile=False, asym=True, displ_transl=True, verbose=False)
powers = {"Pb": ScatteringPowerAtom("Pb", "Pb", 1.0), "S": ScatteringPowerAtom("S", "S", 1.5),
          "O": ScatteringPowerAtom("O", "O", 2.0)}
for power in powers.values():
    crystal.AddScatteringPower(power)
for label in ["Pb", "S", "O1", "O2", "O3", "O4"]:
    crystal.AddScatterer(Atom(*random.random(3), label, powers[label.rstrip("1234")]))
diffraction.SetExtractionMode(False)
pattern.FitScaleFactorForRw()
search = MonteCarlo()
search.AddRefinableObj(crystal)
search.AddRefinableObj(pattern)
search.GetOption("Automatic Least Squares Refinement").SetChoice(0)
begin = time.process_time()
search.MultiRunOptimize(nb_run=1, nb_step=trials)
seconds = time.process_time() - begin
pattern.FitScaleFactorForRw()
components = crystal.GetScatteringComponentList()
atoms = [(components[i].mpScattPow.GetSymbol(), components[i].X, components[i].Y, components[i].Z)
         for i in range(len(components))]
print(json.dumps({"seconds": seconds, "trials": trials, "rw": pattern.rw, "atoms": atoms}), flush=True)
