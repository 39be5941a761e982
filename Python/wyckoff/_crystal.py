"""Structures as users have them, to the library and back: cell, order, labels and all else kept."""

from __future__ import annotations

import copy
import html
import json
import os
import pathlib
from ctypes import byref, c_char_p, c_void_p
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from . import _species
from ._arguments import array, needed, path as path_bytes, whole, word
from ._errors import Error
from ._library import Handle, call, library, text
from ._sources import of_ase, of_pymatgen, to_ase, to_pymatgen


@dataclass(eq=False)
class Crystal:
    """A structure: cell vectors (rows, Å), fractional positions, what sits on each site.

    Attributes:
        species: one text a site: ``Fe``, ``O2-``, ``D``, ``7Li``, or of a shared site ``Ti4+:0.5 Zr4+:0.25``.
        labels: one a site, empty where there is none.
        source: a copy of what it was made from, an ``ase.Atoms``, a ``pymatgen.Structure`` or a tuple; None of a file.
        remarks: what was assumed on reading.
        b_iso: B of each site, Å², NaN where there is none; None where no site has one.
        u_aniso: U of each site on the reciprocal vectors as CIF has it, Å², (sites, 3, 3), NaN where there is none; or None.
    """

    cell: np.ndarray
    scaled_positions: np.ndarray
    species: list[str]
    labels: list[str] = field(default_factory=list)
    source: Any = None
    title: str = ""
    remarks: list[str] = field(default_factory=list)
    b_iso: np.ndarray | None = None
    u_aniso: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.species)

    def __eq__(self, other: Any) -> bool:
        """Whether cell, positions, species, labels and displacement parameters are the same numbers and texts."""
        if not isinstance(other, Crystal):
            return NotImplemented
        return (
            list(self.species) == list(other.species)
            and (list(self.labels) == list(other.labels) or not any(self.labels) and not any(other.labels))
            and all(
                _same(getattr(self, name), getattr(other, name))
                for name in ("cell", "scaled_positions", "b_iso", "u_aniso")
            )
        )

    __hash__ = None  # type: ignore[assignment]

    @property
    def positions(self) -> np.ndarray:
        """Cartesian, Å."""
        return np.asarray(self.scaled_positions) @ np.asarray(self.cell)

    # From

    @staticmethod
    def of(structure: Any) -> "Crystal":
        """A ``Crystal``, ``ase.Atoms``, ``pymatgen.Structure``, spglib's tuple (lattice, positions, numbers), a file's path, or
        what has a ``crystal``."""
        if isinstance(structure, Crystal):
            return structure
        if isinstance(structure, (str, os.PathLike)):
            return read(structure)
        if isinstance(structure, tuple):
            return Crystal._of_tuple(structure)
        if not isinstance(structure, type):
            if isinstance(getattr(structure, "crystal", None), Crystal):
                return structure.crystal
            if hasattr(structure, "get_scaled_positions") and hasattr(structure, "cell"):
                return Crystal(**of_ase(structure))
            if hasattr(structure, "frac_coords") and hasattr(structure, "lattice") and hasattr(structure, "sites"):
                return Crystal(**of_pymatgen(structure))
        kind = structure if isinstance(structure, type) else type(structure)
        raise Error(
            f"a {kind.__module__.split('.')[0]}.{kind.__name__} is no structure",
            "give ase.Atoms, pymatgen's Structure, (lattice, positions, numbers) or a path",
        )

    @staticmethod
    def _of_tuple(structure: tuple) -> "Crystal":
        if len(structure) < 3:
            raise Error(f"a tuple of {len(structure)} is no structure", "give (lattice, positions, numbers)")
        lattice, positions, given = structure[:3]
        try:
            numbers = list(given)
            rest = copy.deepcopy((given if hasattr(given, "__len__") else numbers, *structure[3:]))
        except TypeError:
            raise Error("the atomic numbers are no list", "give one for each position") from None
        return Crystal(
            array(lattice, "the lattice", (3, 3)).copy(),
            array(positions, "the positions", (len(numbers), 3)).copy(),
            [_species.symbol_of(number, index) for index, number in enumerate(numbers)],
            source=(None, None, *rest),
        )

    # To

    def moved(self, cell: np.ndarray, scaled_positions: np.ndarray) -> "Crystal":
        """The same atoms in another cell at other places; everything else that the source has goes with them."""
        return Crystal(
            cell, scaled_positions, self.species, self.labels, self.source, self.title, [], self.b_iso, self.u_aniso
        )

    def restored(self) -> Any:
        """As what it came from: Atoms, Structure, tuple; this object where it came from a file."""
        if self.source is None:
            return self
        if isinstance(self.source, tuple):
            return (np.array(self.cell), np.array(self.scaled_positions), *copy.deepcopy(self.source[2:]))
        return self.atoms() if hasattr(self.source, "get_scaled_positions") else self.structure()

    def atoms(self) -> Any:
        """As ``ase.Atoms``; where it came from some, with all their arrays, info and constraints, without calculator."""
        needed("ase", "an Atoms object")
        return to_ase(self)

    def structure(self) -> Any:
        """As pymatgen's ``Structure``; where it came from one, with its site properties, labels, charge and properties."""
        needed("pymatgen.core", "a Structure")
        return to_pymatgen(self)

    def tuple(self) -> tuple:
        """As spglib takes it: (lattice, positions, numbers)."""
        for index, species in enumerate(self.species):
            if ":" in species:
                raise Error(f"{species}: spglib's atoms are whole", "use structure()", f"site {index + 1}")
        numbers = [_species.SYMBOLS.index(_species.element(one)) for one in self.species]
        return np.array(self.cell), np.array(self.scaled_positions), numbers

    def text(self, format: str = "cif") -> str:
        """As a file's text: cif, poscar, extxyz, json, jsonl."""
        return text("structure_text", self.handle(), word(format, "the format"))

    def write(self, path: str | os.PathLike, format: str | None = None) -> None:
        """As a file, its format by the ending of the name."""
        place = pathlib.Path(os.fsdecode(path_bytes(path)))
        endings = {".vasp": "poscar", ".xyz": "extxyz", "": "poscar"}
        suffix = place.suffix.lower()
        content = self.text(format or endings.get(suffix, suffix[1:]))
        try:
            place.write_text(content, encoding="utf-8")
        except OSError as reason:
            raise Error(reason.strerror or str(reason), "name a file that can be written", str(place)) from None

    def handle(self) -> Handle:
        """As the library holds it."""
        count = len(self.species)
        cell = array(self.cell, "the cell", (3, 3))
        positions = array(self.scaled_positions, "the positions", (count, 3))
        species = (c_char_p * max(1, count))(
            *[word(one, f"the species of site {index + 1}") for index, one in enumerate(self.species)]
        )
        labels = None
        if self.labels is not None and any(self.labels):
            if len(self.labels) != count:
                raise Error(f"{len(self.labels)} labels of {count} sites", "give one for each, '' for none")
            labels = (c_char_p * max(1, count))(
                *[word(one, f"the label of site {index + 1}") for index, one in enumerate(self.labels)]
            )
        handle = Handle(
            "structure", "structure_create", cell.ctypes.data, count, positions.ctypes.data, species, labels
        )
        if not self.title and self.b_iso is None and self.u_aniso is None:
            return handle
        b = None if self.b_iso is None else array(self.b_iso, "b_iso", (count,))
        u = None if self.u_aniso is None else array(self.u_aniso, "u_aniso", (count, 3, 3))
        return Handle(
            "structure", "structure_described", handle, word(self.title, "the title"),
            None if b is None else b.ctypes.data, 0 if b is None else b.size,
            None if u is None else u.ctypes.data, 0 if u is None else u.size,
        )

    @staticmethod
    def from_handle(handle: Handle, source: Any = None, remarks: list[str] | None = None) -> "Crystal":
        """What the library holds, as arrays."""
        count = handle.count()
        cell, positions = np.empty((3, 3)), np.empty((count, 3))
        call("structure_geometry", handle, cell.ctypes.data, 9, positions.ctypes.data, 3 * count)
        b, u = np.empty(count), np.empty((count, 3, 3))
        call("structure_displacements", handle, b.ctypes.data, b.size, u.ctypes.data, u.size)
        sites = json.loads(text("structure_sites", handle))
        return Crystal(
            cell, positions, sites["species"], sites["labels"], source, sites["title"], remarks or [],
            None if np.isnan(b).all() else b, None if np.isnan(u).all() else u,
        )

    def _repr_html_(self) -> str:
        """A table of the sites."""
        rows = "".join(
            f"<tr><td>{html.escape(label or '')}</td><td>{html.escape(one)}</td><td>{x:.5f}</td><td>{y:.5f}</td>"
            f"<td>{z:.5f}</td></tr>"
            for label, one, (x, y, z) in zip(self.labels or [""] * len(self), self.species, self.scaled_positions)
        )
        return f"<table><caption>{html.escape(self.title)}</caption>{rows}</table>"


def _same(first: Any, second: Any) -> bool:
    if first is None or second is None:
        return first is second
    return np.array_equal(first, second, equal_nan=True)


def read(path: str | os.PathLike, number: int = 0) -> Crystal:
    """A structure of a file: CIF, POSCAR, extended XYZ, JSON; ``number`` counts from 0."""
    place, remarks = c_void_p(), c_void_p()
    handle = Handle.__new__(Handle)
    handle.kind, handle.pointer = "structure", None
    call("structure_read", path_bytes(path), whole(number, "the number of the structure"), byref(place), byref(remarks))
    handle.pointer = place.value
    return Crystal.from_handle(handle, remarks=json.loads(library.taken(remarks)))
