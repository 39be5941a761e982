"""Structures in the space that their symmetry leaves free."""

from __future__ import annotations

import html
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from ._arguments import array, number, whole
from ._crystal import Crystal
from ._errors import Error
from ._library import Handle, call, read_json
from ._symmetry import SpaceGroup, Subgroup


@dataclass(frozen=True)
class Parameter:
    """A free number: ``name`` (``a``, ``beta``, ``O1.x``), ``value`` in ``unit``, bounds, and what it does (``formula``)."""

    name: str
    value: float
    unit: str
    lower: float
    upper: float
    formula: str

    @property
    def bounds(self) -> tuple[float, float]:
        """As a pair."""
        return self.lower, self.upper

    def _widened(self) -> "Parameter":
        """With the value inside its bounds: a cell may come with a sharper angle than one is looked for."""
        return replace(self, lower=min(self.lower, self.value), upper=max(self.upper, self.value))


@dataclass(frozen=True)
class Position:
    """An occupied position: the ``site`` as parameters name it, multiplicity and letter (``4c``), what is there."""

    site: str
    position: str
    occupants: str


class Jacobian(NamedTuple):
    """How a structure follows x.

    positions: ∂(Cartesian positions, Å)/∂x, (parameters, atoms, 3), the cell's move included.
    scaled_positions: ∂(fractional positions)/∂x, the same shape.
    cell: ∂(cell vectors)/∂x, (parameters, 3, 3).
    """

    positions: np.ndarray
    scaled_positions: np.ndarray
    cell: np.ndarray


class Reduced:
    """A structure of which only the free parameters of its space group can be moved.

    Setting ``x`` moves it; every structure that it can give has the group. Made by ``reduce``. It can be copied and pickled:
    what is unpickled was made again from the structure, and moved to ``x``.
    """

    def __init__(self, handle: Handle, crystal: Crystal, recipe: tuple[Any, ...] | None = None):
        self._handle = handle
        self._crystal = crystal
        # A function and its arguments that make it again; None where nothing does.
        self._recipe = recipe
        self._atoms = handle.count("atoms")
        self._count = handle.count()

    def __len__(self) -> int:
        return self._count

    def _json(self) -> dict[str, Any]:
        return read_json("reduced_parameters", self._handle)

    @property
    def parameters(self) -> list[Parameter]:
        """Lattice parameters, then coordinates; ``x`` has their values."""
        return [Parameter(**row)._widened() for row in self._json()["parameters"]]

    @property
    def names(self) -> list[str]:
        """Of the parameters, in the order of ``x``."""
        return [parameter.name for parameter in self.parameters]

    @property
    def bounds(self) -> list[tuple[float, float]]:
        """As scipy takes them."""
        return [parameter.bounds for parameter in self.parameters]

    @property
    def space_group(self) -> SpaceGroup:
        """In the setting that the parameters are of."""
        return SpaceGroup.of(self._json()["spaceGroup"])

    @property
    def positions(self) -> list[Position]:
        """The occupied positions, one for each orbit."""
        return [Position(**row) for row in self._json()["positions"]]

    @property
    def orbits(self) -> np.ndarray:
        """Of each atom, the index among ``positions``."""
        result = np.empty(self._atoms, dtype=np.int64)
        call("reduced_orbits", self._handle, result.ctypes.data, self._atoms)
        return result

    @property
    def letters(self) -> list[str]:
        """The Wyckoff letter of each atom, in the setting of ``space_group``."""
        letters = ["".join(c for c in one.position if not c.isdigit()) for one in self.positions]
        return [letters[orbit] for orbit in self.orbits]

    @property
    def origin_coordinates(self) -> list[str]:
        """Coordinates that are held because they only choose the origin along a polar direction."""
        return self._json()["originCoordinates"]

    @property
    def x(self) -> np.ndarray:
        """The parameters' values; a copy. Set it as a whole."""
        values = np.empty(self._count)
        call("reduced_values", self._handle, values.ctypes.data, self._count, None, 0)
        return values

    @x.setter
    def x(self, values: Any) -> None:
        numbers = array(values, "x", (self._count,))
        call("reduced_set_values", self._handle, numbers.ctypes.data, self._count)

    @property
    def scales(self) -> np.ndarray:
        """What of each value moves something by about 1 Å: x/scales is well scaled."""
        values, scales = np.empty(self._count), np.empty(self._count)
        call("reduced_values", self._handle, values.ctypes.data, self._count, scales.ctypes.data, self._count)
        return scales

    def _geometry(self) -> tuple[np.ndarray, np.ndarray]:
        cell, positions = np.empty((3, 3)), np.empty((self._atoms, 3))
        call("reduced_geometry", self._handle, cell.ctypes.data, 9, positions.ctypes.data, 3 * self._atoms)
        return cell, positions

    @property
    def cell(self) -> np.ndarray:
        """Cell vectors of the present structure, rows, Å."""
        return self._geometry()[0]

    @property
    def scaled_positions(self) -> np.ndarray:
        """Fractional positions of the present structure, not wrapped."""
        return self._geometry()[1]

    @property
    def crystal(self) -> Crystal:
        """The present structure, displacement parameters included where the file had some."""
        handle = Handle("structure", "reduced_structure", self._handle)
        return Crystal.from_handle(handle, self._crystal.source)

    def atoms(self) -> Any:
        """As ``ase.Atoms``, in the user's cell and order, with their arrays and info."""
        return self.crystal.atoms()

    def structure(self) -> Any:
        """As pymatgen's ``Structure``, with its site properties and labels."""
        return self.crystal.structure()

    def restored(self) -> Any:
        """As what it was made from."""
        return self.crystal.restored()

    @property
    def jacobian(self) -> Jacobian:
        """Exact derivatives of positions and cell."""
        count, atoms = self._count, self._atoms
        scaled, cell = np.empty((count, atoms, 3)), np.empty((count, 3, 3))
        call("reduced_jacobian", self._handle, scaled.ctypes.data, scaled.size, cell.ctypes.data, cell.size)
        vectors, places = self._geometry()
        return Jacobian(scaled @ vectors + places @ cell, scaled, cell)

    def gradient(self, forces: Any, stress: Any) -> np.ndarray:
        """∂E/∂x from forces (eV/Å) and stress (eV/Å³, 3×3 or ASE's six of Voigt) of the present structure."""
        forces = array(forces, "forces", (self._atoms, 3))
        stress = stress_matrix(stress)
        result = np.empty(self._count)
        call(
            "reduced_gradient", self._handle, forces.ctypes.data, forces.size, stress.ctypes.data, 9,
            result.ctypes.data, self._count,
        )
        return result

    def copy(self) -> "Reduced":
        """One of its own: moving it leaves this one."""
        return Reduced(Handle("reduced", "reduced_copy", self._handle), self._crystal, self._recipe)

    def __copy__(self) -> "Reduced":
        return self.copy()

    def __deepcopy__(self, _: Any) -> "Reduced":
        return self.copy()

    def __reduce__(self) -> tuple[Any, ...]:
        if self._recipe is None:
            raise TypeError("a structure in the middle of a relaxation cannot be pickled; pickle its crystal and reduce it again")
        return _again, (self._recipe, self.x)

    def subgroups(self, kind: str | None = None, index: int | None = None) -> list[Subgroup]:
        """Translationengleiche subgroups of any index and klassengleiche ones of index 2 and 3, in every orientation."""
        if kind not in (None, *_KINDS):
            raise Error(f"no kind of subgroups is called {kind!r}", f"give one of {', '.join(_KINDS)}")
        wanted = None if index is None else whole(index, "the index")
        rows = read_json("reduced_subgroups", self._handle)
        result = [
            Subgroup(SpaceGroup.of(row["spaceGroup"]), row["kind"], row["index"], row["conjugacyClass"],
                     row["transformation"], place)
            for place, row in enumerate(rows)
        ]
        return [one for one in result if kind in (None, one.kind) and wanted in (None, one.index)]

    def in_subgroup(self, subgroup: Subgroup) -> "Reduced":
        """The same crystal with the freedom of a subgroup, in the subgroup's own cell."""
        if not isinstance(subgroup, Subgroup):
            raise Error(f"a {type(subgroup).__name__} is no subgroup", "give one of subgroups()")
        if subgroup not in self.subgroups():
            raise Error(f"{subgroup} is no subgroup of {self.space_group}", "give one of this structure's subgroups()")
        handle = Handle("reduced", "reduced_in_subgroup", self._handle, subgroup.place)
        lowered = Crystal.from_handle(Handle("structure", "reduced_structure", handle))
        return Reduced(handle, lowered, None if self._recipe is None else (_lowered, self.copy(), subgroup))

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{html.escape(one.name)}</td><td>{one.value:.5f} {one.unit}</td><td>{html.escape(one.formula)}</td></tr>"
            for one in self.parameters
        )
        json = self._json()
        return f"<b>{self.space_group}</b>, {json['occupation']}: {self._count} free parameters<table>{rows}</table>"

    def __repr__(self) -> str:
        json = self._json()
        return f"<Reduced {self.space_group}, {json['occupation']}, {self._count} parameters>"


