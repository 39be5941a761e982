"""The two ends of the 2,000 pairs: structures to make them from, and pymatgen's verdict on them.

    python make_pairs.py bases MP20.jsonl.gz > bases.txt
    WYCKOFF_WRITE_PAIRS=pairs.txt swift test -c release --disable-xctest --filter writesPairs
    python make_pairs.py judge pairs.txt > verdicts.tsv

`bases`: 240 structures of at most 10 atoms, one after the other as
    name; nine numbers of the lattice in Å; N; N lines "element x y z".
`judge`: of each pair the number, its kind, the verdict of StructureMatcher() in both orders, get_rms_dist (rms and
largest, in units of (V/N)^1/3) and the time of one fit in milliseconds. Needs numpy and pymatgen.
"""
import gzip
import json
import sys
import time
import warnings

import numpy as np
from pymatgen.analysis.structure_matcher import StructureMatcher
from pymatgen.core import Lattice, Structure

warnings.filterwarnings("ignore")


def text(s):
    lines = [" ".join(f"{v:.5f}" for v in s.lattice.matrix.ravel()), str(len(s))]
    return lines + [f"{x.symbol} " + " ".join(f"{v:.5f}" for v in f) for x, f in zip(s.species, s.frac_coords % 1)]


def bases(source):
    rng = np.random.default_rng(7)
    shapes = {}
    for line in gzip.open(source, "rt"):
        row = json.loads(line)
        s = Structure.from_str(row["cif"], fmt="cif")
        if len(s) <= 10:
            key = (len(s), tuple(sorted(s.composition.get_el_amt_dict().values())))
            shapes.setdefault(key, []).append((row["material_id"], s))
    # Pairs of different structures need two of one stoichiometry.
    shared = [v for v in shapes.values() if len(v) > 1]
    chosen = [v.pop() for v in shared for _ in range(2)]
    rest = [x for v in shared for x in v]
    rng.shuffle(rest)
    for name, s in (chosen + rest)[:240]:
        plain = Structure(s.lattice, [x.specie.symbol for x in s], s.frac_coords)
        print("\n".join([name] + text(plain)))


def judge(path):
    lines = iter(open(path).read().split("\n"))

    def structure():
        v = np.array([float(x) for x in next(lines).split()]).reshape(3, 3)
        rows = [next(lines).split() for _ in range(int(next(lines)))]
        return Structure(Lattice(v), [r[0] for r in rows], [[float(x) for x in r[1:]] for r in rows])

    matcher = StructureMatcher()
    print("# number\tkind\tfit(1,2)\tfit(2,1)\trms\tmaximum\tmilliseconds")
    for number, head in enumerate(lines):
        if not head:
            break
        a, b = structure(), structure()
        start = time.perf_counter()
        one = matcher.fit(a, b)
        milliseconds = 1000 * (time.perf_counter() - start)
        two = matcher.fit(b, a)
        rms = matcher.get_rms_dist(a, b) or (float("nan"), float("nan"))
        print(number, head.split()[1], int(one), int(two), f"{rms[0]:.5f}\t{rms[1]:.5f}\t{milliseconds:.2f}", sep="\t")


if sys.argv[1] == "bases":
    bases(sys.argv[2])
else:
    judge(sys.argv[2])
