"""Structures go through the reduction and come back: cell, order, labels and all else kept."""

import numpy as np
import pytest
import spglib
import wyckoff
from ase import Atoms
from ase.spacegroup import crystal
from conftest import DATA, EVERYTHING, oqmd, written
from pymatgen.core import Lattice, Structure


def assert_same_places(cell, scaled, other_cell, other_scaled, tolerance=2e-6):
    """Å; no image is taken: atoms stay where they were."""
    assert np.abs(np.asarray(cell) - np.asarray(other_cell)).max() < tolerance
    assert np.abs((scaled - other_scaled) @ cell).max() < tolerance


def scaled(atoms: Atoms) -> np.ndarray:
    return np.linalg.solve(atoms.cell.array.T, atoms.positions.T).T


def test_ase_atoms_come_back_as_they_were(atoms):
    atoms.set_array("tags", np.arange(len(atoms)))
    atoms.set_array("weights", np.linspace(0, 1, len(atoms)))
    atoms.info["note"] = "mine"
    back = wyckoff.reduce(atoms, tolerance=1e-3).atoms()
    assert_same_places(atoms.cell.array, scaled(atoms), back.cell.array, scaled(back))
    assert list(back.numbers) == list(atoms.numbers)
    assert (back.arrays["tags"] == atoms.arrays["tags"]).all()
    assert (back.arrays["weights"] == atoms.arrays["weights"]).all()
    assert back.info["note"] == "mine"


def test_pymatgen_structures_come_back_as_they_were(atoms):
    structure = Structure(
        Lattice(atoms.cell.array), atoms.get_chemical_symbols(), scaled(atoms),
        site_properties={"selective": [bool(i % 2) for i in range(len(atoms))]},
        labels=[f"X{i}" for i in range(len(atoms))],
    )
    structure.properties["origin"] = "test"
    back = wyckoff.reduce(structure, tolerance=1e-3).restored()
    assert isinstance(back, Structure)
    assert_same_places(structure.lattice.matrix, structure.frac_coords, back.lattice.matrix, back.frac_coords)
    assert back.labels == structure.labels
    assert back.site_properties == structure.site_properties
    assert back.properties == structure.properties
    assert [site.species for site in back] == [site.species for site in structure]


def test_tuples_come_back_as_tuples(atoms):
    given = (atoms.cell.array, scaled(atoms), list(atoms.numbers))
    cell, positions, numbers = wyckoff.reduce(given, tolerance=1e-3).restored()
    assert_same_places(given[0], given[1], cell, positions)
    assert numbers == given[2]


def test_the_group_is_spglibs(atoms):
    dataset = spglib.get_symmetry_dataset((atoms.cell.array, scaled(atoms), atoms.numbers), symprec=1e-3)
    found = wyckoff.find(atoms, tolerance=1e-3)
    assert found.number == dataset.number
    assert found.pointgroup == dataset.pointgroup
    assert len(found.rotations) == len(dataset.rotations)
    assert (found.equivalent_atoms == dataset.crystallographic_orbits).all()
    # The operations of both are one set.
    def keys(rotations, translations):
        moved = (np.round(np.asarray(translations) % 1 * 1e4) % 1e4).astype(int)
        return {(tuple(r.ravel()), tuple(t)) for r, t in zip(np.asarray(rotations), moved)}
    def near(key, keys):
        return any(key[0] == other[0] and all(min(abs(a - b), 10_000 - abs(a - b)) <= 2 for a, b in zip(key[1], other[1]))
                   for other in keys)
    ours, theirs = keys(found.rotations, found.translations), keys(dataset.rotations, dataset.translations)
    assert all(near(key, theirs) for key in ours)


def test_all_that_spglibs_dataset_has_is_there(atoms):
    dataset = spglib.get_symmetry_dataset((atoms.cell.array, scaled(atoms), atoms.numbers), symprec=1e-3)
    found = wyckoff.find(atoms, tolerance=1e-3)
    for name in vars(dataset):
        if name != "std_mapping_to_primitive":
            assert getattr(found, name) is not None, name
    assert (found.crystallographic_orbits == dataset.crystallographic_orbits).all()
    ours, theirs = found.mapping_to_primitive, dataset.mapping_to_primitive
    assert len(set(zip(ours, theirs))) == len(set(ours)) == len(set(theirs))
    # One lattice: each basis is whole numbers of the other.
    between = found.primitive_lattice @ np.linalg.inv(dataset.primitive_lattice)
    assert np.abs(between - np.round(between)).max() < 1e-4 and abs(abs(np.linalg.det(between)) - 1) < 1e-4
    assert np.linalg.det(found.primitive_lattice) > 0
    assert len(found.std_positions) == len(found.std_types) == len(dataset.std_types)
    assert sorted(found.std_types) == sorted(dataset.std_types)
    assert abs(np.linalg.det(found.std_lattice)) == pytest.approx(abs(np.linalg.det(dataset.std_lattice)), rel=1e-3)
    turn = found.std_rotation_matrix
    assert np.allclose(turn @ turn.T, np.eye(3), atol=1e-9)
    expected = found.std_lattice.T @ found.transformation_matrix
    assert np.abs(turn @ atoms.cell.array.T - expected).max() < 0.01


