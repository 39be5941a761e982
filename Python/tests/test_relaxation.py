"""Relaxations with ASE's optimisers stay inside the space group, and how many evaluations they take."""

import inspect

import numpy as np
import pytest
import wyckoff
from ase import Atoms
from ase.build import bulk
from ase.calculators.calculator import PropertyNotImplementedError
from ase.calculators.emt import EMT
from ase.calculators.lj import LennardJones
from ase.constraints import FixAtoms, FixSymmetry
from ase.filters import FrechetCellFilter
from ase.optimize import BFGS, FIRE, LBFGS, BFGSLineSearch, GPMin, LBFGSLineSearch, MDMin
from ase.optimize.fire2 import FIRE2
from ase.optimize.ode import ODE12r
from ase.optimize.oldqn import GoodOldQuasiNewton
from ase.optimize.sciopt import SciPyFminBFGS, SciPyFminCG
from ase.spacegroup import crystal
from conftest import EVERYTHING
from ordered_alloys import alloys
from wyckoff.ase import SymmetryFilter

class Counted(EMT):
    """EMT that counts its evaluations."""

    evaluations = 0

    def calculate(self, *arguments, **keywords):
        self.evaluations += 1
        super().calculate(*arguments, **keywords)


def group_at(atoms: Atoms, tolerance: float) -> int:
    return wyckoff.find(atoms, tolerance).number


def test_relaxations_with_emt_stay_in_their_groups_and_cost_less():
    ours, theirs, both, lost = [], [], [], 0
    for name, atoms in alloys(200 if EVERYTHING else 20):
        group = group_at(atoms, 1e-3)
        mine = atoms.copy()
        mine.calc = Counted()
        filter = SymmetryFilter(mine)
        assert filter.reduced.space_group.number == group
        start = mine.get_potential_energy()
        converged = BFGS(filter, logfile=None).run(fmax=0.01, steps=300)
        assert converged, name
        assert mine.get_potential_energy() <= start + 1e-6
        # The relaxed structure may have found more symmetry; it has lost none.
        assert holds(mine, filter.reduced), name
        ours.append(mine.calc.evaluations)
        # As the other filter sees it, within what EMT's forces lack of the symmetry.
        assert np.linalg.norm(FrechetCellFilter(mine).get_forces(), axis=1).max() < 0.01001, name
        # FixSymmetry takes seconds of its own for larger cells.
        if not EVERYTHING and (len(ours) % 3 or len(atoms) > 8):
            continue
        other = atoms.copy()
        other.calc = Counted()
        other.set_constraint(FixSymmetry(other, symprec=1e-3))
        done = BFGS(FrechetCellFilter(other), logfile=None).run(fmax=0.01, steps=300)
        theirs.append(other.calc.evaluations)
        if done:
            both.append((ours[-1], theirs[-1]))
        else:
            lost += 1
    mean = np.exp(np.mean([np.log(a / b) for a, b in both]))
    print(f"\n{len(ours)} relaxations: {sum(a for a, _ in both)} evaluations, FixSymmetry + FrechetCellFilter "
          f"{sum(b for _, b in both)} (geometric mean of the ratios {mean:.2f}; it did not end in 300 steps for {lost})")
    assert mean < 0.6


def holds(atoms: Atoms, reduced: wyckoff.Reduced, tolerance: float = 1e-5) -> bool:
    """Whether the atoms have at least the group that they began with."""
    found = wyckoff.find(atoms, tolerance)
    if found.number == reduced.space_group.number:
        return True
    return len(found.rotations) > len(wyckoff.find(reduced.crystal, 1e-3).rotations)


OPTIMISERS = [
    BFGS, LBFGS, FIRE, FIRE2, BFGSLineSearch, LBFGSLineSearch, GPMin, GoodOldQuasiNewton, ODE12r, SciPyFminBFGS, SciPyFminCG,
]


@pytest.mark.parametrize("optimizer", OPTIMISERS, ids=lambda one: one.__name__)
def test_any_optimiser_relaxes_inside_the_group(optimizer):
    atoms = crystal(["Cu", "Au"], [(0.18, 0.25, 0.12), (0.04, 0.25, 0.63)], spacegroup=62, cellpar=[6, 3.6, 5, 90, 90, 90])
    atoms.calc = EMT()
    filter = SymmetryFilter(atoms)
    optimizer(filter, logfile=None).run(fmax=0.02, steps=400)
    assert filter.residual() < 0.02
    assert holds(atoms, filter.reduced)


