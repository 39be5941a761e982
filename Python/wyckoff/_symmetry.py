"""The space group of a structure."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ._arguments import number
from ._crystal import Crystal
from ._library import Handle, read_json
from ._translations import copies, primitive_basis


@dataclass(frozen=True)
class SpaceGroup:
    """A setting of a space group: ``number`` 1 to 230, ``symbol`` in Hermann–Mauguin, ``choice`` and ``hall_number`` as spglib's."""

    number: int
    symbol: str
    choice: str
    hall_number: int

    @staticmethod
    def of(row: dict[str, Any]) -> "SpaceGroup":
        """Of a row of the command's JSON."""
        return SpaceGroup(row["number"], row["symbol"], row["choice"], row["hallNumber"])

    def __str__(self) -> str:
        return f"{self.symbol} ({self.number})"


@dataclass(frozen=True)
class Rung:
    """A group that a structure shows between two tolerances (Å), and what enforcing it costs (Å, strain)."""

    space_group: SpaceGroup
    tolerances: tuple[float, float]
    max_displacement: float
    strain: float


@dataclass(eq=False)
class Symmetry:
    """What ``find`` found. Names are those of spglib's dataset where it has them; arrays follow the atoms.

    Attributes:
        rotations, translations: the operations in the structure's own cell.
        transformation_matrix, origin_shift: x_standard = matrix x + shift.
        wyckoffs, site_symmetry_symbols: in the setting of ``space_group``.
        equivalent_atoms: the first atom of each atom's orbit.
        max_displacement, rms_displacement: how far enforcing the group moves the atoms, Å.
        own_setting: the tabulated setting that the structure's cell is in, where letters differ there; else None.
        ladder: every group between 1e-5 and 2 Å; None unless asked for.
    """

    space_group: SpaceGroup
    hall: str
    full_symbol: str
    schoenflies: str
    pointgroup: str
    crystal_family: str
    tolerance: float
    rotations: np.ndarray
    translations: np.ndarray
    transformation_matrix: np.ndarray
    origin_shift: np.ndarray
    wyckoffs: list[str]
    site_symmetry_symbols: list[str]
    equivalent_atoms: np.ndarray
    max_displacement: float
    rms_displacement: float
    own_setting: SpaceGroup | None
    ladder: list[Rung] | None
    json: dict[str, Any] = field(repr=False)
    _crystal: Crystal = field(repr=False)

    @property
    def crystallographic_orbits(self) -> np.ndarray:
        """As ``equivalent_atoms``."""
        return self.equivalent_atoms

    @property
    def pure_translations(self) -> np.ndarray:
        """Those that the structure's own cell holds, fractional; the first is none."""
        return self.translations[(self.rotations == np.eye(3, dtype=int)).all(axis=(1, 2))]

    @property
    def primitive_lattice(self) -> np.ndarray:
        """Rows, Å: a reduced primitive basis in the structure's own orientation."""
        return primitive_basis(self.pure_translations, np.asarray(self._crystal.cell))

    @property
    def mapping_to_primitive(self) -> np.ndarray:
        """Of each atom, the number of that of the primitive cell which it is a copy of."""
        return copies(self._crystal, self.pure_translations)

    @property
    def std_lattice(self) -> np.ndarray:
        """Rows, Å: of the standard cell, with the symmetry enforced."""
        return self.standard().cell

    @property
    def std_positions(self) -> np.ndarray:
        """Fractional, of the atoms of the standard cell."""
        return self.standard().scaled_positions

    @property
    def std_types(self) -> np.ndarray:
        """Atomic numbers of the atoms of the standard cell."""
        return np.array(self.standard().tuple()[2], dtype=np.int32)

    @property
    def std_rotation_matrix(self) -> np.ndarray:
        """What turns the structure, in Cartesian coordinates, to where the standard cell lies."""
        turned = self.standard().cell.T @ self.transformation_matrix @ np.linalg.inv(np.asarray(self._crystal.cell).T)
        left, _, right = np.linalg.svd(turned)
        return left @ right

    @property
    def number(self) -> int:
        """1 to 230."""
        return self.space_group.number

    @property
    def international(self) -> str:
        """The short symbol without spaces."""
        return self.space_group.symbol.replace(" ", "")

    @property
    def hall_number(self) -> int:
        """1 to 530, spglib's."""
        return self.space_group.hall_number

    @property
    def choice(self) -> str:
        """Of origin or axes, as spglib writes it."""
        return self.space_group.choice

    def _standardized(self, cell: str) -> Crystal:
        return Crystal.from_handle(
            Handle("structure", "standardize", self._crystal.handle(), self.tolerance, cell.encode())
        )

    def standard(self) -> Crystal:
        """The structure with the symmetry enforced, in the standard cell."""
        return self._standardized("standard")

    def primitive(self) -> Crystal:
        """The same in the primitive cell of the setting."""
        return self._standardized("primitive")

    def symmetrized(self) -> Any:
        """The structure with the symmetry enforced in its own cell, as what it came from."""
        enforced = self._standardized("keep")
        return self._crystal.moved(enforced.cell, enforced.scaled_positions).restored()

    def subgroups(self, kind: str | None = None, index: int | None = None) -> list["Subgroup"]:
        """As ``Reduced.subgroups``."""
        from ._reduction import reduce

        return reduce(self._crystal, self.tolerance).subgroups(kind, index)

    def _repr_html_(self) -> str:
        seen: set[int] = set()
        rows = ""
        for atom, first in enumerate(self.equivalent_atoms):
            if first in seen:
                continue
            seen.add(first)
            count = int((self.equivalent_atoms == first).sum())
            rows += (f"<tr><td>{html.escape(self._crystal.species[atom])}</td><td>{count}{self.wyckoffs[atom]}</td>"
                     f"<td>{self.site_symmetry_symbols[atom]}</td></tr>")
        return (f"<b>{self.space_group}</b> within {self.tolerance} Å; enforcing it moves atoms by up to "
                f"{self.max_displacement:.5f} Å<table>{rows}</table>")


