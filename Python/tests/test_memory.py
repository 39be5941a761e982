"""What a million calls leave behind."""

import copy
import gc
import os

import numpy as np
import wyckoff
from ase.spacegroup import crystal
from conftest import DATA, EVERYTHING


def resident() -> float:
    """MB."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def test_calls_leave_nothing_behind():
    rutile = crystal(["Ti", "O"], [(0, 0, 0), (0.305, 0.305, 0)], spacegroup=136, cellpar=[4.594, 4.594, 2.959, 90, 90, 90])
    reduced = wyckoff.reduce(rutile)
    pattern = wyckoff.pattern(reduced, (20, 60, 0.2), fwhm=0.4)
    objective = pattern.objective(pattern.profile)
    x = reduced.x
    forces, stress = np.zeros((6, 3)), np.zeros(6)

    def calls() -> int:
        """Every kind of call, some of which fail; how many there were."""
        reduced.x = x
        reduced.scaled_positions, reduced.scales, reduced.orbits
        reduced.jacobian
        reduced.gradient(forces, stress)
        objective(x)
        pattern.gradient(pattern.profile)
        twin = reduced.copy()
        twin.parameters
        try:
            twin.x = -x
        except wyckoff.Error:
            pass
        return 14

    vibrating = wyckoff.read(DATA / "structures" / "pbso4.cif")

    def heavy() -> int:
        wyckoff.reduce(rutile).crystal
        copy.deepcopy(wyckoff.reduce(vibrating)).crystal.text("json")
        wyckoff.find(rutile)
        wyckoff.pattern(reduced, (20, 30, 0.5)).sticks
        try:
            wyckoff.pattern(reduced, (20, 30, 0.5), fwhm=-1)
        except wyckoff.Error:
            pass
        return 20

    def run(total: int) -> None:
        done = 0
        while done < total:
            for _ in range(40):
                done += calls()
            done += heavy()

    run(20_000)
    gc.collect()
    before = resident()
    run(1_000_000 if EVERYTHING else 100_000)
    gc.collect()
    grown = resident() - before
    print(f"\n{grown:.2f} MB more")
    # A number that each call kept would be 0.8 MB in the short run, a structure much more.
    assert grown < 2.0