def test_an_optimiser_that_steps_by_time_wants_short_steps():
    atoms = alloy()
    filter = SymmetryFilter(atoms)
    run = MDMin(filter, logfile=None, dt=0.1)
    assert run.run(fmax=0.02, steps=60) and holds(atoms, filter.reduced)


@pytest.mark.parametrize("optimizer", [BFGS, LBFGS])
def test_maxstep_is_how_far_atoms_move(optimizer):
    if "gradient_norm" not in inspect.getsource(optimizer):
        pytest.skip("this ASE's optimiser measures steps in the filter's coordinates")
    atoms = crystal(["Cu", "Au"], [(0.18, 0.25, 0.12), (0.04, 0.25, 0.63)], spacegroup=62, cellpar=[6, 3.6, 5, 90, 90, 90])
    atoms.calc = EMT()
    run = optimizer(SymmetryFilter(atoms), logfile=None, maxstep=0.05)
    before, moved = atoms.copy(), []

    def measure():
        step = atoms.get_scaled_positions(wrap=False) - before.get_scaled_positions(wrap=False)
        moved.append(np.linalg.norm((step - np.round(step)) @ atoms.cell, axis=1).max())
        before.set_cell(atoms.cell)
        before.set_positions(atoms.positions)

    run.attach(measure)
    run.run(fmax=0.02, steps=200)
    assert run.converged(run.optimizable.get_gradient())
    # A step along a curve is as long as its tangent, but for its bend.
    assert 0.02 < max(moved) < 0.055


def test_the_log_shows_what_fmax_is_compared_with(tmp_path):
    atoms = crystal(["Cu", "Au"], [(0, 0, 0), (0, 0, 0.32)], spacegroup=139, cellpar=[3, 3, 9, 90, 90, 90])
    atoms.calc = EMT()
    filter = SymmetryFilter(atoms)
    BFGS(filter, logfile=str(tmp_path / "log")).run(fmax=0.02, steps=100)
    shown = float((tmp_path / "log").read_text().split()[-1])
    assert shown == pytest.approx(filter.residual(), abs=1e-4) and shown < 0.02


def test_isolated_atoms_of_a_wide_cell_are_no_trouble():
    atoms = bulk("Ar", "sc", a=25.0)
    atoms.calc = LennardJones(sigma=3.4, epsilon=0.0104, rc=10.0)
    assert BFGS(SymmetryFilter(atoms), logfile=None).run(fmax=1e-3, steps=5)


def test_lennard_jones_relaxes_to_its_lattice():
    atoms = bulk("Ar", "fcc", a=5.0, cubic=True) * (2, 1, 1)
    atoms.calc = LennardJones(sigma=3.4, epsilon=0.0104, rc=10.0, smooth=True)
    filter = SymmetryFilter(atoms)
    assert filter.dimension == 1
    assert BFGS(filter, logfile=None).run(fmax=1e-4, steps=100)
    assert group_at(atoms, 1e-5) == 225
    edge = atoms.get_volume() ** (1 / 3) / 2 ** (1 / 3)
    assert 5.1 < edge < 5.5


def test_a_distorted_start_is_put_on_its_group_and_kept_there():
    atoms = bulk("Cu", "fcc", a=3.7, cubic=True)
    atoms.rattle(0.002, seed=4)
    before = atoms.positions.copy()
    atoms.calc = EMT()
    filter = SymmetryFilter(atoms, tolerance=0.02)
    assert np.abs(atoms.positions - before).max() < 0.02
    assert BFGS(filter, logfile=None).run(fmax=0.005, steps=50)
    assert group_at(atoms, 1e-5) == 225


def test_order_arrays_and_calculator_stay():
    atoms = crystal(["Cu", "Au"], [(0, 0, 0), (0, 0, 0.335)], spacegroup=139, cellpar=[3, 3, 9, 90, 90, 90])
    atoms.set_array("marks", np.arange(len(atoms)))
    symbols, calculator = atoms.get_chemical_symbols(), EMT()
    atoms.calc = calculator
    BFGS(SymmetryFilter(atoms), logfile=None).run(fmax=0.05, steps=50)
    assert atoms.get_chemical_symbols() == symbols and atoms.calc is calculator
    assert (atoms.arrays["marks"] == np.arange(len(atoms))).all()


