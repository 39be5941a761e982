"""Structures as users have them, to the library and back: cell, order, labels and all else kept."""

from __future__ import annotations

import os
import pathlib
from ctypes import byref, c_char_p, c_void_p
from dataclasses import dataclass, field
from typing import Any

import json
import numpy as np

from ._errors import Error
from ._library import Handle, array, call, library, text

SYMBOLS = (
    "X H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb Mo Tc"
    " Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi"
    " Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og"
).split()


@dataclass
class Crystal:
    """A structure: cell vectors (rows, Å), fractional positions, what sits on each site.

    Attributes:
        species: one text a site: ``Fe``, ``O2-``, or of a shared site ``Ti4+:0.5 Zr4+:0.25``.
        labels: one a site, empty where there is none.
        source: what it was made from, an ``ase.Atoms``, a ``pymatgen.Structure`` or a tuple; None of a file.
        remarks: what was assumed on reading.
    """

    cell: np.ndarray
    scaled_positions: np.ndarray
    species: list[str]
    labels: list[str] = field(default_factory=list)
    source: Any = None
    title: str = ""
    remarks: list[str] = field(default_factory=list)
    #: The library's own, with displacement parameters, as long as the arrays are those that came from it.
    _made: Any = field(default=None, repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.species)

    @property
    def positions(self) -> np.ndarray:
        """Cartesian, Å."""
        return self.scaled_positions @ self.cell

    # From

    @staticmethod
    def of(structure: Any) -> "Crystal":
        """A ``Crystal``, ``ase.Atoms``, ``pymatgen.Structure``, spglib's tuple (lattice, positions, numbers), or a file's path."""
        if isinstance(structure, Crystal):
            return structure
        if isinstance(structure, (str, os.PathLike)):
            return read(structure)
        if isinstance(structure, tuple):
            return Crystal._of_tuple(structure)
        module = type(structure).__module__.split(".")[0]
        if hasattr(structure, "get_scaled_positions") and hasattr(structure, "cell"):
            return Crystal._of_ase(structure)
        if hasattr(structure, "frac_coords") and hasattr(structure, "lattice"):
            return Crystal._of_pymatgen(structure)
        raise Error(
            f"a {module}.{type(structure).__name__} is no structure",
            "give ase.Atoms, pymatgen's Structure, (lattice, positions, numbers) or a path",
        )

    @staticmethod
    def _of_tuple(structure: tuple) -> "Crystal":
        if len(structure) < 3:
            raise Error(f"a tuple of {len(structure)} is no structure", "give (lattice, positions, numbers)")
        lattice, positions, numbers = structure[:3]
        count = len(numbers)
        return Crystal(
            array(lattice, "the lattice", (3, 3)).copy(),
            array(positions, "the positions", (count, 3)).copy(),
            [_symbol(number, index) for index, number in enumerate(numbers)],
            source=structure,
        )

    @staticmethod
    def _of_ase(atoms: Any) -> "Crystal":
        if not all(atoms.pbc):
            raise Error(
                "the atoms do not repeat in all three directions", "set atoms.pbc = True, with a cell that has room"
            )
        cell = np.array(atoms.cell.array, dtype=float)
        if abs(np.linalg.det(cell)) < 1e-9:
            raise Error("the atoms have no cell", "set atoms.cell to three vectors")
        # Not get_scaled_positions(), which wraps.
        scaled = np.linalg.solve(cell.T, atoms.positions.T).T
        species = [_symbol(number, index) for index, number in enumerate(atoms.numbers)]
        occupancy = atoms.info.get("occupancy")
        if occupancy:
            kinds = atoms.arrays.get("spacegroup_kinds")
            if kinds is None:
                raise Error(
                    "atoms.info has occupancies, and no array says which atom has which", "set spacegroup_kinds"
                )
            for index, kind in enumerate(kinds):
                shares = occupancy.get(str(int(kind)), occupancy.get(int(kind)))
                if shares:
                    species[index] = _shared(dict(shares))
        labels = atoms.arrays.get("labels", atoms.arrays.get("atom_site_labels"))
        return Crystal(
            cell, scaled, species, [str(label) for label in labels] if labels is not None else [], source=atoms
        )

    @staticmethod
    def _of_pymatgen(structure: Any) -> "Crystal":
        if not all(structure.lattice.pbc):
            raise Error("the structure does not repeat in all three directions", "give one with pbc (True, True, True)")
        species = []
        for site in structure:
            parts: dict[str, float] = {}
            for one, share in site.species.items():
                parts[_species_text(one)] = parts.get(_species_text(one), 0) + float(share)
            species.append(_shared(parts))
        labels = [site.label if site.label != site.species_string else "" for site in structure]
        return Crystal(
            np.array(structure.lattice.matrix, dtype=float),
            np.array(structure.frac_coords, dtype=float).reshape(-1, 3),
            species,
            labels if any(labels) else [],
            source=structure,
        )

    # To

    def moved(self, cell: np.ndarray, scaled_positions: np.ndarray) -> "Crystal":
        """The same atoms in another cell at other places; everything else that the source has goes with them."""
        return Crystal(cell, scaled_positions, self.species, self.labels, self.source, self.title)

    def restored(self) -> Any:
        """As what it came from: Atoms, Structure, tuple; this object where it came from a file."""
        if self.source is None:
            return self
        if isinstance(self.source, tuple):
            return (self.cell.copy(), self.scaled_positions.copy(), *self.source[2:])
        return self.atoms() if hasattr(self.source, "get_scaled_positions") else self.structure()

    def atoms(self) -> Any:
        """As ``ase.Atoms``; where it came from some, with all their arrays and info, without calculator and constraints."""
        from ase import Atoms

        if isinstance(self.source, Atoms) and len(self.source) == len(self):
            result = self.source.copy()
            result.set_constraint()
            result.set_cell(self.cell, scale_atoms=False)
            result.positions[:] = self.positions
            return result
        for index, species in enumerate(self.species):
            if ":" in species:
                raise Error(
                    f"{species}: ASE's atoms are whole", "use structure() for pymatgen's", f"site {index + 1}"
                )
        result = Atoms([_element(one) for one in self.species], cell=self.cell, pbc=True)
        result.positions[:] = self.positions
        if any(self.labels):
            result.set_array("labels", np.array(self.labels))
        return result

    def structure(self) -> Any:
        """As pymatgen's ``Structure``; where it came from one, with its site properties, labels, charge and properties."""
        from pymatgen.core import Lattice, Structure

        source = self.source
        if source is not None and hasattr(source, "frac_coords") and len(source) == len(self):
            return Structure(
                Lattice(self.cell), source.species_and_occu, self.scaled_positions, charge=source._charge,
                site_properties=source.site_properties, labels=[site.label for site in source],
                properties=source.properties,
            )
        species = []
        for one in self.species:
            parts = [part.split(":") for part in one.split()]
            species.append({part[0]: float(part[1]) if len(part) > 1 else 1.0 for part in parts})
        labels = [label or None for label in self.labels] if any(self.labels) else None
        return Structure(Lattice(self.cell), species, self.scaled_positions, labels=labels)

    def tuple(self) -> tuple:
        """As spglib takes it: (lattice, positions, numbers)."""
        numbers = [SYMBOLS.index(_element(one)) for one in self.species]
        return self.cell.copy(), self.scaled_positions.copy(), numbers

    def text(self, format: str = "cif") -> str:
        """As a file's text: cif, poscar, extxyz, json, jsonl."""
        return text("structure_text", self.handle(), format.encode())

    def write(self, path: str | os.PathLike, format: str | None = None) -> None:
        """As a file, its format by the ending of the name."""
        endings = {".vasp": "poscar", ".xyz": "extxyz", "": "poscar"}
        suffix = pathlib.Path(path).suffix.lower()
        pathlib.Path(path).write_text(self.text(format or endings.get(suffix, suffix[1:])))

    def handle(self) -> Handle:
        """As the library holds it."""
        if self._made is not None:
            handle, cell, positions, species, labels = self._made
            if (np.array_equal(cell, self.cell) and np.array_equal(positions, self.scaled_positions)
                    and species == self.species and labels == self.labels):
                return handle
        count = len(self.species)
        cell = array(self.cell, "the cell", (3, 3))
        positions = array(self.scaled_positions, "the positions", (count, 3))
        species = (c_char_p * max(1, count))(*[one.encode() for one in self.species])
        labels = (c_char_p * max(1, count))(*[one.encode() for one in self.labels]) if any(self.labels) else None
        return Handle(
            "structure", "structure_create", cell.ctypes.data, count, positions.ctypes.data, species, labels
        )

    @staticmethod
    def from_handle(handle: Handle, source: Any = None, remarks: list[str] | None = None) -> "Crystal":
        count = handle.count()
        cell, positions = np.empty((3, 3)), np.empty((count, 3))
        call("structure_geometry", handle, cell.ctypes.data, 9, positions.ctypes.data, 3 * count)
        sites = json.loads(text("structure_sites", handle))
        made = (handle, cell.copy(), positions.copy(), list(sites["species"]), list(sites["labels"]))
        return Crystal(cell, positions, sites["species"], sites["labels"], source, sites["title"], remarks or [], made)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_made": None}

    def _repr_html_(self) -> str:
        """A table of the sites."""
        rows = "".join(
            f"<tr><td>{label or ''}</td><td>{one}</td><td>{x:.5f}</td><td>{y:.5f}</td><td>{z:.5f}</td></tr>"
            for label, one, (x, y, z) in zip(self.labels or [""] * len(self), self.species, self.scaled_positions)
        )
        return f"<table><caption>{self.title}</caption>{rows}</table>"


