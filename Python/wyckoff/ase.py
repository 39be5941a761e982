"""ASE: relaxations that cannot leave the space group, and CHGNet as a calculator.

``SymmetryFilter(atoms)`` shows an optimiser only what the space group of the atoms leaves free.
"""

from __future__ import annotations

from ctypes import byref, c_double
from typing import Any

import numpy as np
from ase.calculators.calculator import Calculator, PropertyNotImplementedError, all_changes
from ase.filters import Filter, OptimizableFilter
from ase.stress import full_3x3_to_voigt_6_stress

from ._crystal import Crystal
from ._errors import Error
from ._library import Handle, array, call
from ._reduction import Reduced, reduce, stress_matrix

__all__ = ["SymmetryFilter", "CHGNet"]


class SymmetryFilter(Filter):
    """The free parameters of the atoms' space group, for any optimiser and any calculator.

    The coordinates are free strains and free Wyckoff coordinates, scaled so that a usual crystal is about as stiff against
    each as ASE's optimisers expect. The atoms are put on their symmetry (moved by no more than ``tolerance``) when the filter is made, and every
    step gives them the group exactly. An optimiser ends where the largest force that the symmetry allows on an atom and
    the largest component of stress times the volume of an atom are below its fmax, as with ``FrechetCellFilter``.

    Args:
        atoms: with a calculator when forces are asked for.
        tolerance: Å, within which the group is found.
        cell, positions: what relaxes.
        scalar_pressure: eV/Å³.

    Raises:
        Error: where no group is found, or the atoms carry constraints.
    """

    def __init__(
        self, atoms: Any, tolerance: float = 0.01, *, cell: bool = True, positions: bool = True,
        scalar_pressure: float = 0.0,
    ):
        if atoms.constraints:
            raise Error(
                "the atoms carry constraints, which a space group does not know",
                "remove them: atoms.set_constraint(); the filter takes the place of FixSymmetry",
            )
        super().__init__(atoms, indices=range(len(atoms)))
        self.reduced: Reduced = reduce(atoms, tolerance)
        self.scalar_pressure = scalar_pressure
        self._relaxes_cell = cell
        self._space = Handle(
            "space", "space_create", self.reduced._handle, int(cell), int(positions), float(scalar_pressure)
        )
        self._dimension = self._space.count()
        # Rows of three, as optimisers see atoms; what is left over stays zero.
        self.n = max(1, -(-self._dimension // 3))
        self._x = np.zeros(self._dimension)
        self._move()

    #: The library's coordinates assume 20 eV/Å² of a site; ASE's BFGS begins with a curvature of 70.
    _unit = (70 / 20) ** 0.5

    @property
    def dimension(self) -> int:
        """The number of free parameters, those of the cell included."""
        return self._dimension

    def _move(self) -> None:
        cell, places = np.empty((3, 3)), np.empty((len(self.atoms), 3))
        call(
            "space_geometry", self._space, self._x.ctypes.data, self._dimension, cell.ctypes.data, 9,
            places.ctypes.data, places.size,
        )
        self.atoms.set_cell(cell, scale_atoms=False)
        self.atoms.set_positions(places @ cell)

    def reduced_at(self) -> Reduced:
        """The present structure with its parameters."""
        handle = Handle("reduced", "space_reduced", self._space, self._x.ctypes.data, self._dimension)
        return Reduced(handle, Crystal.of(self.atoms))

    def get_positions(self) -> np.ndarray:
        rows = np.zeros(3 * self.n)
        rows[: self._dimension] = self._x / self._unit
        return rows.reshape(-1, 3)

    def set_positions(self, positions: Any, **_: Any) -> None:
        flat = np.asarray(positions, dtype=float).ravel()
        self._x = np.ascontiguousarray(flat[: self._dimension] * self._unit)
        self._move()

    positions = property(get_positions, set_positions)

    def _evaluate(self) -> tuple[float, np.ndarray, np.ndarray]:
        """Enthalpy, its gradient, and what is left (eV/Å, eV/Å³)."""
        forces = array(self.atoms.get_forces(), "forces", (len(self.atoms), 3))
        stress = np.zeros((3, 3))
        if self._relaxes_cell:
            try:
                stress = stress_matrix(self.atoms.get_stress())
            except PropertyNotImplementedError:
                raise Error(
                    "the calculator has no stress", "relax at fixed cell: SymmetryFilter(atoms, cell=False)"
                ) from None
        enthalpy, gradient, residual = c_double(), np.empty(self._dimension), np.empty(2)
        call(
            "space_gradient", self._space, self._x.ctypes.data, self._dimension,
            float(self.atoms.get_potential_energy()), forces.ctypes.data, forces.size, stress.ctypes.data, 9,
            byref(enthalpy), gradient.ctypes.data, residual.ctypes.data,
        )
        return enthalpy.value, gradient, residual

    def get_forces(self, *_: Any, **__: Any) -> np.ndarray:
        rows = np.zeros(3 * self.n)
        rows[: self._dimension] = -self._unit * self._evaluate()[1]
        return rows.reshape(-1, 3)

    def get_potential_energy(self, force_consistent: bool = True, **_: Any) -> float:
        energy = self.atoms.get_potential_energy(force_consistent=force_consistent)
        return energy + self.scalar_pressure * self.atoms.get_volume()

    def residual(self) -> float:
        """eV/Å: what an optimiser's fmax is compared with."""
        force, stress = self._evaluate()[2]
        return float(max(force, stress * self.atoms.get_volume() / len(self.atoms)))

    def __ase_optimizable__(self) -> "FreeParameters":
        return FreeParameters(self)


class FreeParameters(OptimizableFilter):
    """A ``SymmetryFilter`` as ASE's optimisers drive it: as any filter, but for when it is converged."""

    def converged(self, _: Any, fmax: float) -> bool:
        return self.filterobj.residual() < fmax


class CHGNet(Calculator):
    """CHGNet (Deng et al., Nature Machine Intelligence 5 (2023) 1031) in double precision, as Wyckoff computes it.

    The weights are fetched once: ``wyckoff models fetch chgnet``.

    Args:
        model: ``chgnet`` or ``chgnet-r2scan``.
        threads: at most so many evaluate one large cell; 0 for each core.
        symmetry: Å; where given, atoms that have a space group within it are evaluated on their orbits only.
    """

    implemented_properties = ["energy", "free_energy", "forces", "stress", "magmoms"]

    def __init__(self, model: str = "chgnet", threads: int = 1, symmetry: float | None = None, **keywords: Any):
        super().__init__(**keywords)
        self.symmetry = symmetry
        self._potential = Handle("potential", "potential_create", model.encode(), int(threads))

    def calculate(self, atoms: Any = None, properties: Any = None, system_changes: Any = all_changes) -> None:
        super().calculate(atoms, properties, system_changes)
        crystal = Crystal.of(self.atoms)
        if self.symmetry is None:
            target, name = crystal.handle(), "potential_evaluate"
        else:
            target, name = reduce(crystal, self.symmetry)._handle, "potential_evaluate_reduced"
        count = len(self.atoms)
        energy, forces, stress, moments = c_double(), np.empty((count, 3)), np.empty((3, 3)), np.empty(count)
        call(
            name, self._potential, target, byref(energy), forces.ctypes.data, forces.size,
            stress.ctypes.data, 9, moments.ctypes.data, count,
        )
        self.results = {
            "energy": energy.value, "free_energy": energy.value, "forces": forces,
            "stress": full_3x3_to_voigt_6_stress(stress), "magmoms": moments,
        }
