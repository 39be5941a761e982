"""Whatever is passed, the answer is right or an Error of one line; nothing else is raised and nothing moves."""

import fractions

import numpy as np
import pytest
import wyckoff
from ase import Atoms
from ase.build import bulk, molecule
from conftest import DATA
from pymatgen.core import Lattice, Molecule, Structure

CUBE = np.eye(3) * 4
SALT = (CUBE, [[0, 0, 0], [0.5, 0.5, 0.5]], [11, 17])
PBSO4 = DATA / "structures" / "pbso4.cif"


def refused(call) -> wyckoff.Error:
    with pytest.raises(wyckoff.Error) as told:
        call()
    line = str(told.value)
    assert line and "\n" not in line and len(line) < 400 and told.value.problem
    return told.value


NO_STRUCTURES = {
    "nothing": None, "a number": 3, "bytes": b"x.cif", "a dictionary": {}, "a list": [CUBE, [[0, 0, 0]], [29]], "a class": Atoms,
    "a molecule": molecule("H2O"), "pymatgen's molecule": Molecule("CO", [[0, 0, 0], [0, 0, 1.1]]), "no atoms": Atoms(),
    "a slab": Atoms("Cu", cell=[3, 3, 9], pbc=(1, 1, 0)), "a wire": Atoms("Cu", cell=[3, 9, 9], pbc=(1, 0, 0)),
    "pymatgen's slab": Structure(Lattice.cubic(4, pbc=(True, True, False)), ["Fe"], [[0, 0, 0]]),
    "no third vector": Atoms("Cu", cell=[3, 3, 0], pbc=True), "no path": "", "a folder": "/", "a path with NUL": "a\0b",
    "a path that is no Unicode": "a\udcff.cif", "two parts": (CUBE, [[0, 0, 0]]), "broken atomic numbers": (CUBE, [[0, 0, 0]], [29.5]),
    "no atomic number": (CUBE, [[0, 0, 0]], [np.nan]), "a symbol": (CUBE, [[0, 0, 0]], ["Cu"]), "None": (CUBE, [[0, 0, 0]], [None]),
    "one number": (CUBE, [[0, 0, 0]], 29), "truth": (CUBE, [[0, 0, 0]], [True]), "minus one": (CUBE, [[0, 0, 0]], [-1]),
    "beyond 64 bits": (CUBE, [[0, 0, 0]], [10**30]), "complex": (CUBE, [[0, 0, 1j]], [29]), "text": (CUBE, [["0", "0", "0"]], [29]),
    "None inside": (CUBE, [[None, 0, 0]], [29]), "flat": (CUBE, [0, 0, 0], [29]), "ragged": (CUBE, [[0, 0, 0], [0, 0]], [29, 29]),
    "no cell": (CUBE * np.nan, [[0, 0, 0]], [29]), "infinite": (CUBE, [[np.inf, 0, 0]], [29]), "far away": (CUBE, [[1e18, 0, 0]], [29]),
    "metres": (CUBE * 1e-10, [[0, 0, 0]], [29]), "lengths and angles": ([4, 4, 4, 90, 90, 90], [[0, 0, 0]], [29]),
    "dates": (CUBE, np.zeros((1, 3), "datetime64[s]"), [29]), "too few numbers": (CUBE, [[0, 0, 0], [0.5, 0.5, 0.5]], [29]),
    "masked": (CUBE, np.ma.array([[0, 0, 0.0]], mask=[[1, 0, 0]]), [29]),
}


@pytest.mark.parametrize("structure", NO_STRUCTURES.values(), ids=NO_STRUCTURES.keys())
def test_what_is_no_structure_is_told_everywhere(structure):
    for call in (wyckoff.reduce, wyckoff.find, wyckoff.pattern):
        refused(lambda: call(structure))


@pytest.mark.parametrize("tolerance", [0, -1, np.nan, np.inf, "0.1", None, [0.1], True, 1j, 1e9, np.array([0.1, 0.2])])
def test_what_is_no_tolerance_is_told(tolerance):
    refused(lambda: wyckoff.reduce(SALT, tolerance))
    refused(lambda: wyckoff.find(SALT, tolerance))


def test_numbers_of_every_kind_are_numbers():
    for kind in (np.float16, np.float32, np.longdouble, ">f8", np.int8, np.uint64, object):
        cell = np.array([[4, 0, 0], [1, 5, 0], [0, 1, 6]], dtype=kind)
        assert np.abs(wyckoff.reduce((cell, np.zeros((1, 3), dtype=kind), np.array([29], "u1"))).cell - cell.astype(float)).max() < 1e-9
    reduced = wyckoff.reduce(SALT, np.float32(0.01))
    for x in ([4], (4.0,), np.array([4], "i1"), np.array([4.0], "f4"), [fractions.Fraction(4)]):
        reduced.x = x
        assert reduced.x == pytest.approx([4])


