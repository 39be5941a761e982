"""Everything that ASE's atoms and pymatgen's structures have comes back, and what matters to a pattern goes along."""

import warnings

import numpy as np
import pytest
import wyckoff
from ase import Atoms
from ase.build import bulk
from ase.calculators.emt import EMT
from ase.constraints import FixAtoms, FixedLine
from ase.io import read as read_ase
from ase.io import write as write_ase
from conftest import DATA
from pymatgen.core import DummySpecies, Element, IStructure, Lattice, Species, Structure
from pymatgen.io.vasp import Poscar

PBSO4 = DATA / "structures" / "pbso4.cif"
TWO = [[0, 0, 0], [0.5, 0.5, 0.5]]


def places(structure) -> np.ndarray:
    if isinstance(structure, Atoms):
        return structure.positions
    return structure.cart_coords


def full_atoms() -> Atoms:
    atoms = bulk("NaCl", "rocksalt", a=5.64)
    atoms.set_initial_magnetic_moments([1, -2])
    atoms.set_initial_charges([1, -1])
    atoms.set_tags([3, 4])
    atoms.set_momenta([[1, 2, 3], [4, 5, 6]])
    atoms.set_masses([23.5, 36])
    atoms.set_celldisp([0.1, 0.2, 0.3])
    atoms.set_array("words", np.array(["a", "b"]))
    atoms.set_array("tensors", np.arange(18.0).reshape(2, 3, 3))
    atoms.set_constraint([FixAtoms([0]), FixedLine(1, (0, 0, 1))])
    atoms.info = {"k": [1, 2], "name": "mine"}
    atoms.calc = EMT()
    return atoms


def test_atoms_keep_everything_but_the_calculator():
    atoms = full_atoms()
    back = wyckoff.reduce(atoms).atoms()
    assert sorted(back.arrays) == sorted(atoms.arrays)
    for name, values in atoms.arrays.items():
        assert np.allclose(back.arrays[name], values, atol=1e-6) if values.dtype.kind == "f" else (back.arrays[name] == values).all(), name
    assert back.info == atoms.info and (back.get_celldisp() == atoms.get_celldisp()).all()
    assert [type(one) for one in back.constraints] == [FixAtoms, FixedLine] and back.constraints[0].index.tolist() == [0]
    assert back.calc is None and isinstance(atoms.calc, EMT) and len(atoms.constraints) == 2


def test_constraints_do_not_hold_atoms_back_from_their_places():
    atoms = bulk("Cu", cubic=True)
    atoms.rattle(0.003, seed=1)
    atoms.set_constraint(FixAtoms(range(4)))
    back = wyckoff.reduce(atoms, 0.05).atoms()
    assert wyckoff.find(back, 1e-5).number == 225 and len(back.constraints) == 1


def test_what_is_done_to_the_source_afterwards_does_not_matter():
    atoms = full_atoms()
    reduced = wyckoff.reduce(atoms)
    atoms.set_tags([0, 0])
    atoms.positions += 5
    atoms.set_constraint()
    del atoms[0]
    assert list(reduced.atoms().get_tags()) == [3, 4]
    structure = Structure(Lattice.cubic(4), ["Fe", "O"], TWO, site_properties={"magmom": [5, 0]})
    reduced = wyckoff.reduce(structure)
    structure.replace(0, "Co")
    structure.add_site_property("magmom", [1, 1])
    assert reduced.structure().site_properties["magmom"] == [5, 0] and reduced.structure()[0].specie == Element("Fe")
    numbers = np.array([11, 17])
    reduced = wyckoff.reduce((np.eye(3) * 4, TWO, numbers, [1.0, 2.0]))
    numbers[0] = 3
    assert list(reduced.restored()[2]) == [11, 17] and reduced.restored()[3] == [1.0, 2.0]


def test_subclasses_of_atoms_come_back_as_themselves():
    class Mine(Atoms):
        pass

    assert type(wyckoff.reduce(Mine("Cu", cell=np.eye(3) * 3, pbc=True)).restored()) is Mine


@pytest.mark.parametrize("moments", [[2, -2], [[0, 0, 2], [0, 0, -2]]])
def test_moments_stay_and_do_not_lower_the_symmetry(moments):
    iron = Atoms("Fe2", scaled_positions=TWO, cell=[2.87] * 3, pbc=True, magmoms=moments)
    reduced = wyckoff.reduce(iron)
    assert reduced.space_group.number == 229
    assert (reduced.atoms().get_initial_magnetic_moments() == np.array(moments)).all()


