"""How stiff a usual crystal would be in the free directions of a structure: what makes them alike for an optimiser."""

from __future__ import annotations

import numpy as np
from ase.neighborlist import primitive_neighbor_list

from ._metals import alloy

#: eV per atom: bulk modulus times the volume of an atom. 3 in NaCl, 9 in MgO, 12 in silicon, 8 to 26 in metals; of alloys it is
#: known better.
BULK_STIFFNESS = 9.0
#: Of an alloy's, what its relaxations are begun with: a first step that is long costs fewer evaluations than a short one.
ALLOY_SHARE = 0.65
#: eV per atom, within which an alloy's is believed: a cell that is far from its volume at rest is no crystal yet.
ALLOY_RANGE = (1.0, 60.0)
#: Of it, what resists a change of volume alone, as electrons do; the rest is bonds.
SHARE_OF_VOLUME = 0.3
#: A bond's stiffness against bending, as a share of that against stretching.
BENDING = 0.15
#: Bonds fade as exp(-DECAY (d / shortest - 1)), and are counted to REACH times the shortest.
DECAY, REACH = 3.0, 1.9
#: eV/Å²: what no direction falls below, so that layers and free molecules do not fly apart.
LEAST = 1.0
#: The slope of the bulk modulus with pressure, 3 to 6 in nearly all crystals.
BULK_SLOPE = 4.0
#: The linear strain up to which expansion follows that slope.
LARGEST_EXPANSION = 0.15
#: Numbers that one batch of bonds takes.
_BATCH = 2_000_000


class ModelStiffness:
    """Bonds as springs and a volume, over the free directions of a structure.

    Args:
        symbols: of the elements.
        cell, places: cell vectors (Å, rows) and fractional coordinates.
        strains: of each direction, the symmetric strain, (directions, 3, 3).
        moves: of each direction, the atoms' displacements at fixed cell (Å), (directions, atoms, 3).
    """

    def __init__(self, symbols: list[str], cell: np.ndarray, places: np.ndarray, strains: np.ndarray, moves: np.ndarray):
        atoms = len(places)
        bulk = bulk_stiffness(symbols, abs(np.linalg.det(cell)))
        positions = places @ cell
        # No packing has its atoms farther apart than 2^(1/6) (V/N)^(1/3).
        reach = 1.2 * (abs(np.linalg.det(cell)) / atoms) ** (1 / 3)
        self.shortest = float(_bonds(cell, positions, reach)[2].min())
        first, second, lengths, vectors = _bonds(cell, positions, REACH * self.shortest)
        springs = np.exp(-DECAY * (lengths / self.shortest - 1))
        # Uniform strain e stretches each bond by e d and costs (9/2) B V e².
        springs *= (1 - SHARE_OF_VOLUME) * 9 * bulk * atoms / (0.5 * springs @ lengths**2)
        count = len(strains)
        self.matrix = LEAST * np.eye(count)
        volumes = np.trace(strains, axis1=1, axis2=2)
        self.matrix += SHARE_OF_VOLUME * bulk * atoms * np.outer(volumes, volumes)
        if count == 0:
            return
        batch = max(1, _BATCH // (3 * count))
        for start in range(0, len(lengths), batch):
            some = slice(start, start + batch)
            i, j, d, k = first[some], second[some], vectors[some], 0.5 * springs[some]
            change = d @ strains + moves[:, j] - moves[:, i]
            along = np.einsum("npc,pc->np", change, d / lengths[some, None])
            self.matrix += (1 - BENDING) * (along * k) @ along.T
            weighted = (change * k[:, None]).reshape(count, -1)
            self.matrix += BENDING * weighted @ change.reshape(count, -1).T


def bulk_stiffness(symbols: list[str], volume: float) -> float:
    """eV per atom, of a crystal at a volume (Å³ a cell), in the coordinate of ``linear_strain``.

    An alloy's atoms keep the volumes and moduli of their metals (rule of mixtures). Of Morse's curve about the volume at rest the
    coordinate that begins at another one, e away in linear strain, sees exp(-2 c e) of the stiffness.
    """
    known = alloy(symbols)
    if known is None:
        return BULK_STIFFNESS
    rest, stiffness = known
    away = np.log(volume / rest) / 3
    return float(np.clip(ALLOY_SHARE * stiffness * np.exp(-2 * (BULK_SLOPE - 1) * away), *ALLOY_RANGE))


def _bonds(cell: np.ndarray, positions: np.ndarray, reach: float) -> tuple[np.ndarray, ...]:
    return primitive_neighbor_list("ijdD", (True, True, True), cell, positions, reach)


def linear_strain(u: float) -> tuple[float, float]:
    """Mean linear logarithmic strain as a function of a coordinate in which energy is a parabola, and its slope.

    A crystal grows softer as it expands: of Morse's binding curve, 1 - exp(-c e) with c = B' - 1 is the parabola's variable.
    """
    c = BULK_SLOPE - 1
    last = (1 - np.exp(-c * LARGEST_EXPANSION)) / c
    if u <= last:
        return -np.log1p(-c * u) / c, 1 / (1 - c * u)
    slope = np.exp(c * LARGEST_EXPANSION)
    return LARGEST_EXPANSION + (u - last) * slope, slope