@pytest.mark.parametrize("pressure", [0.0, 0.05])
def test_the_gradient_of_the_filter_is_the_slope_of_its_energy(pressure):
    atoms = crystal(["Cu", "Au"], [(0.22, 0, 0.34), (0.05, 0.5, 0.21)], spacegroup=12, cellpar=[6.2, 4.1, 5, 90, 104, 90])
    atoms.calc = EMT()
    filter = SymmetryFilter(atoms, scalar_pressure=pressure)
    filter.set_positions(filter.get_positions() + 0.03)
    x = filter.get_positions()
    gradient = -filter.get_forces()
    for place in np.ndindex(x.shape):
        if place[0] * 3 + place[1] >= filter.dimension:
            assert gradient[place] == 0
            continue
        step = np.zeros_like(x)
        step[place] = 1e-5
        filter.set_positions(x + step)
        high = filter.get_potential_energy()
        filter.set_positions(x - step)
        low = filter.get_potential_energy()
        assert gradient[place] == pytest.approx((high - low) / 2e-5, abs=2e-5)


def test_a_fixed_cell_stays_and_needs_no_stress():
    class WithoutStress(LennardJones):
        implemented_properties = ["energy", "forces"]

        def get_stress(self, *_):
            raise PropertyNotImplementedError("none")

    atoms = crystal(["Ar"], [(0.02, 0.03, 0.05)], spacegroup=2, cellpar=[5, 5.4, 6, 80, 95, 100])
    atoms.calc = WithoutStress(sigma=3.0, epsilon=0.01, rc=8, smooth=True)
    cell = atoms.cell.copy()
    filter = SymmetryFilter(atoms, cell=False)
    BFGS(filter, logfile=None).run(fmax=1e-3, steps=100)
    assert np.abs(atoms.cell.array - cell.array).max() < 1e-12
    with pytest.raises(wyckoff.Error, match="no stress"):
        SymmetryFilter(atoms).get_forces()


def test_only_the_cell_relaxes_where_positions_are_held():
    atoms = crystal(["Cu", "Au"], [(0, 0, 0), (0, 0, 0.32)], spacegroup=139, cellpar=[3, 3, 9, 90, 90, 90])
    atoms.calc = EMT()
    before = wyckoff.reduce(atoms).x
    filter = SymmetryFilter(atoms, positions=False)
    assert filter.dimension == 2
    BFGS(filter, logfile=None).run(fmax=0.02, steps=100)
    after = filter.reduced_at().x
    assert after[2] == pytest.approx(before[2]) and abs(after[0] - before[0]) > 1e-3


def test_constraints_are_refused_with_the_remedy():
    atoms = bulk("Cu")
    for constraint in (FixAtoms([0]), FixSymmetry(atoms)):
        atoms.set_constraint(constraint)
        with pytest.raises(wyckoff.Error, match="set_constraint"):
            SymmetryFilter(atoms)


def test_where_nothing_is_free_a_relaxation_is_over():
    atoms = bulk("Cu", a=3.7)
    atoms.calc = EMT()
    for filter in (SymmetryFilter(atoms, cell=False), SymmetryFilter(atoms, cell=False, positions=False)):
        assert filter.dimension == 0 and filter.get_forces().shape == (1, 3)
        assert BFGS(filter, logfile=None).run(fmax=0.01, steps=3)
    assert atoms.cell.cellpar()[0] == pytest.approx(3.7 / np.sqrt(2))


def alloy() -> Atoms:
    atoms = crystal(["Cu", "Au"], [(0.18, 0.25, 0.12), (0.04, 0.25, 0.63)], spacegroup=62, cellpar=[6, 3.6, 5, 90, 90, 90])
    atoms.calc = EMT()
    return atoms


@pytest.mark.parametrize("nonsense", [None, "x.cif", 3, FrechetCellFilter(bulk("Cu")), Atoms("Cu"), Atoms("Cu", cell=[3, 3, 9], pbc=(1, 1, 0))])
def test_what_are_no_atoms_is_told(nonsense):
    with pytest.raises(wyckoff.Error):
        SymmetryFilter(nonsense)


@pytest.mark.parametrize("keywords", [{"scalar_pressure": np.nan}, {"scalar_pressure": "1"}, {"scalar_pressure": 1e9}, {"tolerance": -1}, {"tolerance": None}])
def test_what_is_no_setting_of_the_filter_is_told(keywords):
    with pytest.raises(wyckoff.Error):
        SymmetryFilter(alloy(), **keywords)


