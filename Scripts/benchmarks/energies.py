"""CHGNet: one evaluation (energy, forces, stress) in turn with the PyTorch package (Scripts/bench energies).

    python3 energies.py WYCKOFF [--set oqmd20.jsonl.gz] [--count 100] [--seed 1]

Needs the packages torch and chgnet 0.4.2 in the Python that runs it, and the model: wyckoff models fetch.
Of the set (orbits in the standard setting) structures of more than 4 atoms with at most half as many orbits are drawn.
One thread; processor time, least of several runs; every structure by both programs one after the other.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
import oqmd


def torch_time(model, structure):
    best, total, runs = float("inf"), 0.0, 0
    model.predict_structure(structure)
    while runs < 2 or total < 0.5:
        start = time.process_time()
        model.predict_structure(structure, task="efs")
        used = time.process_time() - start
        best, total, runs = min(best, used), total + used, runs + 1
    return 1000 * best


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("wyckoff")
    arguments.add_argument("--set", default="../shared/data/oqmd20/oqmd20.jsonl.gz")
    arguments.add_argument("--count", type=int, default=100)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    import torch

    torch.set_num_threads(1)
    from chgnet.model import CHGNet
    from pymatgen.core import Structure

    model = CHGNet.load(use_device="cpu", verbose=False)
    entries = oqmd.draw(
        options.set, options.seed, lambda entry: entry["nprim"] > 4 and 2 * len(entry["orbits"]) <= entry["nprim"])
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for entry in entries:
            if len(rows) == options.count:
                break
            poscar = oqmd.primitive(options.wyckoff, entry, pathlib.Path(folder))
            if isinstance(poscar, str):
                print(entry["id"], "left out:", poscar, file=sys.stderr)
                continue
            run = subprocess.run(
                [options.wyckoff, "energy", str(poscar), "--timing", "--json"], capture_output=True, text=True)
            if run.returncode:
                print(entry["id"], "left out:", run.stderr.strip(), file=sys.stderr)
                continue
            ours = json.loads(run.stdout)
            structure = Structure.from_file(str(poscar))
            theirs = model.predict_structure(structure)
            difference = abs(float(theirs["e"]) - ours["energyPerAtom"])
            slow = torch_time(model, structure)
            timing = ours["timing"]
            rows.append((ours["atoms"], timing["orbits"], slow, timing["fullMilliseconds"],
                         timing["orbitMilliseconds"], difference))
            print("\t".join(f"{value:.4g}" for value in rows[-1]), entry["id"], flush=True)
    print(f"{len(rows)} structures of {min(r[0] for r in rows)}–{max(r[0] for r in rows)} atoms")
    for title, column in (("all atoms", 3), ("orbits", 4)):
        ratios = sorted(row[2] / row[column] for row in rows)
        print(f"{title}: median {statistics.median(ratios):.1f} times faster, "
              f"{ratios[0]:.1f} to {ratios[-1]:.1f}; median {statistics.median(r[column] for r in rows):.2f} ms "
              f"against {statistics.median(r[2] for r in rows):.1f} ms")
    print(f"largest difference of energies {max(r[5] for r in rows):.2e} eV/atom (theirs in single precision)")


main()
