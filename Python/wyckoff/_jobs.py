"""The jobs of the command as functions: index, solve, recover, refine, scan, map, match, validate.

Every keyword that is not named here is the command's option of that name (``wyckoff solve --help``): ``space_group="Pnma"``
is ``--space-group Pnma``. ``progress=True`` shows what goes on, a function is called with each line of it. ``folder`` keeps the
files and the page; without it they are gone when the function returns, and the result has what it says of them.
"""

from __future__ import annotations

import pathlib
import tempfile
from dataclasses import dataclass, field
from typing import Any, Iterable, Sequence

import numpy as np

from ._arguments import needed
from ._command import Files, Progress, Result, options, run
from ._crystal import Crystal, read
from ._errors import Error


@dataclass
class Lattice:
    """A lattice that explains the lines of a pattern: Bravais type, cell (Å, degrees), volume (Å³), probability."""

    lattice: str
    cell: tuple[float, float, float, float, float, float]
    volume: float
    probability: float
    rwp: float | None
    m20: float
    z: int | None


@dataclass
class Fit:
    """A pattern and what was calculated for it: angles (degrees), intensities, the calculated ones with their background."""

    two_theta: np.ndarray
    observed: np.ndarray
    calculated: np.ndarray
    background: np.ndarray

    def plot(self, ax: Any = None, **keywords: Any) -> Any:
        """Draws both and their difference with matplotlib; returns the axes."""
        if ax is None:
            ax = needed("matplotlib.pyplot", "a plot").subplots()[1]
        ax.plot(self.two_theta, self.observed, **{"linestyle": "", "marker": ".", "color": "gray", "label": "observed", **keywords})
        ax.plot(self.two_theta, self.calculated, label="calculated")
        difference = self.observed - self.calculated
        ax.plot(self.two_theta, difference - np.nanmax(difference), label="difference")
        ax.set_xlabel("2θ (°)")
        ax.set_ylabel("intensity")
        ax.legend()
        return ax


class IndexResult(Result):
    """Of ``index``: ``lattices``, likeliest first."""

    @property
    def lattices(self) -> list[Lattice]:
        """Each lattice found."""
        return [
            Lattice(
                row["lattice"], tuple(row[key] for key in ("a", "b", "c", "alpha", "beta", "gamma")), row["volume"],
                row["probability"], row.get("rwp"), row["m20"], row.get("z"),
            )
            for row in self.json["cells"]
        ]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The command's rows of lattices, for pandas.DataFrame."""
        return self.json["cells"]


@dataclass
class StructureResult(Result):
    """Of ``solve``, ``recover`` and ``refine``: ``rwp``, ``parameters``, ``clauses``, and the ``crystal`` where there is one."""

    crystal: Crystal | None = None
    #: Of ``refine`` one for each phase.
    crystals: list[Crystal] = field(default_factory=list)
    #: One for each pattern; empty where nothing was fitted.
    fits: list[Fit] = field(default_factory=list)

    def plot(self, ax: Any = None, **keywords: Any) -> Any:
        """Draws the fit of the first pattern with matplotlib; returns the axes.

        Raises:
            Error: where nothing was fitted.
        """
        if not self.fits:
            raise Error("there is no fit to draw", "the clauses say why")
        return self.fits[0].plot(ax, **keywords)

    @property
    def best(self) -> dict[str, Any]:
        """The fit that the structure stands for: of ``solve`` the best candidate's; empty where there is none."""
        return (self.json["best"] if "best" in self.json else self.json) or {}

    @property
    def rwp(self) -> float | None:
        """A fraction."""
        return self.best.get("rwp")

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Refined parameters with their uncertainties, for pandas.DataFrame."""
        return self.best.get("parameters") or []

    @property
    def clauses(self) -> list[dict[str, Any]]:
        """What was proven, refuted or left open, and why."""
        return (self.best.get("proof") or self.best).get("clauses") or []

    def atoms(self) -> Any:
        """As ase.Atoms; None where no structure was found."""
        return self.crystal.atoms() if self.crystal else None

    def structure(self) -> Any:
        """As pymatgen's Structure; None where no structure was found."""
        return self.crystal.structure() if self.crystal else None


@dataclass
class ScanResult(Result):
    """Of ``scan``: a row for each axis, and ``curves``: the objective along each, by its name, as (values, objective)."""

    curves: dict[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)

    def plot(self, axis: str | None = None, ax: Any = None, **keywords: Any) -> Any:
        """Draws the objective along an axis (the first if None) with matplotlib; returns the axes."""
        known = {one["name"]: one for one in self.axes}
        name = next(iter(known)) if axis is None else axis
        if name not in known or name not in self.curves:
            raise Error(f"no axis {name!r} was scanned", f"give one of {', '.join(self.curves)}")
        if ax is None:
            ax = needed("matplotlib.pyplot", "a plot").subplots()[1]
        ax.plot(*self.curves[name], **keywords)
        ax.set_xlabel(f"{name} ({known[name]['unit']})" if known[name]["unit"] else name)
        ax.set_ylabel("objective")
        return ax

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What each axis is and how many minima it has, for pandas.DataFrame."""
        return [{key: value for key, value in axis.items() if not isinstance(value, (list, dict))} for axis in self.axes]

    @property
    def axes(self) -> list[dict[str, Any]]:
        """The command's rows, with every minimum and point."""
        return self.json["axes"]

    @property
    def minima(self) -> list[dict[str, Any]]:
        """Every minimum with its axis."""
        return [{"axis": axis["name"], **minimum} for axis in self.axes for minimum in axis["minima"]]


