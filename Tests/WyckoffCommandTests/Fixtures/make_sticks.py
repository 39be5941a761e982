"""Sticks of pymatgen's XRDCalculator: the fixture pymatgen-sticks.tsv of PatternCommandTests.

    python3 -m venv pmg && pmg/bin/pip install pymatgen
    pmg/bin/python make_sticks.py FOLDER-OF-CIFS > pymatgen-sticks.tsv

Columns: file's name, 2θ in degrees (Cu Kα1 1.540593 Å, 5–90°), intensity with the strongest at 100.
"""
import glob
import os
import sys
import warnings

warnings.filterwarnings("ignore")
from pymatgen.analysis.diffraction.xrd import XRDCalculator
from pymatgen.core import Structure

calculator = XRDCalculator(wavelength=1.540593)
for path in sorted(glob.glob(os.path.join(sys.argv[1], "*.cif"))):
    name = os.path.splitext(os.path.basename(path))[0]
    pattern = calculator.get_pattern(Structure.from_file(path), scaled=True, two_theta_range=(5, 90))
    for angle, intensity in zip(pattern.x, pattern.y):
        print(f"{name}\t{angle:.6f}\t{intensity:.7g}")
