"""Largest differences of CHGNet's numbers from those of the PyTorch package (single precision there).

    python3 agreement.py WYCKOFF [--potential chgnet|chgnet-r2scan] STRUCTURE…      POSCAR or CIF

Needs torch, chgnet 0.4.2 and numpy in the Python that runs it, and wyckoff models fetch.
"""
import argparse
import json
import subprocess
import warnings

arguments = argparse.ArgumentParser()
arguments.add_argument("wyckoff")
arguments.add_argument("structures", nargs="+")
arguments.add_argument("--potential", default="chgnet-r2scan")
options = arguments.parse_args()
warnings.filterwarnings("ignore")
import numpy
from chgnet.model import CHGNet
from pymatgen.core import Structure

name = {"chgnet": "0.3.0", "chgnet-r2scan": "r2scan"}[options.potential]
model = CHGNet.load(model_name=name, use_device="cpu", verbose=False)
print("structure\tatoms\teV/atom\teV/Å\tGPa\tµB")
for path in options.structures:
    structure = Structure.from_file(path)
    theirs = model.predict_structure(structure)
    run = subprocess.run([options.wyckoff, "energy", path, "--potential", options.potential, "--json"],
                         capture_output=True, text=True, check=True)
    ours = json.loads(run.stdout)
    differences = [abs(float(theirs["e"]) - ours["energyPerAtom"])]
    for ours_key, key in (("forces", "f"), ("stress", "s"), ("magneticMoments", "m")):
        differences.append(abs(numpy.array(ours[ours_key]) - theirs[key]).max())
    print(path, len(structure), *(f"{value:.1e}" for value in differences), sep="\t")