@dataclass
class MapResult(Result):
    """Of ``map``: minima as rows; x, y and the values over them as arrays."""

    x: np.ndarray = field(default_factory=lambda: np.empty(0))
    y: np.ndarray = field(default_factory=lambda: np.empty(0))
    #: (x, y), NaN where a structure has none.
    values: np.ndarray = field(default_factory=lambda: np.empty((0, 0)))

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The minima, for pandas.DataFrame."""
        return self.json["minima"]

    def plot(self, ax: Any = None, **keywords: Any) -> Any:
        """Draws the map with matplotlib; returns the axes."""
        if ax is None:
            ax = needed("matplotlib.pyplot", "a plot").subplots()[1]
        ax.pcolormesh(self.x, self.y, self.values.T, **{"shading": "auto", **keywords})
        for set_label, axis in zip((ax.set_xlabel, ax.set_ylabel), self.json["axes"]):
            set_label(f"{axis['name']} ({axis['unit']})" if axis["unit"] else axis["name"])
        return ax


class MatchResult(Result):
    """Of ``match``: a row for each pair."""

    @property
    def rms(self) -> float | None:
        """Å, of the first pair."""
        return self.rows[0].get("rmsDisplacement") if self.rows else None


@dataclass
class ValidationResult(Result):
    """Of ``validate``: a row for each record, and the ``summary``."""

    summary: dict[str, Any] = field(default_factory=dict)


def _job(
    kind: type, words: list[str], progress: Progress | bool | None, folder: Any, form: str = "object"
) -> Any:
    result = run(words, progress, pathlib.Path(folder) if folder else None, form)
    return kind(result.answer, result.json, result.remarks, result.folder, result.command)


def _with_structure(
    words: list[str], file: str, progress: Progress | bool | None, folder: Any, count: int = 1
) -> StructureResult:
    """A job that writes a file of structures: into the folder asked for, or one that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="wyckoff-") as scratch:
        place = pathlib.Path(folder) if folder else pathlib.Path(scratch) / "result"
        result = _job(StructureResult, [*words, "--output", str(place), "--json"], progress, folder)
        if (place / file).exists():
            result.crystals = [read(place / file, number) for number in range(count)]
            result.crystal = result.crystals[0]
        result.fits = [Fit(*_table(path)[:, [0, 1, 2, 4]].T) for path in _numbered(place, "fit", "tsv")]
        return result


def _numbered(folder: pathlib.Path, name: str, ending: str) -> list[pathlib.Path]:
    """name.ending, name-2.ending, …, as far as they are there."""
    paths = [folder / f"{name}.{ending}"]
    while paths[-1].exists():
        paths.append(folder / f"{name}-{len(paths) + 1}.{ending}")
    return paths[:-1]


def _table(path: pathlib.Path) -> np.ndarray:
    return np.genfromtxt(path, comments="#", delimiter="\t", ndmin=2)


def index(
    pattern: Any, *, formula: str | None = None, wavelength: str | float | None = None, folder: Any = None,
    progress: Progress | bool | None = None, **keywords: Any,
) -> IndexResult:
    """The lattice of a powder pattern (a path, or (2θ, intensity[, σ]))."""
    with Files() as files:
        given = {"formula": formula, "wavelength": wavelength, "output": folder, **keywords}
        words = ["index", files.pattern(pattern), *options(given), "--json"]
        return _job(IndexResult, words, progress, folder)


def solve(
    pattern: Any, formula: str, *, wavelength: str | float | None = None, reference: Any = None, folder: Any = None,
    progress: Progress | bool | None = None, **keywords: Any,
) -> StructureResult:
    """A structure from its composition and a powder pattern alone."""
    with Files() as files:
        given = {"formula": formula, "wavelength": wavelength, **keywords}
        if reference is not None:
            given["reference"] = files.structure(reference)
        words = ["solve", files.pattern(pattern), *options(given)]
        return _with_structure(words, "solved.cif", progress, folder)


