"""xrd-rust: stick pattern of a prepared pymatgen structure (the conventional cell), and from the CIF."""
from worker import FIRST, LAST, WAVELENGTH, serve

from pymatgen.core import Structure
from xrd_rust_calculator.xrd_calculator_rust import XRDCalculatorRust

CALCULATOR = XRDCalculatorRust(wavelength=WAVELENGTH)


def sticks(path):
    structure = Structure.from_file(path, primitive=False)
    return lambda: CALCULATOR.get_pattern(structure, two_theta_range=(FIRST, LAST), scaled=False)


def cif_sticks(path):
    return lambda: CALCULATOR.get_pattern(
        Structure.from_file(path, primitive=False), two_theta_range=(FIRST, LAST), scaled=False)


serve({"sticks": sticks, "cif-sticks": cif_sticks})
