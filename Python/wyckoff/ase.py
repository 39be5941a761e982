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

from ._arguments import array, number, whole, word
from ._crystal import Crystal
from ._errors import Error
from ._library import Handle, call
from ._reduction import Reduced, reduce, stress_matrix
from ._stiffness import ModelStiffness, linear_strain

__all__ = ["SymmetryFilter", "CHGNet"]


class SymmetryFilter(Filter):
    """The free parameters of the atoms' space group, for any optimiser and any calculator.

    The coordinates mix free strains and free Wyckoff coordinates so that a usual crystal (bonds as springs, a volume that
    grows softer) is as stiff against each as ASE's optimisers expect: their first steps go where they should. The atoms are
    put on their symmetry (moved by no more than ``tolerance``) when the filter is made, and every
    step gives them the group exactly. An optimiser ends where the largest force that the symmetry allows on an atom and
    the largest row of stress times the volume of an atom are below its fmax, as with ``FrechetCellFilter``.

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
        if not hasattr(atoms, "get_potential_energy") or not hasattr(atoms, "constraints"):
            raise Error(f"a {type(atoms).__module__}.{type(atoms).__name__} is no ase.Atoms", "pass Atoms, not a filter of them")
        if atoms.constraints:
            raise Error(
                "the atoms carry constraints, which a space group does not know",
                "remove them: atoms.set_constraint(); the filter takes the place of FixSymmetry",
            )
        super().__init__(atoms, indices=range(len(atoms)))
        self.reduced: Reduced = reduce(atoms, tolerance)
        self.scalar_pressure = number(scalar_pressure, "the pressure")
        self._relaxes_cell = bool(cell)
        self._space = Handle(
            "space", "space_create", self.reduced._handle, int(bool(cell)), int(bool(positions)), self.scalar_pressure
        )
        self._dimension = self._space.count()
        # Rows of three, as optimisers see atoms; what is left over stays zero.
        self.n = max(1, -(-self._dimension // 3))
        self._x = np.zeros(self._dimension)
        # What optimisers see, x = spread @ z but for the volume.
        self._z = np.zeros(self._dimension)
        self._volume_slope = 1.0
        self._precondition()
        self._move()

    #: eV/Å²: the curvature that ASE's quasi-Newton optimisers begin with.
    _curvature = 70.0

    def _precondition(self) -> None:
        cell, places = self._geometry(self._x)
        count = self._dimension
        self._strains, self._moves = np.empty((count, 3, 3)), np.empty((count, len(places), 3))
        # Both are smooth, and an approximate stiffness asks for no more digits.
        step = 1e-4
        for k, x in enumerate(step * np.eye(count)):
            (wide, after), (narrow, before) = self._geometry(x), self._geometry(-x)
            change = np.linalg.solve(cell, wide - narrow) / (2 * step)
            # A cell whose vectors keep to their axes turns as it is sheared, which costs nothing.
            self._strains[k] = (change + change.T) / 2
            moved = after - before
            self._moves[k] = (moved - np.round(moved)) @ cell / (2 * step)
        model = ModelStiffness(self.atoms.get_chemical_symbols(), cell, places, self._strains, self._moves)
        self._shortest = model.shortest
        values, vectors = np.linalg.eigh(model.matrix)
        self._spread = (vectors * np.sqrt(self._curvature / values)) @ vectors.T
        # Orthonormal tensors, of which every stress that the group allows is made.
        _, sizes, tensors = np.linalg.svd(self._strains.reshape(count, 9), full_matrices=False)
        self._tensors = tensors[sizes > 1e-6 * max(1.0, sizes.max(initial=0))]
        volumes = np.trace(self._strains, axis1=1, axis2=2)
        norm = np.linalg.norm(volumes)
        #: The direction of the volume, a unit vector, and linear strain per length along it.
        self._volume = volumes / norm if norm > 1e-9 else volumes
        self._swelling = norm / 3

    def _geometry(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        cell, places = np.empty((3, 3)), np.empty((len(self.atoms), 3))
        call(
            "space_geometry", self._space, x.ctypes.data, self._dimension, cell.ctypes.data, 9,
            places.ctypes.data, places.size,
        )
        return cell, places

    def _move(self) -> None:
        cell, places = self._geometry(self._x)
        self._placed = (cell, places)
        self.atoms.set_cell(cell, scale_atoms=False)
        self.atoms.set_positions(places @ cell)

    def _check(self) -> None:
        """That the atoms are where the filter put them, in whatever image: elsewhere its gradient would be another one's."""
        cell, places = self._placed
        if len(self.atoms) == len(places) and np.abs(self.atoms.cell.array - cell).max() < self._same_place:
            apart = self.atoms.positions @ np.linalg.inv(cell) - places
            if np.abs((apart - np.round(apart)) @ cell).max() < self._same_place:
                return
        raise Error("the atoms were changed outside the filter", "make a new SymmetryFilter of them")

    #: Å: wrapping rounds by less.
    _same_place = 1e-6

    @property
    def dimension(self) -> int:
        """The number of free parameters, those of the cell included."""
        return self._dimension

    def reduced_at(self) -> Reduced:
        """The present structure with its parameters."""
        handle = Handle("reduced", "space_reduced", self._space, self._x.ctypes.data, self._dimension)
        return Reduced(handle, Crystal.of(self.atoms))

    def _rows(self, values: np.ndarray) -> np.ndarray:
        rows = np.zeros(3 * self.n)
        rows[: self._dimension] = values
        return rows.reshape(-1, 3)

    def get_positions(self) -> np.ndarray:
        return self._rows(self._z)

    def set_positions(self, positions: Any, **_: Any) -> None:
        rows = array(positions, "the coordinates", (self.n, 3))
        self._follow(rows.ravel()[: self._dimension].copy())

    def _follow(self, z: np.ndarray) -> None:
        before = self._z, self._x, self._volume_slope
        try:
            self._place(z)
        except BaseException:
            self._z, self._x, self._volume_slope = before
            raise

    def _place(self, z: np.ndarray) -> None:
        self._z = z
        x = self._spread @ self._z
        if self._swelling > 0:
            along = self._volume @ x
            strain, self._volume_slope = linear_strain(along * self._swelling)
            x = x + (strain / self._swelling - along) * self._volume
        self._x = np.ascontiguousarray(x)
        self._move()

    positions = property(get_positions, set_positions)

    def _evaluate(self) -> tuple[float, np.ndarray, np.ndarray]:
        """Enthalpy, its gradient, and what is left: the largest force on an atom, stress times volume of an atom (eV/Å, eV)."""
        self._check()
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
        pressed = (stress + self.scalar_pressure * np.eye(3)).ravel()
        left = ((self._tensors @ pressed) @ self._tensors).reshape(3, 3)
        size = self.atoms.get_volume() / len(self.atoms)
        # By rows, as other filters' optimisers see it.
        return enthalpy.value, gradient, np.array([residual[0], size * np.linalg.norm(left, axis=1).max()])

    def get_forces(self, *_: Any, **__: Any) -> np.ndarray:
        return self._rows(-self._spread @ self._by_volume(self._evaluate()[1]))

    def _by_volume(self, x: np.ndarray) -> np.ndarray:
        """A direction of x as it is along the volume's own coordinate; a symmetric map, of gradients and steps alike."""
        return x + ((self._volume_slope - 1) * (self._volume @ x)) * self._volume

    def step_length(self, step: Any) -> float:
        """Å: how far a step moves an atom, or strain the end of the shortest bond, whichever is more."""
        x = self._by_volume(self._spread @ np.asarray(step, dtype=float).ravel()[: self._dimension])
        moved = np.linalg.norm(np.tensordot(x, self._moves, 1), axis=1).max()
        strain = np.abs(np.linalg.eigvalsh(np.tensordot(x, self._strains, 1))).max()
        return float(max(moved, strain * self._shortest))

    def get_potential_energy(self, force_consistent: bool = True, **_: Any) -> float:
        energy = self.atoms.get_potential_energy(force_consistent=force_consistent)
        return energy + self.scalar_pressure * self.atoms.get_volume()

    def residual(self) -> float:
        """eV/Å: what an optimiser's fmax is compared with."""
        return float(self._evaluate()[2].max())

    def __ase_optimizable__(self) -> "FreeParameters":
        return FreeParameters(self)


class FreeParameters(OptimizableFilter):
    """A ``SymmetryFilter`` as ASE's optimisers drive it: any filter's way, but for lengths and for when it is converged."""

    _gradient: np.ndarray | None = None

    def get_gradient(self) -> np.ndarray:
        self._gradient = super().get_gradient()
        return self._gradient

    def gradient_norm(self, gradient: np.ndarray) -> float:
        """eV/Å of a gradient; Å of a step: optimisers ask the same of both, for their log and for their maxstep."""
        if self._gradient is not None and np.array_equal(gradient, self._gradient):
            return self.filterobj.residual()
        return self.filterobj.step_length(gradient)

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
        if symmetry is not None:
            self.symmetry = number(symmetry, "the tolerance")
        self._potential = Handle("potential", "potential_create", word(model, "the model"), whole(threads, "threads"))

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