def test_arrays_are_taken_however_they_lie_in_memory():
    reduced = wyckoff.reduce(PBSO4)
    rng = np.random.default_rng(1)
    forces, stress = rng.normal(size=(24, 3)), rng.normal(size=(3, 3))
    stress += stress.T
    expected = reduced.gradient(forces, stress)
    read_only = forces.copy()
    read_only.setflags(write=False)
    wide = np.zeros((48, 6))
    wide[::2, ::2] = forces
    for given in (np.asfortranarray(forces), read_only, wide[::2, ::2], forces[::-1][::-1], forces.astype(">f8"), forces.tolist()):
        assert (reduced.gradient(given, np.asfortranarray(stress)) == expected).all()
    assert np.array_equal(read_only, forces)


@pytest.mark.parametrize("x", [4.0, [[4.0]], [], [np.nan], None, {"a": 4}, [4j], ["4"], [True], np.ma.array([4.0], mask=[True]), [-4]])
def test_what_is_no_x_is_told_and_moves_nothing(x):
    reduced = wyckoff.reduce(SALT)
    refused(lambda: setattr(reduced, "x", x))
    assert reduced.x == pytest.approx([4])


@pytest.mark.parametrize(
    "forces, stress",
    [
        (np.zeros((3, 3)), np.zeros(6)), (np.zeros((2, 3)), np.zeros(9)), (np.full((2, 3), np.nan), np.zeros(6)), (None, np.zeros(6)),
        (np.zeros((2, 3)), None), (np.zeros((2, 3)), "stress"), (np.zeros((2, 3)), np.zeros((3, 3)) * 1j), ("forces", np.zeros(6)),
        (np.full((2, 3), 1e300), np.zeros(6)), (np.zeros((2, 3)), np.full(6, np.inf)),
    ],
)
def test_what_are_no_forces_is_told(forces, stress):
    refused(lambda: wyckoff.reduce(SALT).gradient(forces, stress))


@pytest.mark.parametrize(
    "angles",
    [
        (10, 60), (10, 60, 0), (10, 60, -1), (60, 10, 1), (10, 60, np.nan), (10, 60, 1e-9), (10, np.inf, 1), ("a", "b", "c"), (-10, 60, 1),
        (10, 190, 1), "angles", None, [], [1], 5, [10, 10, 11], [10, 11, np.nan], [[10, 11], [12, 13]], [10j, 20j], {10, 20},
    ],
    ids=str,
)
def test_what_are_no_angles_is_told(angles):
    refused(lambda: wyckoff.pattern(SALT, angles))


@pytest.mark.parametrize(
    "options",
    [
        {"fwhm": np.nan}, {"fwhm": [1, 2]}, {"fwhm": object()}, {"wavelength": 0}, {"wavelength": np.inf}, {"wavelength": 1e5},
        {"background": "x"}, {"background": [np.nan]}, {"free": ["a", "a"]}, {"free": [1]}, {"free": "abc"}, {"profile": 3},
        {"caglioti": (1, 2)}, {"zero": 1e9}, {"overall_b": 1e9}, {"dispersion": "yes"}, {"tolerance": "x"}, {"no_such_option": 1},
    ],
    ids=str,
)
def test_what_is_no_option_is_told(options):
    refused(lambda: wyckoff.pattern(SALT, (10, 60, 0.1), **options))


def test_options_may_be_numpys():
    plain = wyckoff.pattern(SALT, (10, 60, 0.1), wavelength=1.5, fwhm=0.25, background=[1.0, 2.0], dispersion=True, free="a")
    numpys = wyckoff.pattern(
        SALT, np.arange(501) * 0.1 + 10, wavelength=np.float32(1.5), fwhm=np.float64(0.25), background=np.array([1, 2]),
        dispersion=np.bool_(True), free=np.array(["a"]),
    )
    assert np.allclose(plain.profile, numpys.profile, rtol=1e-9) and plain.names == numpys.names == ["a"]


def test_what_is_no_target_is_told():
    pattern = wyckoff.pattern(SALT, (10, 60, 0.1))
    profile, ones = pattern.profile, np.ones(len(pattern))
    for target, measure, weights in [
        (profile * np.nan, "cosine", None), (profile * 0, "cosine", None), (profile[:3], "cosine", None), (profile, "likeness", None),
        (profile, None, None), (profile, 3, None), (profile * 1e300, "mse", None), ("x", "cosine", None), (None, "cosine", None),
        (profile, "rwp", -ones), (profile, "rwp", 0 * ones), (profile, "rwp", ones[:2]), (profile, "cosine", ones),
    ]:
        refused(lambda: pattern.objective(target, measure, weights))
    assert pattern.objective(0 * profile, "mse").value(pattern.x) > 0
    objective = pattern.objective(profile)
    for x in ([np.nan], [-1.0], [1e9], [4, 4], 4.0, None, [[4.0]]):
        refused(lambda: objective(x))
    for cotangent in (profile * np.nan, [1.0], None):
        refused(lambda: pattern.gradient(cotangent))
    assert pattern.x == pytest.approx([4])