def stress_matrix(stress: Any) -> np.ndarray:
    """3×3 of ASE's six components of Voigt (xx, yy, zz, yz, xz, xy), or as it is."""
    numbers = array(stress, "stress")
    if numbers.shape == (6,):
        xx, yy, zz, yz, xz, xy = numbers
        numbers = np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]])
    if numbers.shape != (3, 3):
        raise Error(f"stress: an array of shape {numbers.shape}", "pass six components of Voigt or 3×3")
    return numbers


_KINDS = ("translationengleiche", "klassengleiche")


def reduce(structure: Any, tolerance: float = 0.01) -> Reduced:
    """A structure in the space that its symmetry leaves free, in its own cell, whatever that is.

    Args:
        structure: ase.Atoms, pymatgen's Structure, spglib's (lattice, positions, numbers), a path, or a ``Crystal``.
        tolerance: Å, how far the atoms may be from the symmetry, which is then enforced.

    Raises:
        Error: where no group can be found or enforced.
    """
    crystal = Crystal.of(structure)
    limit = number(tolerance, "the tolerance")
    return Reduced(Handle("reduced", "reduce", crystal.handle(), limit), crystal, (reduce, crystal, limit))


def _lowered(whole: Reduced, subgroup: Subgroup) -> Reduced:
    return whole.in_subgroup(subgroup)


def _again(recipe: tuple[Any, ...], x: np.ndarray) -> Reduced:
    make, *arguments = recipe
    result = make(*arguments)
    result.x = x
    return result


__all__ = ["Error", "Jacobian", "Parameter", "Position", "Reduced", "reduce"]
