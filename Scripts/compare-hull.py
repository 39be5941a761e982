#!/usr/bin/env python3
"""How far the hull by a potential agrees with the one that a database states.

    Scripts/compare-hull.py SET [--count 300 | --all] [--seed 1] [--energy chgnet] [--relax] [--store FILE] [--jobs N]

SET is a file of JSON lines (.gz or not) whose records state `hull`, the distance to the hull in eV/atom (below 0: how far
the others' hull lies above; the record is stable then and counts as 0). A seeded sample of them, or the whole set, is
judged by `wyckoff validate --energy … --hull SET`. Executable from .build/release or WYCKOFF_BIN.
"""
import argparse
import gzip
import json
import os
import pathlib
import random
import statistics
import subprocess
import tempfile
import time


def ranks(values):
    order = sorted(range(len(values)), key=values.__getitem__)
    result = [0.0] * len(values)
    i = 0
    while i < len(order):
        j = i
        while j + 1 < len(order) and values[order[j + 1]] == values[order[i]]:
            j += 1
        for k in range(i, j + 1):
            result[order[k]] = (i + j) / 2
        i = j + 1
    return result


def correlation(a, b):
    x, y = statistics.fmean(a), statistics.fmean(b)
    cross = sum((p - x) * (q - y) for p, q in zip(a, b))
    return cross / (sum((p - x) ** 2 for p in a) * sum((q - y) ** 2 for q in b)) ** 0.5


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--all", action="store_true", help="every record, each computed once")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--energy", default="chgnet")
    parser.add_argument("--relax", action="store_true")
    parser.add_argument("--store", help="kept, and gone on with (default: none)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    root = pathlib.Path(__file__).resolve().parent.parent
    program = pathlib.Path(os.environ.get("WYCKOFF_BIN", root / ".build/release")) / "wyckoff"
    opened = gzip.open if options.set.endswith(".gz") else open
    with opened(options.set, "rt") as file:
        lines = list(file)
    if options.all:
        sample = lines
    else:
        lines = list({json.loads(line)["id"]: line for line in lines}.values())
        sample = random.Random(options.seed).sample(lines, min(options.count, len(lines)))
    with tempfile.TemporaryDirectory() as folder:
        judged = options.set if options.all else f"{folder}/sample.jsonl"
        if not options.all:
            pathlib.Path(judged).write_text("".join(sample))
        command = [program, "validate", judged, "--energy", options.energy, "--hull", options.set,
                   "--jobs", str(options.jobs), "-o", f"{folder}/out", "--quiet"]
        command += ["--relax"] if options.relax else []
        command += ["--store", options.store, "--resume"] if options.store else []
        start = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL)
        seconds = time.perf_counter() - start
        rows = [json.loads(line) for line in (pathlib.Path(folder) / "out/results.jsonl").read_text().splitlines()]
    pairs, missing = [], []
    for line, row in zip(sample, rows):
        own = (row["stability"] or {}).get("energyAboveHull")
        stated = json.loads(line)["hull"]
        if own is None:
            missing.append((row["name"], (row["stability"] or {}).get("note", "")))
        else:
            pairs.append((max(0.0, stated), max(0.0, own), row["name"]))
    theirs, ours = [p[0] for p in pairs], [p[1] for p in pairs]
    print(f"{len(sample)} records, {len(pairs)} with a hull, {len(missing)} without; {seconds:.0f} s with "
          f"{options.jobs} jobs, load {os.getloadavg()[0]:.1f}\n")
    differences = [abs(a - b) for a, b in zip(theirs, ours)]
    print("| | |\n|---|---:|")
    print(f"| mean difference, eV/atom | {statistics.fmean(differences):.4f} |")
    print(f"| median difference, eV/atom | {statistics.median(differences):.4f} |")
    print(f"| mean of theirs, of ours, eV/atom | {statistics.fmean(theirs):.4f}, {statistics.fmean(ours):.4f} |")
    print(f"| Spearman | {correlation(ranks(theirs), ranks(ours)):.2f} |")
    for limit in (0.001, 0.025, 0.05, 0.1):
        both = sum((a <= limit) == (b <= limit) for a, b in zip(theirs, ours))
        lost = sum(a <= limit < b for a, b in zip(theirs, ours))
        print(f"| the same side of {limit} eV/atom (theirs below, ours above) | {both} of {len(pairs)} ({lost}) |")
    pairs.sort(key=lambda p: -abs(p[0] - p[1]))
    print("\nfarthest apart: " + ", ".join(f"{name} ({a:.3f}, here {b:.3f})" for a, b, name in pairs[:6]))
    for name, note in missing[:6]:
        print(f"without: {name}: {note}")


if __name__ == "__main__":
    main()