@pytest.mark.parametrize(
    "cell",
    [np.diag([3.0, 3, -3]), [[0, 2, 2], [2, 0, 2], [2, 2, 0]], [[3, 0, 0], [9, 3, 0], [-6, 3, 3]], [[0, 0, 3], [3, 0, 0], [0, 3, 0]],
     [[3, 0, 0], [2.99, 0.4, 0], [0, 0, 3]], [[3, 0, 0], [0, 3, 0], [0, 0, 900]]],
    ids=["left-handed", "primitive", "sheared", "permuted", "acute", "long"],
)
@pytest.mark.parametrize("library", ["ase", "pymatgen", "tuple"])
def test_odd_cells_and_far_places_stay(cell, library):
    cell = np.array(cell, dtype=float)
    scaled = np.array([[-7, 0, 0], [3.5, 0.5, -12.5]])
    given = {
        "ase": lambda: Atoms("NaCl", scaled_positions=scaled, cell=cell, pbc=True),
        "pymatgen": lambda: Structure(Lattice(cell), ["Na", "Cl"], scaled), "tuple": lambda: (cell, scaled, [11, 17]),
    }[library]()
    if library == "ase":
        given.positions[:] = scaled @ cell
    back = wyckoff.reduce(given, 1e-3).restored()
    if library == "tuple":
        assert np.abs(back[0] - cell).max() < 1e-6 and np.abs((back[1] - scaled) @ cell).max() < 2e-6
        return
    matrix = back.cell.array if library == "ase" else back.lattice.matrix
    assert np.abs(matrix - cell).max() < 1e-6
    assert np.abs(places(back) - scaled @ cell).max() < 1e-5