@pytest.mark.parametrize("positions", [np.zeros((1, 3)), np.full((3, 3), np.nan), np.full((3, 3), 1e6), "x", None])
def test_coordinates_that_are_none_move_nothing(positions):
    atoms = alloy()
    filter = SymmetryFilter(atoms)
    filter.set_positions(filter.get_positions() + 0.01)
    places, forces = atoms.positions.copy(), filter.get_forces()
    with pytest.raises(wyckoff.Error):
        filter.set_positions(positions)
    assert (atoms.positions == places).all() and (filter.get_forces() == forces).all()


def test_atoms_that_were_moved_by_others_are_told():
    changes = [
        lambda atoms: atoms.positions.__setitem__((0, 0), atoms.positions[0, 0] + 0.1), lambda atoms: atoms.rattle(1e-3),
        lambda atoms: atoms.set_cell(atoms.cell * 1.01, scale_atoms=True), lambda atoms: atoms.__delitem__(0),
    ]
    for change in changes:
        atoms = alloy()
        filter = SymmetryFilter(atoms)
        filter.get_forces()
        change(atoms)
        with pytest.raises(wyckoff.Error, match="outside the filter"):
            filter.get_forces()
    atoms = alloy()
    filter = SymmetryFilter(atoms)
    forces = filter.get_forces()
    atoms.wrap()  # The same crystal.
    assert np.allclose(filter.get_forces(), forces, atol=1e-9)


def test_a_calculator_that_breaks_the_symmetry_does_not_break_the_group():
    class Noisy(EMT):
        def calculate(self, *arguments, **keywords):
            super().calculate(*arguments, **keywords)
            noise = 0.05 * np.random.default_rng(1).normal(size=self.results["forces"].shape)
            self.results["forces"] = (self.results["forces"] + noise).astype(np.float32)
            self.results["stress"].setflags(write=False)

    atoms = alloy()
    atoms.calc = Noisy()
    filter = SymmetryFilter(atoms)
    BFGS(filter, logfile=None).run(fmax=0.02, steps=60)
    assert holds(atoms, filter.reduced)


def test_what_a_calculator_cannot_do_is_told():
    class Broken(EMT):
        def calculate(self, *arguments, **keywords):
            super().calculate(*arguments, **keywords)
            self.results["forces"] = self.results["forces"] * np.nan

    atoms = alloy()
    atoms.calc = Broken()
    with pytest.raises(wyckoff.Error, match="finite"):
        BFGS(SymmetryFilter(atoms), logfile=None).run(steps=3)


def test_a_run_is_taken_up_from_its_restart_file(tmp_path):
    atoms = alloy()
    filter = SymmetryFilter(atoms)
    BFGS(filter, logfile=None, restart=str(tmp_path / "run.json")).run(fmax=0.02, steps=4)
    assert BFGS(filter, logfile=None, restart=str(tmp_path / "run.json")).run(fmax=0.02, steps=60)
    assert holds(atoms, filter.reduced)


def test_a_trajectory_has_the_atoms(tmp_path):
    from ase.io import read

    atoms = bulk("Cu", a=3.5)
    atoms.calc = EMT()
    BFGS(SymmetryFilter(atoms), logfile=None, trajectory=str(tmp_path / "run.traj")).run(fmax=0.01, steps=30)
    frames = read(tmp_path / "run.traj", ":")
    assert len(frames) > 1 and all(group_at(frame, 1e-5) == 225 for frame in frames)


def test_chgnet_is_a_calculator_where_its_weights_are_at_hand():
    try:
        whole, orbits = wyckoff.ase.CHGNet(), wyckoff.ase.CHGNet(symmetry=1e-4)
    except wyckoff.Error as reason:
        pytest.skip(str(reason))
    atoms = crystal(["Ti", "O"], [(0, 0, 0), (0.31, 0.31, 0)], spacegroup=136, cellpar=[4.65, 4.65, 3.0, 90, 90, 90])
    atoms.calc = whole
    energy, forces, stress = atoms.get_potential_energy(), atoms.get_forces(), atoms.get_stress()
    atoms.calc = orbits
    assert atoms.get_potential_energy() == pytest.approx(energy, abs=1e-8)
    assert np.abs(atoms.get_forces() - forces).max() < 1e-7
    assert np.abs(atoms.get_stress() - stress).max() < 1e-9
    filter = SymmetryFilter(atoms)
    assert BFGS(filter, logfile=None).run(fmax=0.02, steps=60)
    assert group_at(atoms, 1e-5) == 136
