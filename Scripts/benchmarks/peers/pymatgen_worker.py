"""pymatgen: stick pattern of a prepared structure (the conventional cell), and from the CIF."""
from worker import FIRST, LAST, WAVELENGTH, serve

from pymatgen.analysis.diffraction.xrd import XRDCalculator
from pymatgen.analysis.structure_matcher import StructureMatcher
from pymatgen.core import Structure

MATCHER = StructureMatcher()
CALCULATOR = XRDCalculator(wavelength=WAVELENGTH)


def sticks(path):
    structure = Structure.from_file(path, primitive=False)
    return lambda: CALCULATOR.get_pattern(structure, two_theta_range=(FIRST, LAST), scaled=False)


def cif_sticks(path):
    return lambda: CALCULATOR.get_pattern(
        Structure.from_file(path, primitive=False), two_theta_range=(FIRST, LAST), scaled=False)


def moved(path):
    """The structure and a copy whose atoms are moved by 0.03 A, of 1.01 times the volume, on another origin."""
    structure = Structure.from_file(path, primitive=False)
    copy = structure.copy()
    copy.perturb(0.03)
    copy.scale_lattice(copy.volume * 1.01)
    copy.translate_sites(list(range(len(copy))), [0.13, 0.27, 0.41])
    return structure, copy


def match(path):
    pair = moved(path)
    return lambda: MATCHER.fit(*pair)


def match_rms(path):
    pair = moved(path)
    return lambda: MATCHER.get_rms_dist(*pair)


serve({"match": match, "match-rms": match_rms, "sticks": sticks, "cif-sticks": cif_sticks})