@dataclass(frozen=True)
class Subgroup:
    """A subgroup that a structure may be lowered to: its group, ``kind`` (translationengleiche, klassengleiche), index.

    ``conjugacy_class``: those with equal numbers are the same descent in another orientation or about another origin.
    """

    space_group: SpaceGroup
    kind: str
    index: int
    conjugacy_class: int
    transformation: str
    place: int

    def __str__(self) -> str:
        return f"{self.space_group} {self.kind[0]}{self.index} {self.transformation}"


def find(structure: Any, tolerance: float = 0.01, ladder: bool = False) -> Symmetry:
    """The space group of a structure within a tolerance (Å); ``ladder`` for every group between 1e-5 and 2 Å.

    Raises:
        Error: where no group can be found.
    """
    crystal = Crystal.of(structure)
    tolerance = number(tolerance, "the tolerance")
    answer = read_json("symmetry", crystal.handle(), tolerance, int(bool(ladder)))
    found = answer["symmetry"]
    orbits = found["orbits"]
    first: dict[int, int] = {}
    for atom, orbit in enumerate(orbits):
        first.setdefault(orbit, atom)
    own = found["inputSetting"]
    rungs = found["ladder"]
    return Symmetry(
        space_group=SpaceGroup.of(found["spaceGroup"]),
        hall=answer["hallSymbol"],
        full_symbol=answer["fullSymbol"],
        schoenflies=answer["schoenflies"],
        pointgroup=found["pointGroup"],
        crystal_family=found["crystalFamily"],
        tolerance=tolerance,
        rotations=np.array(answer["operations"]["rotations"], dtype=np.int32),
        translations=np.array(answer["operations"]["translations"], dtype=float),
        transformation_matrix=np.array(answer["transformation"]),
        origin_shift=np.array(answer["originShift"]),
        wyckoffs=found["letters"],
        site_symmetry_symbols=found["siteSymmetry"],
        equivalent_atoms=np.array([first[orbit] for orbit in orbits], dtype=np.int32),
        max_displacement=found["maxDisplacement"],
        rms_displacement=found["rmsDisplacement"],
        own_setting=SpaceGroup.of(own["spaceGroup"]) if own else None,
        ladder=None if rungs is None else [
            Rung(SpaceGroup.of(rung["spaceGroup"]), tuple(rung["tolerances"]), rung["maxDisplacement"], rung["strain"])
            for rung in rungs
        ],
        json=found,
        _crystal=crystal,
    )
