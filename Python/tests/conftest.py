"""Structures for the tests: a few that ASE builds, those of Data/, and OQMD's where they are at hand.

WYCKOFF_STRUCTURES names a folder with oqmd20.jsonl.gz (default: that of the shared data beside the checkout, which Swift's tests read,
or structures/ in it). WYCKOFF_LAWS=all takes many.
"""

import gzip
import json
import os
import pathlib
import random

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk, make_supercell
from ase.spacegroup import crystal

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT / "Data"
EVERYTHING = bool(os.environ.get("WYCKOFF_LAWS"))
FOLDERS = [os.environ.get("WYCKOFF_STRUCTURES"), ROOT.parent / "shared" / "data" / "oqmd20", ROOT / "structures"]
OQMD = next(
    (path for folder in FOLDERS if folder and (path := pathlib.Path(folder) / "oqmd20.jsonl.gz").exists()),
    ROOT / "structures" / "oqmd20.jsonl.gz",
)


def zoo() -> dict[str, Atoms]:
    """Groups of every family, standard and other settings, primitive, super and sheared cells."""
    rutile = crystal(["Ti", "O"], [(0, 0, 0), (0.305, 0.305, 0)], spacegroup=136, cellpar=[4.594, 4.594, 2.959, 90, 90, 90])
    quartz = crystal(
        ["Si", "O"], [(0.4697, 0, 0), (0.4135, 0.2669, 0.1191)], spacegroup=152, cellpar=[4.916, 4.916, 5.405, 90, 90, 120]
    )
    wurtzite = bulk("ZnO", "wurtzite", a=3.25, c=5.2, u=0.382)
    perovskite = crystal(
        ["Ca", "Ti", "O", "O"],
        [(0.0065, 0.0359, 0.25), (0, 0.5, 0), (0.5711, 0.9837, 0.25), (0.2897, 0.2888, 0.0371)], spacegroup=62, setting=1,
        cellpar=[5.38, 5.44, 7.64, 90, 90, 90],
    )
    baddeleyite = crystal(
        ["Zr", "O", "O"], [(0.2754, 0.0395, 0.2083), (0.0700, 0.3317, 0.3447), (0.4496, 0.7569, 0.4792)], spacegroup=14,
        cellpar=[5.15, 5.21, 5.32, 90, 99.2, 90],
    )
    spinel = crystal(
        ["Mg", "Al", "O"], [(0.125, 0.125, 0.125), (0.5, 0.5, 0.5), (0.2624, 0.2624, 0.2624)], spacegroup=227, setting=2,
        cellpar=[8.08] * 3 + [90] * 3,
    )
    corundum = crystal(
        ["Al", "O"], [(0, 0, 0.3522), (0.3063, 0, 0.25)], spacegroup=167, cellpar=[4.759, 4.759, 12.991, 90, 90, 120]
    )
    random_state = np.random.default_rng(7)
    triclinic = Atoms(
        "MgSiO2", scaled_positions=random_state.random((4, 3)), cell=[[4, 0, 0], [0.5, 5, 0], [0.7, 0.9, 6]], pbc=True
    )
    sheared = make_supercell(rutile, [[1, 2, 0], [0, 1, 0], [1, 0, 1]])
    turned = bulk("Cu", "fcc", a=3.61)
    turned.rotate(33, (1, 2, 3), rotate_cell=True)
    shifted = quartz.copy()
    shifted.positions += [0.37, -0.61, 1.3]
    shuffled = perovskite[np.random.default_rng(3).permutation(len(perovskite))]
    return {
        "copper, turned": turned, "rutile": rutile, "quartz, shifted": shifted, "wurtzite": wurtzite,
        "perovskite, shuffled": shuffled, "baddeleyite": baddeleyite, "spinel": spinel, "corundum": corundum,
        "triclinic": triclinic, "rutile, sheared": sheared, "rutile, super": rutile * (2, 1, 2),
        "iron, super": bulk("Fe", "bcc", a=2.87) * (2, 2, 2), "silicon": bulk("Si", "diamond", a=5.43),
    }


ZOO = zoo()


@pytest.fixture(params=list(ZOO), ids=list(ZOO))
def atoms(request) -> Atoms:
    return ZOO[request.param].copy()


def oqmd(count: int, seed: int = 19) -> list[dict]:
    """A seeded sample of the records of OQMD; the test is skipped where they are not at hand."""
    if not OQMD.exists():
        pytest.skip(f"{OQMD} is not there: give WYCKOFF_STRUCTURES a folder with oqmd20.jsonl.gz")
    with gzip.open(OQMD, "rt") as lines:
        records = list(lines)
    return [json.loads(line) for line in random.Random(seed).sample(records, min(count, len(records)))]


def written(record: dict, folder: pathlib.Path) -> str:
    path = folder / "record.json"
    path.write_text(json.dumps(record))
    return str(path)