@pytest.mark.parametrize("number", [-1, 5, "a", 1.5, None, 2**70, True])
def test_what_is_no_number_of_a_structure_is_told(number):
    refused(lambda: wyckoff.read(PBSO4, number))


def test_what_cannot_be_written_is_told(tmp_path):
    crystal = wyckoff.read(PBSO4)
    for call in (
        lambda: crystal.text("nonsense"), lambda: crystal.text(None), lambda: crystal.write(tmp_path / "no" / "a.cif"),
        lambda: crystal.write(tmp_path / "a.nonsense"), lambda: crystal.write(None), lambda: crystal.write(tmp_path, "cif"),
        lambda: wyckoff.read(3), lambda: wyckoff.read(None),
    ):
        refused(call)


@pytest.mark.parametrize(
    "change",
    [
        {"species": ["Qq", "Cl"]}, {"species": [11, 17]}, {"species": ["Na"]}, {"species": ["Na\0", "Cl"]}, {"species": ["\udcff", "Cl"]},
        {"species": ["", "Cl"]}, {"species": ["Na:1.5", "Cl"]}, {"species": ["Na:-1", "Cl"]}, {"species": ["Na:nan", "Cl"]},
        {"species": ["Na:0", "Cl"]}, {"labels": ["Na1"]}, {"labels": [1, 2]}, {"labels": ["a\0b", ""]}, {"cell": None},
        {"scaled_positions": [[0, 0, 0]]}, {"b_iso": [1.0]}, {"b_iso": [np.inf, 1]}, {"u_aniso": np.zeros((2, 3))}, {"title": 3},
        {"b_iso": [1.0, 1.0], "u_aniso": np.ones((2, 3, 3))}, {"b_iso": [1e300, np.nan]},
    ],
    ids=str,
)
def test_a_crystal_that_was_spoilt_is_told(change):
    crystal = wyckoff.reduce(SALT).crystal
    for name, value in change.items():
        setattr(crystal, name, value)
    refused(lambda: wyckoff.reduce(crystal))


def test_subgroups_are_asked_for_and_entered_by_what_they_are():
    reduced = wyckoff.reduce(SALT)
    for call in (
        lambda: reduced.subgroups(kind="t"), lambda: reduced.subgroups(index="2"), lambda: reduced.in_subgroup("P1"),
        lambda: reduced.in_subgroup(wyckoff.reduce(bulk("Mg")).subgroups()[3]), lambda: reduced.in_subgroup(None),
    ):
        refused(call)
    assert {one.index for one in reduced.subgroups(index=np.int64(2))} == {2}


X, Y = np.linspace(10, 60, 500), np.ones(500)


@pytest.mark.parametrize(
    "pattern",
    [
        (X, Y * np.nan), ([], []), (X, -Y), (X, Y[:3]), (["a"], [1]), None, 3, (X.reshape(2, -1), Y.reshape(2, -1)), (X,), (X, Y, Y, Y),
        {"x": 1}, (X, Y * 1j), np.zeros((3, 5)),
    ],
)
def test_what_is_no_pattern_is_told(pattern):
    told = refused(lambda: wyckoff.index(pattern, formula="NaCl", wavelength="CuKa"))
    assert "wyckoff-" not in str(told)  # No name of a file that the caller did not name.


def test_arguments_of_jobs_that_make_no_sense_are_told(tmp_path):
    measured = DATA / "patterns" / "pbso4-x.dat"
    (tmp_path / "file").write_text("")
    for call in (
        lambda: wyckoff.match(PBSO4, PBSO4, unheard_of=False), lambda: wyckoff.match(PBSO4, PBSO4, ltol={}),
        lambda: wyckoff.match("-x.cif", PBSO4), lambda: wyckoff.match(PBSO4, []), lambda: wyckoff.match(None, PBSO4),
        lambda: wyckoff.validate([]), lambda: wyckoff.validate(None), lambda: wyckoff.scan(PBSO4, 3), lambda: wyckoff.scan(PBSO4, []),
        lambda: wyckoff.map(PBSO4, None), lambda: wyckoff.map(PBSO4, ["a"]), lambda: wyckoff.refine(measured, []),
        lambda: wyckoff.scan(PBSO4, "a", folder=tmp_path / "file"), lambda: wyckoff.solve(measured, None),
        lambda: wyckoff.recover([], PBSO4), lambda: wyckoff.recover(measured, None), lambda: wyckoff.scan(PBSO4, "a\0"),
    ):
        refused(call)
    assert wyckoff.match(PBSO4, PBSO4, fixed_scale=False)


def test_a_command_that_is_none_is_told(monkeypatch, tmp_path):
    for command in (tmp_path / "nothing", tmp_path, "/bin/true"):
        monkeypatch.setenv("WYCKOFF_COMMAND", str(command))
        refused(lambda: wyckoff.match(PBSO4, PBSO4))
