#!/usr/bin/env python3
"""The study of the eight structures of Segal et al. at the goal levels, resumable (make bench-recovery), or the part of it
that takes ten minutes on one core and fails where a rate has fallen (make bench-recovery-short).

    Scripts/bench-recovery.py WYCKOFF STRUCTURES OUTPUT [--short] [--jobs N] [--time-limit SECONDS]

STRUCTURES: a folder of structure files. OUTPUT: the stores, and a folder with the report of each. Started again with the
same OUTPUT it goes on where it stood. With the group or the family alone, and on disturbed patterns, structures of up to 15
free coordinates are taken. Every part is done for the first start of each level, from which the time of the whole is told;
then for ten starts; then in full. A run of more than the time limit (900 s) is stopped and counts as not recovered.
"""
import argparse
import csv
import os
import pathlib
import subprocess
import sys
import time

GOAL = ["--noise", "lattice=0.1", "--noise", "coordinates=0.1", "--noise", "both=0.1"]
BOTH = ["--noise", "both=0.2"]
FEW = ["--max-free", "15"]
OURS = "nothing,project-once,wyckoff"
GROUP_OR_FAMILY = "wyckoff-space-group,wyckoff-family"
# name, store, arms, samples, options: the whole study, in the order in which it is run
PARTS = [
    ("our way, positions", "clean", OURS, 50, GOAL + BOTH),
    ("our way, group or family", "clean", GROUP_OR_FAMILY, 50, GOAL + FEW),
    ("our way, group or family, at 0.2", "clean", GROUP_OR_FAMILY, 10, BOTH + FEW),
    ("the other levels", "clean", OURS, 10, ["--noise", "lattice=0.01,0.02,0.05,0.2", "--noise",
                                             "coordinates=0.01,0.02,0.05,0.2", "--noise", "both=0.01,0.02,0.05"]),
    ("descents", "clean", "descent,descent-family,soft-family,adam,lbfgs,descent-symmetry", 50, GOAL + BOTH),
    ("descents on other losses", "clean", "descent:mse,descent:entropy,descent-family:mse,descent-family:entropy,"
     "descent-symmetry:mse,descent-symmetry:entropy", 50, GOAL + BOTH),
    ("disturbed patterns", "disturbed", f"wyckoff,{GROUP_OR_FAMILY}", 10, ["--noise", "both=0.1", "--disturb", "all"] + FEW),
]
SHORT = [
    ("clean", OURS, 2, GOAL + BOTH),
    ("clean", GROUP_OR_FAMILY, 2, ["--noise", "both=0.1"] + FEW),
    ("clean", "descent-family,descent-symmetry", 1, ["--noise", "both=0.1"]),
    ("disturbed", "wyckoff", 1, ["--noise", "both=0.1", "--disturb", "all"] + FEW),
]
# store, arm, measure, the share below which the short study fails
FLOORS = [("clean", "wyckoff", "exact", 0.98), ("clean", "wyckoff-space-group", "exact", 0.92),
          ("clean", "wyckoff-family", "exact", 0.85), ("disturbed", "wyckoff", "near", 0.85)]
# "Near", for disturbed patterns: lengths within 0.1 %, atoms within 0.05 Å (root mean square).
NEAR_LENGTH, NEAR_ATOM = 1e-3, 0.05


def run(arguments, store, arms, samples, options):
    subprocess.run(
        [arguments.wyckoff, "study", "recovery", "--structures", arguments.structures, "--arms", arms, "--samples", str(samples),
         "--seed", "1", "--store", arguments.output / f"{store}.sqlite", "--jobs", str(arguments.jobs),
         "--time-limit", str(arguments.time_limit), "--resume", "--quiet", *options], check=True)


def report(arguments, store):
    done = subprocess.run(
        [arguments.wyckoff, "study", "report", arguments.output / f"{store}.sqlite", "-o", arguments.output / store],
        check=True, capture_output=True, text=True)
    (arguments.output / f"{store}.md").write_text(done.stdout)
    print(done.stdout, flush=True)


def recovered(measure, run):
    if measure == "exact":
        return run["exact"] == "true"
    return run["cellError"] != "" and float(run["cellError"]) < NEAR_LENGTH \
        and run["rmsDisplacement"] != "" and float(run["rmsDisplacement"]) < NEAR_ATOM


def holds(arguments, store, arm, measure, floor):
    """The share of recoveries of an arm among structures of up to 15 free coordinates, against its floor."""
    with open(arguments.output / store / "results.csv", newline="") as file:
        runs = [r for r in csv.DictReader(file) if r["arm"] == arm and int(r["freeCoordinates"]) <= 15]
    good = sum(recovered(measure, r) for r in runs)
    share = good / len(runs) if runs else 0
    print(f"{store:<10} {arm:<20} {measure} {good} of {len(runs)} ({share:.3f}, at least {floor:.2f}): "
          + ("holds" if share >= floor else "FALLEN"), flush=True)
    return share >= floor


def short(arguments):
    # A check of this build: what another one left is not resumed.
    for name in ("clean", "disturbed"):
        for old in arguments.output.glob(f"{name}.sqlite*"):
            old.unlink()
    for part in SHORT:
        run(arguments, *part)
    for store in ("clean", "disturbed"):
        report(arguments, store)
    return all([holds(arguments, *floor) for floor in FLOORS])


def parts(arguments, most):
    """Every part with at most so many of its samples; the seconds that the whole would take at this rate."""
    whole = 0
    for name, store, arms, samples, options in PARTS:
        count, began = min(samples, most), time.monotonic()
        run(arguments, store, arms, count, options)
        taken = time.monotonic() - began
        print(f"{name}: {count} of {samples} samples, {taken:.0f} s; about {taken * samples / count:.0f} s for all of them",
              file=sys.stderr, flush=True)
        whole += taken * samples / count
    return whole


def full(arguments):
    begun = arguments.output / "begun"
    if not begun.exists():
        whole = parts(arguments, 1)
        print(f"about {whole / 60:.0f} min in all with {arguments.jobs} at a time", file=sys.stderr)
        begun.touch()
    parts(arguments, 10)
    parts(arguments, 50)
    for store in ("clean", "disturbed"):
        report(arguments, store)
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wyckoff", type=pathlib.Path)
    parser.add_argument("structures", type=pathlib.Path, help="a folder of structure files (make … STRUCTURES=FOLDER)")
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--jobs", type=int, help="runs at a time; all cores, and one in the short study, unless given")
    parser.add_argument("--time-limit", type=int, default=900)
    arguments = parser.parse_args()
    if not arguments.structures.is_dir():
        parser.error(f"{arguments.structures} is no folder: give the structures (make bench-recovery STRUCTURES=FOLDER)")
    arguments.wyckoff = arguments.wyckoff.resolve()
    arguments.jobs = arguments.jobs or (1 if arguments.short else os.cpu_count())
    arguments.output.mkdir(parents=True, exist_ok=True)
    sys.exit(0 if (short if arguments.short else full)(arguments) else 1)


if __name__ == "__main__":
    main()
