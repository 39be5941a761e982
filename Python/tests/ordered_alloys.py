"""Ordered alloys of EMT's metals in many groups."""

import itertools

import numpy as np
import wyckoff
from ase import Atoms
from ase.build import make_supercell
from ase.spacegroup import crystal

METALS = ["Al", "Cu", "Ag", "Au", "Ni", "Pd", "Pt"]


def alloys(count: int, seed: int = 5) -> list[tuple[str, Atoms]]:
    """Ordered alloys of EMT's metals in many groups, each moved inside its group."""
    random = np.random.default_rng(seed)
    prototypes = [
        ("L1_2", 221, [(0, 0, 0), (0, 0.5, 0.5)], [3.9] * 3 + [90] * 3),
        ("B2", 221, [(0, 0, 0), (0.5, 0.5, 0.5)], [3.1] * 3 + [90] * 3),
        ("L1_0", 123, [(0, 0, 0), (0.5, 0.5, 0.5)], [2.8, 2.8, 3.7, 90, 90, 90]),
        ("MoSi2", 139, [(0, 0, 0), (0, 0, 0.335)], [3.0, 3.0, 9.0, 90, 90, 90]),
        ("D0_19", 194, [(1 / 3, 2 / 3, 0.25), (0.84, 0.68, 0.25)], [5.6, 5.6, 4.6, 90, 90, 120]),
        ("B19", 51, [(0, 0, 0.31), (0, 0.5, 0.82)], [2.9, 4.7, 4.6, 90, 90, 90]),
        ("rutile", 136, [(0, 0, 0), (0.30, 0.30, 0)], [5.2, 5.2, 3.4, 90, 90, 90]),
        ("D5_13", 164, [(0, 0, 0), (1 / 3, 2 / 3, 0.64)], [4.2, 4.2, 5.0, 90, 90, 120]),
        ("A15", 223, [(0, 0, 0), (0.25, 0, 0.5)], [5.1] * 3 + [90] * 3),
        ("B27", 62, [(0.18, 0.25, 0.12), (0.04, 0.25, 0.63)], [6.0, 3.6, 5.0, 90, 90, 90]),
        ("monoclinic", 12, [(0.22, 0, 0.34), (0.05, 0.5, 0.21)], [6.2, 4.1, 5.0, 90, 104, 90]),
        ("triclinic", 2, [(0.2, 0.1, 0.3), (0.7, 0.55, 0.2)], [3.4, 4.2, 5.1, 84, 97, 104]),
    ]
    result = []
    for name, group, sites, cell in itertools.cycle(prototypes):
        if len(result) == count:
            return result
        symbols = list(random.choice(METALS, 2, replace=False))
        atoms = crystal(symbols, sites, spacegroup=group, cellpar=cell)
        # Atoms apart by about what metals are.
        nearest = min(d for d in atoms.get_all_distances(mic=True).ravel() if d > 0.1)
        atoms.set_cell(atoms.cell * max(1, 2.45 / nearest), scale_atoms=True)
        reduced = wyckoff.reduce(atoms)
        reduced.x = reduced.x + 0.04 * random.uniform(-1, 1, len(reduced)) * reduced.scales
        atoms = reduced.atoms()
        if len(result) % 3 == 2 and len(atoms) < 9:
            atoms = make_supercell(atoms, [[1, 1, 0], [0, 1, 0], [0, 0, 1]])
        result.append((f"{name} {'-'.join(symbols)}", atoms))
