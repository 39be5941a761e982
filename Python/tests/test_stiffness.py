"""What the filter takes a crystal for before anything is evaluated."""

import numpy as np
import pytest
from ase.build import bulk
from ase.calculators.emt import EMT
from ase.optimize import BFGS
from ase.spacegroup import crystal
from ordered_alloys import METALS as EMTS
from pymatgen.core import Element
from wyckoff._metals import METALS, alloy
from wyckoff._stiffness import ALLOY_SHARE, BULK_STIFFNESS, bulk_stiffness, linear_strain
from wyckoff.ase import SymmetryFilter


def test_volumes_of_metals_are_those_of_another_table():
    for symbol, (volume, modulus) in METALS.items():
        known = Element(symbol).molar_volume
        assert volume == pytest.approx(float(known) * 1.66054, rel=0.25), symbol
        assert 1 < modulus < 500


def test_alloys_are_mixtures_and_all_else_is_usual():
    volume, stiffness = alloy(["Cu", "Cu", "Cu", "Au"])
    assert volume == pytest.approx(3 * 11.83 + 16.95) and 10 < stiffness < 19
    assert bulk_stiffness(["Cu", "Au"], 11.83 + 16.95) == pytest.approx(ALLOY_SHARE * alloy(["Cu", "Au"])[1])
    assert bulk_stiffness(["Cu"], 14.0) < bulk_stiffness(["Cu"], 11.83) < bulk_stiffness(["Cu"], 10.0)
    assert bulk_stiffness(["Cu", "O"], 20.0) == BULK_STIFFNESS and alloy([]) is None


@pytest.mark.parametrize("metal", EMTS)
def test_a_metal_is_as_stiff_as_optimisers_expect(metal):
    atoms = bulk(metal)
    atoms.set_cell(atoms.cell * (METALS[metal][0] / atoms.get_volume()) ** (1 / 3), scale_atoms=True)
    atoms.calc = EMT()
    filter = SymmetryFilter(atoms)
    energies = []
    for z in (-0.05, 0.0, 0.05):
        filter.set_positions([[z, 0, 0]])
        energies.append(filter.get_potential_energy())
    curvature = (energies[0] - 2 * energies[1] + energies[2]) / 0.05**2
    assert 70 / 2.5 < curvature < 70 * 2.5


def test_expansion_is_a_slope_without_a_jump():
    for u in np.linspace(-0.5, 0.6, 45):
        strain, slope = linear_strain(u)
        high, low = linear_strain(u + 1e-6)[0], linear_strain(u - 1e-6)[0]
        assert slope == pytest.approx((high - low) / 2e-6, rel=1e-4) and slope > 0
    assert linear_strain(0) == (0, 1)


def test_how_a_crystal_lies_does_not_matter():
    """Cell vectors keep to their axes and turn as the cell is sheared: that is no strain."""
    start = crystal(["Cu", "Au"], [(0.2, 0.1, 0.3), (0.7, 0.55, 0.2)], spacegroup=2, cellpar=[3.4, 4.2, 5.1, 84, 97, 104])
    start.set_cell(start.cell * 1.1, scale_atoms=True)
    lengths = []
    for angle, axis in ((0, "x"), (37, (1, 2, 3)), (90, (1, 0, 0)), (120, (1, 1, 1))):
        atoms = start.copy()
        atoms.rotate(angle, axis, rotate_cell=True)
        atoms.calc = EMT()
        filter = SymmetryFilter(atoms)
        assert np.abs(filter._strains - filter._strains.transpose(0, 2, 1)).max() < 1e-12
        run = BFGS(filter, logfile=None)
        run.run(fmax=0.01, steps=200)
        lengths.append(run.nsteps)
    assert max(lengths) - min(lengths) <= 2
