"""Relaxations inside the space group, beside ASE's FixSymmetry (Scripts/bench relaxation).

    python3 relaxation.py WYCKOFF [--set oqmd20.jsonl.gz] [--count 200] [--peer 20] [--seed 1] [--shake 0.1] LINES

--count structures are drawn and relaxed by wyckoff, small cells first; --peer of them, spread over the sizes, also by
ASE with the PyTorch CHGNet under FixSymmetry and FrechetCellFilter with BFGS, from the same POSCAR. Both end where no
force is above 0.01 eV/Å and no component of stress above 0.05 GPa; counted is every evaluation of the potential.
LINES receives one JSON object a structure; what stands there already is not computed again.
--shake moves the structures inside their groups first (Å; the cell by a fifth of it in percent).

Needs spglib, and for the peers torch, chgnet 0.4.2 and ase, in the Python that runs it; and wyckoff models fetch.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import warnings

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
import oqmd

FORCE, STRESS, LIMIT = 0.01, 0.05, 500


def ours(wyckoff, path):
    run = subprocess.run([wyckoff, "relax", str(path), "--fmax", str(FORCE), "--smax", str(STRESS), "--json",
                          "--max-evaluations", str(LIMIT)], capture_output=True, text=True)
    if not run.stdout:
        return {"error": run.stderr.strip()}
    found = json.loads(run.stdout)
    keys = ("atoms", "formula", "number", "foundNumber", "groupHeld", "outcome", "evaluations", "energyPerAtom",
            "startEnergyPerAtom", "volume", "largestForce", "largestStress")
    return {key: found[key] for key in keys} | {"parameters": len(found["parameters"])}


class Peer:
    def __init__(self):
        import torch

        torch.set_num_threads(1)
        from chgnet.model import CHGNet
        from chgnet.model.dynamics import CHGNetCalculator

        class Counted(CHGNetCalculator):
            count = 0

            def calculate(self, *arguments, **options):
                Counted.count += 1
                super().calculate(*arguments, **options)

        self.calculator = Counted(CHGNet.load(use_device="cpu", verbose=False), use_device="cpu")
        self.counted = Counted

    def relax(self, path):
        import ase.io
        import numpy
        from ase.constraints import FixSymmetry
        from ase.filters import FrechetCellFilter
        from ase.optimize import BFGS

        atoms = ase.io.read(path)
        atoms.calc = self.calculator
        atoms.set_constraint(FixSymmetry(atoms))
        self.counted.count = 0
        optimiser = BFGS(FrechetCellFilter(atoms), logfile=None)
        done = False
        for _ in optimiser.irun(fmax=0, steps=LIMIT):
            force = numpy.linalg.norm(atoms.get_forces(), axis=1).max()
            stress = abs(atoms.get_stress(voigt=True)).max() * 160.21766208
            if force <= FORCE and stress <= STRESS:
                done = True
                break
        return {"converged": done, "evaluations": self.counted.count, "volume": atoms.get_volume(),
                "energyPerAtom": float(atoms.get_potential_energy()) / len(atoms)}


def report(rows, peers):
    print(f"{len(rows)} structures of {min(r['atoms'] for r in rows)}–{max(r['atoms'] for r in rows)} atoms, "
          f"{min(r['parameters'] for r in rows)}–{max(r['parameters'] for r in rows)} free parameters")
    print(f"converged {sum(r['outcome'] == 'converged' for r in rows)}, group held "
          f"{sum(r['groupHeld'] for r in rows)}, evaluations median "
          f"{statistics.median(r['evaluations'] for r in rows)}, at most {max(r['evaluations'] for r in rows)}")
    for row in rows:
        if row["outcome"] != "converged" or not row["groupHeld"]:
            print("  ", row["id"], row["formula"], row["number"], row["outcome"], row["groupHeld"], row["evaluations"])
    if not peers:
        return
    print("| structure | group | atoms | evaluations | ASE's | E − E(ASE), meV/atom |\n|---|---|---|---|---|---|")
    for row in peers:
        peer = row["peer"]
        print(f"| {row['formula']} | {row['number']} | {row['atoms']} | {row['evaluations']} | {peer['evaluations']}"
              f"{'' if peer['converged'] else ' (not converged)'} | "
              f"{1000 * (row['energyPerAtom'] - peer['energyPerAtom']):.3f} |")
    moved = [r for r in peers if r["peer"]["evaluations"] > 1]
    ratios = [r["evaluations"] / r["peer"]["evaluations"] for r in moved]
    print(f"{len(peers)} with ASE: evaluations median {statistics.median(r['evaluations'] for r in peers)} against "
          f"{statistics.median(r['peer']['evaluations'] for r in peers)}; median ratio {statistics.median(ratios):.2f} "
          f"of {len(moved)}; "
          f"energy at most 0.1 meV/atom above in "
          f"{sum(r['energyPerAtom'] <= r['peer']['energyPerAtom'] + 1e-4 for r in peers)} of {len(peers)}")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("wyckoff")
    arguments.add_argument("lines", type=pathlib.Path)
    arguments.add_argument("--set", default="../shared/data/oqmd20/oqmd20.jsonl.gz")
    arguments.add_argument("--count", type=int, default=200)
    arguments.add_argument("--peer", type=int, default=20)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--shake", type=float, default=0)
    options = arguments.parse_args()
    warnings.filterwarnings("ignore")
    known = {}
    if options.lines.exists():
        known = {row["id"]: row for row in map(json.loads, options.lines.read_text().splitlines())}
    entries = oqmd.draw(options.set, options.seed)[:options.count]
    entries.sort(key=lambda entry: (entry["nprim"], entry["id"]))
    spread = {round((k + 0.5) * len(entries) / options.peer) for k in range(options.peer)} if options.peer else set()
    peer, rows = None, []
    with tempfile.TemporaryDirectory() as folder, options.lines.open("a") as lines:
        for index, entry in enumerate(entries):
            row = known.get(entry["id"])
            if row is None or (index in spread and "peer" not in row and "error" not in row):
                path = oqmd.primitive(options.wyckoff, entry, pathlib.Path(folder))
                if options.shake and isinstance(path, pathlib.Path):
                    subprocess.run([options.wyckoff, "shake", str(path), "--amplitude", str(options.shake), "--lattice",
                                    str(options.shake / 5), "--seed", str(options.seed), "-o", str(path)], check=True)
                result = {"error": path} if isinstance(path, str) else ours(options.wyckoff, path)
                row = {"id": entry["id"]} | result
                if index in spread and "error" not in row:
                    peer = peer or Peer()
                    row["peer"] = peer.relax(path)
                print(json.dumps(row), file=lines, flush=True)
            if "error" in row:
                print(entry["id"], "left out:", row["error"], file=sys.stderr)
            else:
                rows.append(row)
    report(rows, [row for row in rows if "peer" in row])


main()
