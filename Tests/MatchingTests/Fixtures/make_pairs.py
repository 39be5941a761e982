"""Makes pairs of crystals and pymatgen's verdict on them (StructureMatcher(), defaults, both orders).

    python make_pairs.py MP20.jsonl.gz COUNT OUTPUT.txt [SEED]

Structures: MP-20 (Materials Project, CC BY 4.0). Needs numpy and pymatgen. One pair is
    pair KIND fit(1,2) fit(2,1) rms max milliseconds
    lattice of 1: nine numbers, Å;  N;  N lines "element x y z"; then the same for 2.
"""
import gzip, json, sys, time, warnings, itertools
import numpy as np
from pymatgen.core import Structure, Lattice
from pymatgen.analysis.structure_matcher import StructureMatcher

warnings.filterwarnings("ignore")
source, count, output = sys.argv[1], int(sys.argv[2]), sys.argv[3]
rng = np.random.default_rng(int(sys.argv[4]) if len(sys.argv) > 4 else 1)
rows = [json.loads(line) for line in gzip.open(source, "rt")]
bases = []
for row in rows:
    s = Structure.from_str(row["cif"], fmt="cif")
    if len(s) <= 12:
        bases.append(Structure(s.lattice, [x.specie.element if hasattr(x.specie, "element") else x.specie for x in s], s.frac_coords))
by_shape = {}
for s in bases:
    by_shape.setdefault((len(s), tuple(sorted(s.composition.get_el_amt_dict().values()))), []).append(s)
by_shape = {k: v for k, v in by_shape.items() if len(v) > 1}
shapes = list(by_shape)


def disturbed(s, sigma, strain):
    f = np.eye(3) + rng.uniform(-strain, strain, (3, 3))
    cart = s.cart_coords @ f + rng.normal(0, sigma / np.sqrt(3), (len(s), 3))
    return Structure(Lattice(s.lattice.matrix @ f), s.species, cart, coords_are_cartesian=True)


def unimodular():
    while True:
        m = rng.integers(-2, 3, (3, 3))
        if abs(round(np.linalg.det(m))) == 1:
            return m


def rebased(s):
    q, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    m = unimodular()
    new = Structure(Lattice(m @ s.lattice.matrix), s.species, s.cart_coords, coords_are_cartesian=True)
    frac = (new.frac_coords + rng.uniform(0, 1, 3)) % 1
    order = rng.permutation(len(s))
    return Structure(Lattice(new.lattice.matrix @ q), [s.species[i] for i in order], frac[order])


def pair(kind):
    s = bases[rng.integers(len(bases))]
    if kind == "perturbed":
        return s, disturbed(s, rng.choice([0.01, 0.1, 0.3, 0.6, 1.0, 1.5]), rng.choice([0, 0.02, 0.05, 0.1]))
    if kind == "sheared":
        return s, rebased(disturbed(s, rng.choice([0.001, 0.1, 0.4, 0.8]), rng.choice([0, 0.02, 0.05])))
    if kind == "supercell":
        while len(s) > 6:
            s = bases[rng.integers(len(bases))]
        m = [np.diag([2, 1, 1]), np.diag([1, 2, 2]), np.array([[1, 1, 0], [-1, 1, 0], [0, 0, 1]]),
             np.array([[1, 0, 0], [1, 3, 0], [0, 1, 1]])][rng.integers(4)]
        big = s.copy()
        big.make_supercell(m)
        return s, rebased(disturbed(big, rng.choice([0, 0.02, 0.1, 0.2, 0.35]), rng.choice([0, 0.02])))
    if kind == "scaled":
        t = s.copy()
        t.scale_lattice(s.volume * rng.uniform(0.6, 1.6))
        return s, rebased(disturbed(t, 0.1, 0.01))
    if kind == "mirror":
        return s, Structure(s.lattice, s.species, -s.frac_coords)
    group = by_shape[shapes[rng.integers(len(shapes))]]
    a, b = (group[i] for i in rng.choice(len(group), 2, replace=False))
    names = dict(zip(sorted(b.composition, key=lambda e: (b.composition[e], e.symbol)),
                     sorted(a.composition, key=lambda e: (a.composition[e], e.symbol))))
    return a, Structure(b.lattice, [names[x] for x in b.species], b.frac_coords)


def text(s):
    lines = [" ".join(f"{v:.5f}" for v in s.lattice.matrix.ravel()), str(len(s))]
    return lines + [f"{x.symbol} " + " ".join(f"{v:.5f}" for v in f) for x, f in zip(s.species, s.frac_coords % 1)]


kinds = ["perturbed", "sheared", "supercell", "scaled", "mirror", "different", "different", "perturbed"]
matcher = StructureMatcher()
with open(output, "w") as out:
    for i in range(count):
        kind = kinds[i % len(kinds)]
        a, b = pair(kind)
        # What the file holds is what is judged.
        a, b = (Structure(Lattice(np.round(x.lattice.matrix, 5)), x.species, np.round(x.frac_coords % 1, 5)) for x in (a, b))
        start = time.perf_counter()
        one = matcher.fit(a, b)
        ms = 1000 * (time.perf_counter() - start)
        two = matcher.fit(b, a)
        rms = matcher.get_rms_dist(a, b) or (float("nan"), float("nan"))
        print("pair", kind, int(one), int(two), f"{rms[0]:.5f} {rms[1]:.5f} {ms:.2f}", file=out)
        print("\n".join(text(a) + text(b)), file=out)