def recover(
    pattern: Any, start: Any, *, wavelength: str | float | list[Any] | None = None, symmetry_from: Any = None,
    space_group: str | int | None = None, family: str | None = None, reference: Any = None, folder: Any = None,
    progress: Progress | bool | None = None, **keywords: Any,
) -> StructureResult:
    """A structure from a powder pattern and a distorted start.

    Lists are several patterns of one sample (``wavelength`` and the like then are lists too), or several starts.
    """
    with Files() as files:
        patterns = pattern if isinstance(pattern, list) else [pattern]
        starts = start if isinstance(start, list) else [start]
        given = {
            "pattern": [files.pattern(one) for one in patterns], "start": [files.structure(one) for one in starts],
            "wavelength": wavelength, "space_group": space_group, "family": family, **keywords,
        }
        if symmetry_from is not None:
            given["symmetry_from"] = files.structure(symmetry_from)
        if reference is not None:
            given["reference"] = files.structure(reference)
        return _with_structure(["recover", *options(given)], "recovered.cif", progress, folder)


def refine(
    pattern: Any, structures: Any, *, wavelength: str | float | None = None, folder: Any = None, output: Any = None,
    progress: Progress | bool | None = None, **keywords: Any,
) -> StructureResult:
    """A Rietveld fit of a measured pattern with one structure or a list of phases: ``crystals`` are as refined.

    ``output`` in the place of ``folder`` is the command's: a file for the fit alone (.svg, .png, .tsv), without structures.
    """
    with Files() as files:
        several = structures if isinstance(structures, list) else [structures]
        given = {"wavelength": wavelength, **keywords}
        words = ["refine", files.pattern(pattern), *[files.structure(one) for one in several], *options(given)]
        return _with_structure(words, "refined.cif", progress, folder or output, len(several))


def scan(
    structure: Any, along: str | Sequence[str] = "all", *, folder: Any = None,
    progress: Progress | bool | None = None, **keywords: Any,
) -> ScanResult:
    """Every minimum of an objective along parameters of a structure."""
    with Files() as files, tempfile.TemporaryDirectory(prefix="wyckoff-") as scratch:
        place = pathlib.Path(folder) if folder else pathlib.Path(scratch) / "scan"
        given = {"along": _names(along), "output": str(place), **keywords}
        result = _job(ScanResult, ["scan", files.structure(structure), *options(given), "--json"], progress, folder)
        for axis in result.axes:
            path = place / f"scan-{axis['name']}.tsv"
            if path.exists():
                result.curves[axis["name"]] = tuple(_table(path)[:, :2].T)
        return result


def map(
    structure: Any, along: str | Sequence[str], *, folder: Any = None, progress: Progress | bool | None = None,
    **keywords: Any,
) -> MapResult:
    """An objective over two parameters of a structure."""
    with Files() as files, tempfile.TemporaryDirectory(prefix="wyckoff-") as scratch:
        place = pathlib.Path(folder) if folder else pathlib.Path(scratch) / "map"
        given = {"along": _names(along), "output": str(place), **keywords}
        result = _job(MapResult, ["map", files.structure(structure), *options(given), "--json"], progress, folder)
        table = np.genfromtxt(place / "map.tsv", comments="#", skip_header=1)
        result.x, result.y = np.unique(table[:, 0]), np.unique(table[:, 1])
        result.values = np.full((len(result.x), len(result.y)), np.nan)
        columns = np.searchsorted(result.x, table[:, 0]), np.searchsorted(result.y, table[:, 1])
        result.values[columns] = table[:, 2]
        return result


def match(first: Any, second: Any, **keywords: Any) -> MatchResult:
    """Whether two structures are the same; ``second`` may be a list, for a row of each."""
    with Files() as files:
        other = files.structures(second) if isinstance(second, list) else files.structure(second)
        words = ["match", files.structure(first), other, *options(keywords), "--json"]
        return _job(MatchResult, words, None, None, "lines")


def validate(
    records: Any, *, expect: int | str | None = None, progress: Progress | bool | None = None, **keywords: Any
) -> ValidationResult:
    """Checks structures clause by clause: a path to a file, folder or set, or an iterable of structures."""
    with Files() as files:
        is_path = isinstance(records, (str, pathlib.PurePath))
        paths = [str(records)] if is_path else [files.structures(_several(records))]
        words = ["validate", *paths, *options({"expect": expect, **keywords}), "--json"]
        result = _job(ValidationResult, words, progress, None, "lines")
        if result.json and "summary" in result.json[-1]:
            result.summary = result.json.pop()["summary"]
        return result


def _several(records: Any) -> Iterable[Any]:
    if isinstance(records, (list, set)) or hasattr(records, "__next__"):
        return records
    # A tuple is spglib's structure where it begins with a lattice, which has a length and is no structure.
    if isinstance(records, tuple) and all(hasattr(one, "cell") or hasattr(one, "lattice") for one in records):
        return records
    return [records]


def _names(along: Any) -> str:
    if isinstance(along, str):
        return along
    try:
        return ",".join(along)
    except TypeError:
        raise Error(f"along: {along!r} names no parameters", "give names, as 'O1.x' or ['a', 'c']") from None