def test_the_transformation_leads_to_the_standard_cell(atoms):
    found = wyckoff.find(atoms, tolerance=1e-3)
    standard = found.standard()
    moved = scaled(atoms) @ found.transformation_matrix.T + found.origin_shift
    for place, symbol in zip(moved, atoms.get_chemical_symbols()):
        apart = standard.scaled_positions - place
        apart -= np.round(apart)
        nearest = np.linalg.norm(apart @ standard.cell, axis=1).argmin()
        assert np.linalg.norm(apart[nearest] @ standard.cell) < 1e-3
        assert standard.species[nearest] == symbol
    assert len(found.primitive()) == spglib.get_symmetry_dataset(
        spglib.find_primitive((atoms.cell.array, scaled(atoms), atoms.numbers), symprec=1e-3)
    ).std_mapping_to_primitive.max() + 1 or len(found.primitive()) > 0


def test_a_distorted_structure_is_put_on_its_symmetry(atoms):
    moved = atoms.copy()
    moved.rattle(0.003, seed=1)
    reduced = wyckoff.reduce(moved, tolerance=0.05)
    again = wyckoff.find(reduced.atoms(), tolerance=1e-5)
    assert again.number == reduced.space_group.number
    assert np.abs(reduced.atoms().positions - moved.positions).max() < 0.05


def test_files_keep_labels():
    reduced = wyckoff.reduce(DATA / "structures" / "pbso4.cif")
    assert reduced.names[:4] == ["a", "b", "c", "Pb1.x"]
    assert str(reduced.space_group) == "P n m a (62)"
    assert reduced.parameters[0].unit == "Å"
    assert reduced.letters[:4] == ["c"] * 4
    assert reduced.crystal.labels[0] == "Pb1"
    assert {position.position for position in reduced.positions} == {"4c", "8d"}


def test_shared_sites_go_through():
    structure = Structure(
        Lattice.cubic(4.2), [{"Fe2+": 0.5, "Mg2+": 0.5}, "O2-"], [[0, 0, 0], [0.5, 0.5, 0.5]], labels=["M1", "O1"]
    )
    reduced = wyckoff.reduce(structure)
    assert reduced.space_group.number == 221
    back = reduced.structure()
    assert [site.species for site in back] == [site.species for site in structure]
    atoms = crystal(
        ["Fe", "O"], [(0, 0, 0), (0.5, 0.5, 0.5)], spacegroup=225, cellpar=[4.3] * 3 + [90] * 3, occupancies=[0.9, 1.0]
    )
    assert wyckoff.reduce(atoms).crystal.species[0] == "Fe:0.9"


def test_formats_are_written_and_read(tmp_path, atoms):
    reduced = wyckoff.reduce(atoms, tolerance=1e-3)
    for name in ["one.cif", "POSCAR", "one.json", "one.xyz"]:
        reduced.crystal.write(tmp_path / name, {"POSCAR": "poscar", "one.xyz": "extxyz"}.get(name))
        again = wyckoff.find(tmp_path / name, tolerance=1e-3)
        assert again.number == reduced.space_group.number


@pytest.mark.parametrize("library", ["ase", "pymatgen"])
def test_structures_of_oqmd_keep_everything(library, tmp_path):
    for record in oqmd(500 if EVERYTHING else 50):
        crystal = wyckoff.read(written(record, tmp_path))
        given = crystal.atoms() if library == "ase" else crystal.structure()
        if library == "ase":
            given.set_array("marks", np.arange(len(given)))
        reduced = wyckoff.reduce(given, tolerance=1e-3)
        assert reduced.space_group.number == record["sg"], record["id"]
        back = reduced.restored()
        if library == "ase":
            assert_same_places(given.cell.array, scaled(given), back.cell.array, scaled(back), 1e-3)
            assert (back.arrays["marks"] == given.arrays["marks"]).all()
            assert list(back.numbers) == list(given.numbers)
        else:
            assert_same_places(given.lattice.matrix, given.frac_coords, back.lattice.matrix, back.frac_coords, 1e-3)
            assert back.labels == given.labels
            assert [site.species for site in back] == [site.species for site in given]


