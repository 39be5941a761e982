"""Translations inside a cell: the primitive lattice that they make, and which atoms are copies of one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ._crystal import Crystal


def primitive_basis(translations: np.ndarray, cell: np.ndarray) -> np.ndarray:
    """Three short vectors (rows, Å) that make every translation.

    Args:
        translations: fractional, all that the cell holds; their number is the cell's multiplicity.
        cell: rows, Å.
    """
    count = len(translations)
    # Whole numbers: a translation is a multiple of 1/count along each axis.
    rows = np.vstack([count * np.eye(3, dtype=int), np.round(count * translations).astype(int)])
    return _reduced(_echelon(rows) @ cell / count)


def _echelon(rows: np.ndarray) -> np.ndarray:
    """A basis of the lattice of whole numbers that the rows make, triangular."""
    rows = rows.copy()
    for column in range(3):
        while True:
            places = np.flatnonzero(rows[column:, column]) + column
            least = places[np.abs(rows[places, column]).argmin()]
            rows[[column, least]] = rows[[least, column]]
            if len(places) == 1:
                break
            rows[column + 1:] -= np.outer(rows[column + 1:, column] // rows[column, column], rows[column])
    return rows[:3]


def _reduced(basis: np.ndarray) -> np.ndarray:
    """No vector gets shorter by adding another, or the sum or difference of both others; right-handed."""
    basis = basis.copy()
    changed = True
    while changed:
        changed = False
        for k in range(3):
            first, second = basis[(k + 1) % 3], basis[(k + 2) % 3]
            for other in (first, second, first + second, first - second):
                shift = np.round(basis[k] @ other / (other @ other))
                shorter = basis[k] - shift * other
                if shorter @ shorter < (basis[k] @ basis[k]) * (1 - 1e-9):
                    basis[k], changed = shorter, True
                    first, second = basis[(k + 1) % 3], basis[(k + 2) % 3]
    return basis if np.linalg.det(basis) > 0 else -basis


def copies(crystal: "Crystal", translations: np.ndarray) -> np.ndarray:
    """Of each site, the number of its class under the translations, counted as they come."""
    places, cell = np.asarray(crystal.scaled_positions), np.asarray(crystal.cell)
    result = np.full(len(places), -1, dtype=np.int32)
    next_number = 0
    for site in range(len(places)):
        if result[site] >= 0:
            continue
        alike = np.flatnonzero([one == crystal.species[site] for one in crystal.species])
        for translation in translations:
            apart = places[alike] - places[site] - translation
            result[alike[np.linalg.norm((apart - np.round(apart)) @ cell, axis=1).argmin()]] = next_number
        next_number += 1
    return result