def test_structures_keep_everything():
    properties = {
        "magmom": [5, None], "selective_dynamics": [[True, False, True], [False] * 3], "velocities": [[1, 2, 3], [4, 5, 6]],
        "charge": [1.5, -1.5], "coordination_no": [6, 6], "note": ["a", None],
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pymatgen's, of a charge that the species do not have.
        structure = Structure(
            Lattice.cubic(4), [{"Fe2+": 0.5, "Fe3+": 0.25}, "O2-"], TWO, charge=2, site_properties=properties, labels=["A1", "B1"],
            properties={"x": {"deep": [1]}},
        )
        back = wyckoff.reduce(structure).restored()
    assert back.site_properties == structure.site_properties and back.labels == ["A1", "B1"]
    assert back._charge == 2 and back.properties == structure.properties and [s.species for s in back] == [s.species for s in structure]


@pytest.mark.parametrize(
    "species",
    [[Species("Fe", 2, spin=5), Species("Fe", 2, spin=-5)], [Species("Fe", 2.5), Element("O")], [{"Fe3+": 0.5, "Fe2+": 0.5}, "O"],
     [{"Fe": 0.3}, {"O": 0.999}], ["D", "T"], [Species("D", 1), "Cl-"]],
    ids=str,
)
def test_species_of_every_kind_come_back(species):
    structure = Structure(Lattice.cubic(4), species, TWO)
    reduced = wyckoff.reduce(structure)
    assert [site.species for site in reduced.structure()] == [site.species for site in structure]
    assert wyckoff.find(structure).number == reduced.space_group.number


def test_places_that_hold_no_element_are_told():
    for species in ([DummySpecies("X"), "O"], [{"Fe": 0.5, DummySpecies("X"): 0.5}, "O"]):
        with pytest.raises(wyckoff.Error, match="species"):
            wyckoff.reduce(Structure(Lattice.cubic(4), species, TWO))


def test_structures_that_cannot_change_are_taken_too():
    assert wyckoff.reduce(IStructure(Lattice.cubic(4), ["Fe", "O"], TWO)).space_group.number == 221


def test_selective_dynamics_of_a_poscar_go_through(tmp_path):
    structure = Structure(Lattice.cubic(4), ["Fe", "O"], TWO)
    Poscar(structure, selective_dynamics=[[True, False, True], [False] * 3], velocities=[[0, 0, 1], [1, 0, 0]]).write_file(tmp_path / "POSCAR")
    read = Poscar.from_file(tmp_path / "POSCAR", check_for_potcar=False).structure
    back = wyckoff.reduce(read).structure()
    assert np.array_equal(back.site_properties["selective_dynamics"], read.site_properties["selective_dynamics"])
    assert np.array_equal(back.site_properties["velocities"], read.site_properties["velocities"])


def test_atoms_of_a_structure_and_the_other_way_keep_moments_and_constraints():
    structure = Structure(
        Lattice.cubic(4), ["Fe", "O"], TWO, labels=["Fe7", "O3"],
        site_properties={"magmom": [5.0, 0.5], "selective_dynamics": [[True] * 3, [False] * 3]},
    )
    atoms = wyckoff.reduce(structure).atoms()
    assert list(atoms.get_initial_magnetic_moments()) == [5.0, 0.5] and list(atoms.arrays["labels"]) == ["Fe7", "O3"]
    assert any(isinstance(one, FixAtoms) and one.index.tolist() == [1] for one in atoms.constraints)
    atoms = full_atoms()
    atoms.set_constraint(FixAtoms([0]))
    there = wyckoff.reduce(atoms).structure()
    assert there.site_properties["magmom"] == [1, -2] and there.site_properties["tags"] == [3, 4]
    assert np.array_equal(there.site_properties["selective_dynamics"], [[False] * 3, [True] * 3])


# Nuclides, charges, displacement parameters: the names are those of the command's files.


def neutron_profile(structure) -> np.ndarray:
    return wyckoff.pattern(structure, (10, 60, 0.1), wavelength=1.9, radiation="neutron", fwhm=0.4).profile


def test_nuclides_go_along_and_come_back():
    hydride = bulk("NaCl", "rocksalt", a=4.1)
    hydride.set_chemical_symbols(["H", "Li"])
    natural = neutron_profile(hydride)
    heavy = hydride.copy()
    heavy.set_masses([2.01410178, 7.01600343])
    assert wyckoff.Crystal.of(heavy).species == ["D", "7Li"]
    assert not np.allclose(neutron_profile(heavy), natural, rtol=0.05)
    crystal = wyckoff.Crystal(hydride.cell.array, hydride.get_scaled_positions(), ["D", "7Li"])
    for other in (crystal.atoms(), crystal.structure(), wyckoff.reduce(crystal).atoms(), wyckoff.reduce(crystal).structure()):
        assert wyckoff.Crystal.of(other).species == ["D", "7Li"]
        assert np.allclose(neutron_profile(other), neutron_profile(crystal), rtol=1e-9)
    # A mass that was chosen to speed dynamics up is no nuclide's.
    heavy.set_masses([4.0, 6.94])
    assert wyckoff.Crystal.of(heavy).species == ["H", "Li"]


def test_displacement_parameters_and_charges_go_along_and_come_back(tmp_path):
    crystal = wyckoff.read(PBSO4)
    assert crystal.b_iso is not None and (crystal.b_iso > 0).all()
    expected = wyckoff.pattern(crystal, (10, 60, 0.1)).profile
    assert not np.allclose(wyckoff.pattern(bare(crystal), (10, 60, 0.1)).profile, expected, rtol=0.02)
    for other in (crystal.atoms(), crystal.structure(), wyckoff.reduce(crystal).structure(), wyckoff.reduce(crystal.atoms()).atoms()):
        assert np.allclose(wyckoff.pattern(other, (10, 60, 0.1)).profile, expected, rtol=1e-6, atol=1e-6 * expected.max())
    # Through ASE's own writer and reader, too.
    write_ase(tmp_path / "one.extxyz", crystal.atoms())
    again = wyckoff.Crystal.of(read_ase(tmp_path / "one.extxyz"))
    assert np.allclose(again.b_iso, crystal.b_iso, atol=1e-6)
    crystal.species = [{"Pb": "Pb2+", "S": "S", "O": "O2-"}[one] for one in crystal.species]
    for other in (crystal.atoms(), crystal.structure()):
        assert wyckoff.Crystal.of(other).species == crystal.species


def bare(crystal: wyckoff.Crystal) -> wyckoff.Crystal:
    return wyckoff.Crystal(crystal.cell, crystal.scaled_positions, crystal.species, crystal.labels)


def test_anisotropic_displacements_go_along_and_come_back():
    u = np.full((2, 3, 3), np.nan)
    u[1] = np.diag([0.01, 0.01, 0.04])
    crystal = wyckoff.Crystal(np.diag([4.0, 4, 5]), np.array(TWO), ["Cs", "Cl"], b_iso=np.array([1.5, np.nan]), u_aniso=u)
    for other in (crystal.atoms(), crystal.structure(), wyckoff.reduce(crystal).crystal):
        again = wyckoff.Crystal.of(other)
        assert np.array_equal(again.b_iso, crystal.b_iso, equal_nan=True)
        assert np.allclose(again.u_aniso, u, rtol=0, atol=1e-12, equal_nan=True)


def test_a_crystal_that_is_changed_keeps_the_rest():
    crystal = wyckoff.read(PBSO4)
    crystal.scaled_positions[0] += 1e-4
    assert "_atom_site_B_iso_or_equiv" in crystal.text("cif") and "PbSO4" in crystal.text("cif")
    assert crystal != wyckoff.read(PBSO4) and wyckoff.read(PBSO4) == wyckoff.read(PBSO4)


def test_labels_in_pages_are_text():
    crystal = wyckoff.Crystal(np.eye(3) * 4, np.array(TWO), ["Na", "Cl"], ["<b>Na</b>", "Cl&1"], title="<script>")
    assert "<script>" not in crystal._repr_html_() and "<b>" not in crystal._repr_html_()
    assert "<b>Na" not in wyckoff.reduce(crystal)._repr_html_()
