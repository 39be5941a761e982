#!/usr/bin/env python3
"""Verdicts and times of the matcher beside pymatgen's StructureMatcher, on pairs of one composition.

    Scripts/compare-matching.py SET [SET …] [--count 2000] [--seed 1] [--verbose]

SET is anything that `wyckoff convert` reads; pairs are drawn from all pairs of one reduced formula within and between
the sets. Each pair is judged by both programs in turn, from the structures as they stand (reduction to the primitive
cells is timed with both). pymatgen is asked in both directions, since its answer may depend on the order; its time is
that of one. Needs python3 with pymatgen; the executables are taken from .build/release or from WYCKOFF_BIN.
"""
import argparse
import collections
import functools
import itertools
import json
import math
import os
import pathlib
import random
import statistics
import subprocess
import tempfile
import time

from pymatgen.analysis.structure_matcher import StructureMatcher
from pymatgen.core import Structure


def formula(value):
    """The reduced formula as a key; shares of the elements where sites are partly occupied."""
    count = collections.Counter()
    for site in value["sites"]:
        for species in site["species"]:
            count[species["element"]] += species["occu"]
    whole = all(abs(n - round(n)) < 1e-6 for n in count.values())
    divisor = functools.reduce(math.gcd, (round(n) for n in count.values())) if whole else sum(count.values())
    return tuple(sorted((element, round(n / divisor, 2)) for element, n in count.items()))


def records(program, path, folder):
    """(name, formula, its line of JSON) of every record."""
    out = pathlib.Path(folder) / "set.jsonl"
    subprocess.run([program, "convert", path, out], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for index, line in enumerate(out.read_text().splitlines()):
        value = json.loads(line)
        name = value.get("properties", {}).get("title") or ""
        yield f"{pathlib.Path(path).name.split('.')[0]} {index + 1} {name}".strip(), formula(value), line


class Matcher:
    """`wyckoff-bench`, one pair at a time."""

    def __init__(self, program, folder):
        self.file = pathlib.Path(folder) / "pair.jsonl"
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()

    def __call__(self, first, second):
        self.file.write_text(first + "\n" + second + "\n")
        print("match-pair", 0.002, self.file, sep="\t", file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline().rstrip("\n").split("\t")
        if answer[0] == "error":
            raise SystemExit(answer[1])
        return answer[3] == "match", float(answer[0]) / 1e3


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--verbose", action="store_true", help="list agreement too")
    options = parser.parse_args()
    root = pathlib.Path(__file__).resolve().parent.parent
    binaries = pathlib.Path(os.environ.get("WYCKOFF_BIN", root / ".build/release"))
    with tempfile.TemporaryDirectory() as folder:
        everything = [r for path in options.sets for r in records(binaries / "wyckoff", path, folder)]
        groups = collections.defaultdict(list)
        for record in everything:
            groups[record[1]].append(record)
        # Records that are written alike say nothing.
        pairs = [(a, b) for group in groups.values() for a, b in itertools.combinations(group, 2) if a[2] != b[2]]
        random.Random(options.seed).shuffle(pairs)
        pairs = pairs[: options.count]
        own, peer = Matcher(binaries / "wyckoff-bench", folder), StructureMatcher()
        counts, ours, theirs, exceptions, directions = collections.Counter(), [], [], [], 0
        for a, b in pairs:
            mine, seconds = own(a[2], b[2])
            first, second = (Structure.from_dict(json.loads(record[2])) for record in (a, b))
            start = time.perf_counter()
            forth = peer.fit(first, second)
            theirs.append(time.perf_counter() - start)
            ours.append(seconds)
            back = peer.fit(second, first)
            directions += forth != back
            counts[mine, forth or back] += 1
            if mine != (forth or back) or options.verbose:
                exceptions.append((a[0], first, b[0], second, mine, forth, back))
        print(f"{len(everything)} records, {len(pairs)} pairs of one reduced formula, seed {options.seed}\n")
        print("| | pymatgen: match | no match |\n|---|---:|---:|")
        for verdict in (True, False):
            print(f"| here: {'match' if verdict else 'no match'} | {counts[verdict, True]} | {counts[verdict, False]} |")
        agree = counts[True, True] + counts[False, False]
        print(f"\nthe same verdict in {agree} of {len(pairs)}; pymatgen's depends on the order in {directions}\n")
        print("| ms a pair | here | pymatgen | ratio |\n|---|---:|---:|---:|")
        for name, value in (("median", statistics.median), ("mean", statistics.fmean), ("largest", max)):
            print(f"| {name} | {1e3 * value(ours):.3f} | {1e3 * value(theirs):.3f} | {value(theirs) / value(ours):.0f} |")
        print()
        for a, first, b, second, mine, forth, back in exceptions:
            print(f"{a} ({len(first)} atoms) | {b} ({len(second)} atoms) | {first.composition.reduced_formula} | "
                  f"here {mine} | pymatgen {forth}, the other way {back}")


if __name__ == "__main__":
    main()
