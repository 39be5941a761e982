"""Evaluations of relaxations with SymmetryFilter beside FixSymmetry + FrechetCellFilter (Scripts/bench symmetry-filter).

    python3 symmetry_filter.py LINES [--crystals emt lj chgnet] [--optimizers BFGS LBFGS FIRE] [--count 200] [--seed 41]
                               [--set oqmd20.jsonl.gz] [--steps 500]

emt: ordered alloys of twelve prototypes; lj: the same with a Lennard-Jones potential of a metal's stiffness; chgnet: crystals of a
set of up to twelve atoms. Each is moved inside its group, and relaxed by the same optimiser of ASE, with its defaults, to
0.01 eV/Å. Counted is every evaluation of the calculator. LINES receives one JSON object a relaxation; what stands there
already is not computed again. The table has sums and geometric means over those that both ended; the others are counted.

Needs ase, pymatgen, spglib in the Python that runs it, the package on PYTHONPATH, and for chgnet wyckoff models fetch chgnet.
"""
import argparse
import json
import os
import pathlib
import sys
import tempfile

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "Python"), str(ROOT / "Python/tests")]

import numpy as np
import oqmd
import wyckoff
from ase.calculators.emt import EMT
from ase.calculators.lj import LennardJones
from ase.constraints import FixSymmetry
from ase.filters import FrechetCellFilter
from ase.optimize import BFGS, FIRE, LBFGS
from ordered_alloys import alloys
from wyckoff.ase import CHGNet, SymmetryFilter

OPTIMIZERS = {one.__name__: one for one in (BFGS, LBFGS, FIRE)}
FMAX = 0.01


def counted(kind, **keywords):
    class Counted(kind):
        evaluations = 0

        def calculate(self, *arguments, **options):
            self.evaluations += 1
            super().calculate(*arguments, **options)

    return Counted(**keywords)


def of_set(path, count, seed):
    """Crystals of up to twelve atoms, moved inside their groups."""
    shifts = np.random.default_rng(seed)
    drawn = []
    for entry in oqmd.draw(path, seed):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "record.json"
            file.write_text(json.dumps(entry))
            crystal = wyckoff.find(wyckoff.read(file), 1e-3).primitive()
        if len(crystal) > 12:
            continue
        reduced = wyckoff.reduce(crystal, 1e-3)
        lower, upper = np.array(reduced.bounds).T
        reduced.x = np.clip(reduced.x + 0.04 * shifts.uniform(-1, 1, len(reduced)) * reduced.scales, lower, upper)
        drawn.append((entry["id"], reduced.atoms()))
        if len(drawn) == count:
            break
    return drawn


def lennard_jones(structures):
    """Bonds of about the potential's own length."""
    for name, atoms in structures:
        nearest = min(d for d in atoms.get_all_distances(mic=True).ravel() if d > 0.1)
        atoms.set_cell(atoms.cell * 2.6 / nearest, scale_atoms=True)
    return structures


def relaxations(kind, options):
    if kind == "emt":
        return alloys(options.count, options.seed), lambda: counted(EMT)
    if kind == "lj":
        stiff = dict(sigma=2.3, epsilon=0.3, rc=6.0, smooth=True)
        return lennard_jones(alloys(options.count, options.seed)), lambda: counted(LennardJones, **stiff)
    return of_set(options.set, options.count, options.seed), lambda: counted(CHGNet)


def relax(atoms, calculator, optimizer, steps, theirs):
    atoms = atoms.copy()
    atoms.calc = calculator
    if theirs:
        atoms.set_constraint(FixSymmetry(atoms, symprec=1e-3))
        relaxed = FrechetCellFilter(atoms)
    else:
        relaxed = SymmetryFilter(atoms, 1e-3)
    try:
        done = bool(optimizer(relaxed, logfile=None).run(fmax=FMAX, steps=steps))
    except Exception as reason:  # A structure that flies apart is told as lost.
        return {"done": False, "evaluations": calculator.evaluations, "error": str(reason)[:100]}
    told = {"done": done, "evaluations": calculator.evaluations}
    if not theirs:
        atoms.calc.evaluations = 0
        told["held"] = len(wyckoff.find(atoms, 1e-5).rotations) >= len(wyckoff.find(relaxed.reduced.crystal, 1e-3).rotations)
        # As the other filter sees it: forces, and stress times volume of an atom, by rows.
        told["left"] = float(np.linalg.norm(FrechetCellFilter(atoms).get_forces(), axis=1).max())
    return told


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("lines", type=pathlib.Path)
    arguments.add_argument("--crystals", nargs="+", default=["emt", "lj", "chgnet"], choices=["emt", "lj", "chgnet"])
    arguments.add_argument("--optimizers", nargs="+", default=list(OPTIMIZERS), choices=list(OPTIMIZERS))
    arguments.add_argument("--count", type=int, default=200)
    arguments.add_argument("--seed", type=int, default=41)
    arguments.add_argument("--steps", type=int, default=500)
    arguments.add_argument("--set", default="../shared/data/oqmd20/oqmd20.jsonl.gz")
    options = arguments.parse_args()
    known = {}
    if options.lines.exists():
        for line in options.lines.read_text().splitlines():
            row = json.loads(line)
            known[tuple(row["key"])] = row
    print("crystals optimizer  n  ours/theirs  ratio  geometric mean  lost ours, theirs  groups held  largest left")
    for kind in options.crystals:
        structures, calculator = relaxations(kind, options)
        for name in options.optimizers:
            rows = []
            for index, (label, atoms) in enumerate(structures):
                key = (kind, name, options.seed, options.steps, index)
                if key not in known:
                    row = {"key": key, "label": label, "atoms": len(atoms)}
                    for side, theirs in (("ours", False), ("theirs", True)):
                        row[side] = relax(atoms, calculator(), OPTIMIZERS[name], options.steps, theirs)
                    known[key] = row
                    with open(options.lines, "a") as out:
                        out.write(json.dumps(row) + "\n")
                rows.append(known[key])
            both = [row for row in rows if row["ours"]["done"] and row["theirs"]["done"]]
            pairs = np.array([(row["ours"]["evaluations"], row["theirs"]["evaluations"]) for row in both])
            sums = pairs.sum(axis=0)
            lost = [sum(not row[side]["done"] for row in rows) for side in ("ours", "theirs")]
            held = sum(row["ours"].get("held", False) for row in rows)
            left = max(row["ours"]["left"] for row in both)
            mean = np.exp(np.log(pairs[:, 0] / pairs[:, 1]).mean())
            print(f"{kind:8} {name:9} {len(both):3}  {sums[0]}/{sums[1]}  {sums[0] / sums[1]:.3f}  {mean:.3f}  "
                  f"{lost[0]}, {lost[1]}  {held}/{len(rows)}  {left:.4f}", flush=True)


if __name__ == "__main__":
    main()