# Errors


def coinciding():
    return Atoms("Cu2", positions=[[0, 0, 0], [0, 0, 1e-5]], cell=[3, 3, 3], pbc=True)


@pytest.mark.parametrize(
    "structure, words",
    [
        (Atoms("Cu", cell=[3, 3, 3], pbc=[1, 1, 0]), "do not repeat"),
        (Atoms("Cu", cell=[[1, 0, 0], [2, 0, 0], [0, 0, 1]], pbc=True), "no cell"),
        (Atoms("X", cell=[3, 3, 3], pbc=True), "no atomic number"),
        (Atoms("Cu", positions=[[np.nan, 0, 0]], cell=[3, 3, 3], pbc=True), "not finite"),
        (Atoms(cell=[3, 3, 3], pbc=True), "no atoms"),
        (coinciding(), "on one place"),
        ("nothing.cif", "no such file"),
        (([[3, 0, 0], [0, 3, 0]], [[0, 0, 0]], [29]), "shape"),
        (([[3, 0, 0], [0, 3, 0], [0, 0, 3]], [[0, 0, 0]], [200]), "no atomic number"),
        (42, "is no structure"),
    ],
)
def test_bad_structures_are_told_in_one_line(structure, words):
    with pytest.raises(wyckoff.Error) as told:
        wyckoff.reduce(structure)
    line = str(told.value)
    assert words in line and "\n" not in line and told.value.problem


def test_an_error_has_its_parts():
    with pytest.raises(wyckoff.Error) as told:
        wyckoff.reduce(coinciding())
    assert told.value.remedy and told.value.code == 3
    assert str(told.value) == f"{told.value.problem}; {told.value.remedy}"


def test_a_broken_file_names_its_place(tmp_path):
    (tmp_path / "bad.cif").write_text("data_x\n_cell_length_a 1\nloop_\n_atom_site_label\n")
    with pytest.raises(wyckoff.Error) as told:
        wyckoff.read(tmp_path / "bad.cif")
    assert "bad.cif" in str(told.value)


@pytest.mark.parametrize("values", [[-1], [1e9], [np.inf], [0.0], [1, 2], "text"])
def test_values_that_make_no_cell_are_refused_and_change_nothing(values):
    reduced = wyckoff.reduce(([[3, 0, 0], [0, 3, 0], [0, 0, 3]], [[0, 0, 0]], [29]))
    with pytest.raises(wyckoff.Error):
        reduced.x = values
    assert reduced.x == pytest.approx([3])


def test_absurd_numbers_end_in_errors_not_in_the_program():
    generator = np.random.default_rng(2)
    for _ in range(300):
        scale = 10.0 ** generator.integers(-12, 300)
        cell = generator.normal(size=(3, 3)) * (scale if generator.random() < 0.5 else 4)
        places = generator.normal(size=(3, 3)) * (scale if generator.random() < 0.5 else 1)
        try:
            reduced = wyckoff.reduce((cell, places, [6, 6, 8]), tolerance=float(10.0 ** generator.integers(-8, 3)))
            reduced.x = reduced.x * generator.normal()
            reduced.atoms()
        except wyckoff.Error:
            pass


def test_a_cell_with_a_sharp_angle_stays_where_it_is():
    """Sharper than angles are looked for: what it came with is allowed."""
    cell = Lattice.from_parameters(4, 9, 11, 13.5, 80, 85).matrix
    reduced = wyckoff.reduce((cell, [[0.1, 0.2, 0.3], [0.4, 0.45, 0.8], [0.6, 0.1, 0.35]], [11, 17, 8]))
    reduced.x = reduced.x
    assert np.abs(reduced.cell - cell).max() < 1e-6
    lower, upper = np.array(reduced.bounds).T
    assert (lower <= reduced.x).all() and (reduced.x <= upper).all()
    pattern = wyckoff.pattern(reduced, (5, 40, 0.1), fwhm=0.4)
    assert pattern.objective(pattern.profile)(pattern.x)[0] > 0.999
    x = reduced.x
    x[reduced.names.index("alpha")] -= 1
    with pytest.raises(wyckoff.Error, match="alpha cannot be"):
        reduced.x = x