def read(path: str | os.PathLike, number: int = 0) -> Crystal:
    """A structure of a file: CIF, POSCAR, extended XYZ, JSON; ``number`` counts from 0."""
    place, remarks = c_void_p(), c_void_p()
    handle = Handle.__new__(Handle)
    handle.kind, handle.pointer = "structure", None
    call("structure_read", os.fspath(path).encode(), number, byref(place), byref(remarks))
    handle.pointer = place.value
    return Crystal.from_handle(handle, remarks=json.loads(library.taken(remarks)))


def _symbol(number: Any, index: int) -> str:
    if not 0 < int(number) < len(SYMBOLS):
        raise Error(f"{number} is no atomic number", "give 1 to 118", f"site {index + 1}")
    return SYMBOLS[int(number)]


def _element(species: str) -> str:
    letters = "".join(letter for letter in species.split(":")[0] if letter.isalpha())
    return {"D": "H", "T": "H"}.get(letters, letters)


def _species_text(species: Any) -> str:
    """pymatgen's species; spins and broken charges stay in the source and do not count for the symmetry."""
    symbol = species.symbol
    charge = getattr(species, "oxi_state", None)
    if not charge or charge != round(charge) or not -4 <= charge <= 9:
        return symbol
    return f"{symbol}{abs(int(charge))}{'+' if charge > 0 else '-'}"


def _shared(parts: dict[str, float]) -> str:
    if len(parts) == 1 and abs(next(iter(parts.values())) - 1) < 1e-8:
        return next(iter(parts))
    return " ".join(f"{name}:{share!r}" for name, share in parts.items())
