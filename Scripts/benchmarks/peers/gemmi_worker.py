"""gemmi: |F| of a list of reflections from a small structure."""
from worker import D_MAX, D_MIN, serve

import gemmi


def factors(path):
    structure = gemmi.read_small_structure(path)
    if hasattr(structure, "setup_cell_images"):
        structure.setup_cell_images()
    indices = [[int(v) for v in h] for h in gemmi.make_miller_array(structure.cell, structure.spacegroup, D_MIN, D_MAX)]
    for site in structure.sites:
        site.u_iso = 0.0
    structure.change_occupancies_to_crystallographic()
    calculator = gemmi.StructureFactorCalculatorX(structure.cell)
    return lambda: [calculator.calculate_sf_from_small_structure(structure, h) for h in indices]


serve({"factors": factors})
