"""Packages that not everybody has: with them more is shown, without them what needs one says so."""

import pathlib
import subprocess
import sys

import numpy as np
import pytest
import wyckoff
from conftest import DATA, ZOO

PBSO4 = str(DATA / "structures" / "pbso4.cif")
PATTERN = str(DATA / "patterns" / "pbso4-x.dat")


def without(packages: str, script: str) -> str:
    """What a Python in which those packages are not installed prints."""
    hidden = f"""
import sys
class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {packages.split()!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Hidden())
PBSO4, PATTERN = {PBSO4!r}, {PATTERN!r}
"""
    told = subprocess.run([sys.executable, "-c", hidden + script], capture_output=True, text=True, timeout=300)
    assert told.returncode == 0, told.stderr
    return told.stdout + told.stderr


def test_numpy_alone_is_enough():
    told = without("ase pymatgen spglib scipy matplotlib pandas tqdm IPython torch jax", """
import wyckoff, numpy
reduced = wyckoff.reduce((numpy.eye(3) * 4, [[0, 0, 0]], [29]))
assert reduced.restored()[2] == [29] and wyckoff.find(PBSO4).number == 62
pattern = wyckoff.pattern(PBSO4, (10, 60, 0.1))
assert pattern.objective(pattern.profile)(pattern.x)[0] > 0.999
result = wyckoff.match(PBSO4, PBSO4)
assert result and "<pre>" in result._repr_html_()
assert wyckoff.index(PATTERN, formula="PbSO4", wavelength="CuKa", lattices="oP", jobs=1, progress=True)
for call in (reduced.atoms, reduced.structure, pattern.plot):
    try:
        call()
    except wyckoff.Error as error:
        print(error)
""")
    for package in ("ase", "pymatgen", "matplotlib"):
        assert f"needs {package}, which is not installed; pip install {package}" in told


def test_ase_is_imported_when_it_is_asked_for():
    assert "[]" in without("pymatgen", "import wyckoff\nprint([name for name in sys.modules if name == 'ase'])")
    assert "SymmetryFilter" in without("pymatgen", "import wyckoff\nprint(wyckoff.ase.SymmetryFilter.__name__)")
    assert "No module named 'ase'" in without("ase", """
import wyckoff
try:
    wyckoff.ase
except ModuleNotFoundError as error:
    print(error)
""")
    with pytest.raises(AttributeError, match="nonsense"):
        wyckoff.nonsense


@pytest.mark.parametrize("hidden", ["", "tqdm"])
def test_progress_is_shown_with_tqdm_and_without(hidden):
    if not hidden:
        pytest.importorskip("tqdm")
    told = without(hidden, """
import wyckoff
assert wyckoff.index(PATTERN, formula="PbSO4", wavelength="CuKa", lattices="oP", jobs=1, progress=True)
""")
    assert "lines" in told and ("[00:" in told) == (not hidden)


def test_rows_are_frames_of_pandas():
    pandas = pytest.importorskip("pandas")
    atoms, other = ZOO["rutile"], ZOO["spinel"]
    scan = pandas.DataFrame(wyckoff.scan(atoms, ["a", "O1.x"]).rows)
    assert list(scan["name"]) == ["a", "O1.x"] and scan["distinctMinima"].dtype.kind == "i"
    frames = [wyckoff.match(atoms, [atoms, other]), wyckoff.validate([atoms, other]), wyckoff.map(atoms, ["a", "c"], grid="5x5"),
              wyckoff.index(PATTERN, formula="PbSO4", wavelength="CuKa", lattices="oP")]
    for result in frames:
        assert len(pandas.DataFrame(result.rows)) == len(result.rows) > 0
    assert pandas.DataFrame(wyckoff.pattern(atoms).sticks)["two_theta"].is_monotonic_increasing
    assert list(pandas.DataFrame(wyckoff.reduce(atoms).parameters)["name"]) == ["a", "c", "O1.x"]
    measured = pandas.DataFrame({"angle": np.linspace(10, 60, 400), "counts": np.ones(400)})
    with pytest.raises(wyckoff.Error, match="lines"):
        wyckoff.index(measured, formula="NaCl", wavelength="CuKa")


def test_patterns_and_maps_are_drawn(tmp_path: pathlib.Path):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    from matplotlib import pyplot

    pattern = wyckoff.pattern(ZOO["rutile"], (20, 60, 0.1))
    axes = pattern.plot(color="red")
    line = axes.lines[0]
    assert (line.get_ydata() == pattern.profile).all() and line.get_color() == "red" and "2θ" in axes.get_xlabel()
    given = pyplot.subplots()[1]
    assert pattern.plot(given) is given
    drawn = wyckoff.map(ZOO["rutile"], ["a", "c"], grid="5x7").plot()
    assert drawn.collections[0].get_array().size == 35 and drawn.get_xlabel() == "a (Å)"
    scan = wyckoff.scan(ZOO["rutile"], ["a", "O1.x"])
    curve = scan.plot("O1.x", color="black")
    assert curve.get_xlabel() == "O1.x" and len(curve.lines[0].get_xdata()) > 50
    assert scan.curves["a"][1].min() == pytest.approx(0, abs=0.01) and scan.plot().get_xlabel() == "a (Å)"
    with pytest.raises(wyckoff.Error, match="give one of a, O1.x"):
        scan.plot("c")
    refined = wyckoff.refine(PATTERN, PBSO4, wavelength="CuKa", folder=tmp_path / "refined")
    fit = refined.fits[0]
    left = np.sqrt((((fit.observed - fit.calculated) ** 2) / fit.observed).sum() / fit.observed.sum())
    assert left == pytest.approx(refined.rwp, rel=0.02) and (fit.background < fit.calculated + 1e-6).all()
    assert [line.get_label() for line in refined.plot().lines] == ["observed", "calculated", "difference"]
    joint = wyckoff.recover(
        [PATTERN, str(DATA / "patterns" / "pbso4-n.dat")], DATA / "starts" / "pbso4-1.cif", wavelength=["CuKa", 1.909],
        radiation=["xray", "neutron"], symmetry_from=PBSO4, seed=1,
    )
    assert [len(one.two_theta) > 1000 for one in joint.fits] == [True, True]
    drawn.figure.savefig(tmp_path / "map.png")
    assert (tmp_path / "map.png").stat().st_size > 1000
    pyplot.close("all")
