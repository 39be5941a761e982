#!/usr/bin/env python3
"""A set of records whose verdicts are known, judged by `wyckoff validate`, every verdict compared.

    Scripts/validation-set.py [--count 1000] [--seed 1] [--keep FOLDER] [--pymatgen]

Structure types of many compounds, each in several disguises (other vectors, supercells, other settings and origins, turned,
mirrored, on a larger scale, atoms in another order, moved by some hundredths of an angstrom, two of these at once),
superstructures of small and of large waves, wrong claims of symmetry, damaged records. Every other compound is in the
reference set. Whatever is not as it was made is listed, and the exit status is 1. --pymatgen asks StructureMatcher about
every pair that decided a verdict and lists where it says something else. Needs Python alone (and pymatgen for that);
executable from .build/release or WYCKOFF_BIN.
"""
import argparse
import collections
import json
import math
import os
import pathlib
import random
import subprocess
import sys
import tempfile

# Covalent radii (Cordero et al. 2008), rounded; pairs that are neutral with their usual charges.
RADII = {"Li": 1.28, "Na": 1.66, "K": 2.03, "Rb": 2.20, "Mg": 1.41, "Ca": 1.76, "Sr": 1.95, "Ba": 2.15, "Zn": 1.22, "Cd": 1.44,
         "F": 0.57, "Cl": 1.02, "Br": 1.20, "I": 1.39, "O": 0.66, "S": 1.05, "Se": 1.20, "Te": 1.38, "Ti": 1.60, "Zr": 1.75,
         "Sn": 1.39, "Pb": 1.46, "Ce": 2.04}
ONE, TWO, FOUR = ["Li", "Na", "K", "Rb"], ["Mg", "Ca", "Sr", "Ba", "Zn", "Cd"], ["Ti", "Zr", "Sn", "Pb", "Ce"]
MINUS, DOUBLE = ["F", "Cl", "Br", "I"], ["O", "S", "Se", "Te"]


def inverse(m):
    (a, b, c), (d, e, f), (g, h, i) = m
    det = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
    return [[(e * i - f * h) / det, (c * h - b * i) / det, (b * f - c * e) / det],
            [(f * g - d * i) / det, (a * i - c * g) / det, (c * d - a * f) / det],
            [(d * h - e * g) / det, (b * g - a * h) / det, (a * e - b * d) / det]]


def product(a, b):
    return [[sum(a[i][k] * b[k][j] for k in range(3)) for j in range(3)] for i in range(3)]


def row(v, m):
    return [sum(v[k] * m[k][j] for k in range(3)) for j in range(3)]


class Crystal:
    """Rows are vectors; sites are (element, fractions)."""

    def __init__(self, cell, sites):
        self.cell, self.sites = [list(v) for v in cell], [(e, list(x)) for e, x in sites]

    def copy(self):
        return Crystal(self.cell, self.sites)

    def on(self, rows):
        """On other vectors, whole multiples of these; a supercell where their determinant is more than 1."""
        back = inverse(rows)
        most = range(-6, 7)
        sites, places = [], set()
        for element, x in self.sites:
            for n in [(i, j, k) for i in most for j in most for k in most]:
                y = [t % 1.0 for t in row([x[a] + n[a] for a in range(3)], back)]
                key = (element, tuple(round(t * 1e5) % 100000 for t in y))
                if key not in places:
                    places.add(key)
                    sites.append((element, y))
        return Crystal(product(rows, self.cell), sites)


FACES = [(0, 0, 0), (0, .5, .5), (.5, 0, .5), (.5, .5, 0)]


def cubic(a, sites):
    return Crystal([[a, 0, 0], [0, a, 0], [0, 0, a]], sites)


def hexagonal(a, c, sites):
    return Crystal([[a, 0, 0], [-a / 2, a * math.sqrt(3) / 2, 0], [0, 0, c]], sites)


def shifted(element, own, shift=(0, 0, 0)):
    return [(element, [(u + v) % 1 for u, v in zip(x, shift)]) for x in own]


def rock_salt(a, b):
    return cubic(2 * (RADII[a] + RADII[b]), shifted(a, FACES) + shifted(b, FACES, (.5, .5, .5))), 225


def caesium_chloride(a, b):
    return cubic(2 * (RADII[a] + RADII[b]) / math.sqrt(3), [(a, (0, 0, 0)), (b, (.5, .5, .5))]), 221


def zinc_blende(a, b):
    return cubic(4 * (RADII[a] + RADII[b]) / math.sqrt(3), shifted(a, FACES) + shifted(b, FACES, (.25, .25, .25))), 216


def wurtzite(a, b):
    edge = (RADII[a] + RADII[b]) * math.sqrt(8 / 3)
    own = [(1 / 3, 2 / 3, 0), (2 / 3, 1 / 3, .5)]
    return hexagonal(edge, edge * math.sqrt(8 / 3), shifted(a, own) + shifted(b, own, (0, 0, .375))), 186


def nickel_arsenide(a, b):
    edge = (RADII[a] + RADII[b]) * math.sqrt(2)
    return hexagonal(edge, 1.5 * edge, [(a, (0, 0, 0)), (a, (0, 0, .5)), (b, (1 / 3, 2 / 3, .25)), (b, (2 / 3, 1 / 3, .75))]), 194


def fluorite(a, b):
    return cubic(4 * (RADII[a] + RADII[b]) / math.sqrt(3), shifted(a, FACES) + shifted(b, FACES, (.25, .25, .25))
                 + shifted(b, FACES, (.75, .75, .75))), 225


def rutile(a, b):
    edge, u = (RADII[a] + RADII[b]) / (.305 * math.sqrt(2)), .305
    return Crystal([[edge, 0, 0], [0, edge, 0], [0, 0, .64 * edge]],
                   [(a, (0, 0, 0)), (a, (.5, .5, .5)), (b, (u, u, 0)), (b, (-u, -u, 0)), (b, (.5 + u, .5 - u, .5)),
                    (b, (.5 - u, .5 + u, .5))]), 136


def cadmium_iodide(a, b):
    edge = (RADII[a] + RADII[b]) * math.sqrt(2)
    return hexagonal(edge, 1.6 * edge, [(a, (0, 0, 0)), (b, (1 / 3, 2 / 3, .255)), (b, (2 / 3, 1 / 3, -.255))]), 164


def perovskite(a, b, c):
    return cubic(2 * (RADII[b] + RADII[c]), [(a, (.5, .5, .5)), (b, (0, 0, 0)), (c, (.5, 0, 0)), (c, (0, .5, 0)), (c, (0, 0, .5))]), 221


def bases():
    """(name, crystal, group) of every compound in every type, compound by compound."""
    for a, b in [(x, y) for x in ONE for y in MINUS] + [(x, y) for x in TWO for y in DOUBLE]:
        yield a + b, [(t.__name__, *t(a, b)) for t in (rock_salt, caesium_chloride, zinc_blende, wurtzite, nickel_arsenide)]
    for a, b in [(x, y) for x in TWO for y in MINUS] + [(x, y) for x in FOUR for y in DOUBLE]:
        yield f"{a}{b}2", [(t.__name__, *t(a, b)) for t in (fluorite, rutile, cadmium_iodide)]
    for a, b in [("Ca", "Ti"), ("Sr", "Ti"), ("Ba", "Zr"), ("Ba", "Ce"), ("Sr", "Sn")]:
        yield f"{a}{b}O3", [("perovskite", *perovskite(a, b, "O"))]


def unimodular(rng, steps=3):
    rows = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    for _ in range(steps):
        i, j = rng.sample(range(3), 2)
        sign = rng.choice((-1, 1))
        rows[i] = [u + sign * v for u, v in zip(rows[i], rows[j])]
    return rows


def sheared(crystal, rng):
    return crystal.on(unimodular(rng))


def supercell(crystal, rng):
    size = rng.choice((2, 3)) if len(crystal.sites) < 8 else 2
    rows = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    axis = rng.randrange(3)
    rows[axis][axis] = size
    return crystal.on(product(unimodular(rng, 1), rows))


def permuted(crystal, rng):
    """Another order of atoms, about another origin."""
    other = crystal.copy()
    shift = [rng.random() for _ in range(3)]
    other.sites = [(e, [(u + v) % 1 for u, v in zip(x, shift)]) for e, x in other.sites]
    rng.shuffle(other.sites)
    return other


def setting(crystal, rng):
    """Axes exchanged, the whole turned in space."""
    order = rng.sample(range(3), 3)
    other = Crystal([crystal.cell[k] for k in order], [(e, [x[k] for k in order]) for e, x in crystal.sites])
    a, b, c = (rng.uniform(0, 2 * math.pi) for _ in range(3))
    turns = [[[math.cos(a), math.sin(a), 0], [-math.sin(a), math.cos(a), 0], [0, 0, 1]],
             [[1, 0, 0], [0, math.cos(b), math.sin(b)], [0, -math.sin(b), math.cos(b)]],
             [[math.cos(c), math.sin(c), 0], [-math.sin(c), math.cos(c), 0], [0, 0, 1]]]
    for turn in turns:
        other.cell = product(other.cell, turn)
    return other


def mirrored(crystal, rng):
    other = crystal.copy()
    scale = rng.uniform(.95, 1.06)
    other.cell = [[-scale * v[0], scale * v[1], scale * v[2]] for v in other.cell]
    return other


def noisy(crystal, rng):
    other = crystal.copy()
    back = inverse(other.cell)
    other.sites = [(e, [u + v for u, v in zip(x, row([rng.gauss(0, .02) for _ in range(3)], back))]) for e, x in other.sites]
    return other


DISGUISES = [sheared, supercell, permuted, setting, mirrored, noisy]


def wave(crystal, size):
    """Doubled along one axis, every atom of the first kind moved by `size` angstroms along another, up in one cell, down in the next."""
    double = crystal.on([[2, 0, 0], [0, 1, 0], [0, 0, 1]])
    kind = crystal.sites[0][0]
    back = inverse(double.cell)
    length = math.sqrt(sum(t * t for t in double.cell[1]))
    move = row([size * t / length for t in double.cell[1]], back)
    double.sites = [(e, [u + (v if x[0] % 1 < .4999 else -v) for u, v in zip(x, move)] if e == kind else x)
                    for e, x in double.sites]
    return double


def dictionary(crystal, charges=None, occupancy=1):
    return {"@class": "Structure", "lattice": {"matrix": crystal.cell}, "sites": [
        {"species": [{"element": e, "occu": occupancy, **({"oxidation_state": charges[e]} if charges else {})}], "abc": x}
        for e, x in crystal.sites]}


class Record:
    """What stands in the set and what must come out: clauses that fail; the base that it is, None where it is no crystal."""

    def __init__(self, name, base, structure=None, claim=None, fails=(), text=None, novel=None):
        self.name, self.base, self.fails, self.novel = name, base, set(fails), novel
        self.structure = structure
        value = {"material_id": name, "structure": structure}
        if claim:
            value["spacegroup.number"] = claim
        self.text = text if text is not None else json.dumps(value)


def damaged(rng, number):
    """One kind after another, each of another compound."""
    a, b = rng.choice(ONE), rng.choice(MINUS)
    whole, _ = caesium_chloride(a, b)
    name = f"damaged-{number}"
    good = dictionary(whole)

    def changed(path, value, fails, text=None):
        copy = json.loads(json.dumps(good))
        target = copy
        for key in path[:-1]:
            target = target[key]
        target[path[-1]] = value
        return copy, fails, text

    kinds = [
        ("not-a-number", *changed(["sites", 1, "abc", 0], "NaN", ["readable"])),
        ("null", *changed(["sites", 1, "abc", 0], None, ["readable"])),
        ("no-species", *changed(["sites", 1, "species"], [], ["readable"])),
        ("unknown-element", *changed(["sites", 0, "species", 0, "element"], "Xq", ["readable"])),
        ("unmade-element", *changed(["sites", 0, "species", 0, "element"], "Og", ["composition"])),
        ("too-full", *changed(["sites", 0, "species", 0, "occu"], 1.9, ["readable"])),
        ("half", *changed(["sites", 0, "species", 0, "occu"], .5, ["order"])),
        ("overlap", *changed(["sites", 1, "abc"], [.06, 0, 0], ["contacts"])),
        ("on-one-place", *changed(["sites", 1, "abc"], [0, 0, 0], ["contacts", "symmetry"])),
        ("huge", *changed(["lattice", "matrix"], [[500, 0, 0], [0, 500, 0], [0, 0, 500]], ["cell", "density"])),
        ("slab", *changed(["lattice", "matrix", 2], [0, 0, 30], ["cell"])),
        ("flat", *changed(["lattice", "matrix", 2], whole.cell[0], ["readable"])),
        ("tiny", *changed(["lattice", "matrix"], [[.5, 0, 0], [0, .5, 0], [0, 0, .5]], ["contacts", "density"])),
        ("charged", dictionary(whole, {a: 2, b: -1}), ["neutrality"], None),
        ("cut", good, ["readable"], json.dumps({"material_id": name, "structure": good})[:-40]),
        ("words", good, ["readable"], "no record at all"),
        ("no-cell", {"sites": good["sites"]}, ["readable"], None),
    ]
    kind, structure, fails, text = kinds[number % len(kinds)]
    record = Record(f"{name}-{kind}", None, structure, fails=fails, text=text)
    record.text = record.text.replace('"NaN"', "NaN")
    return record


def make(count, seed):
    """(set, reference): about `count` records in a random order."""
    rng = random.Random(seed)
    records, reference, kinds = [], [], 0
    compounds = list(bases())
    rng.shuffle(compounds)
    spoiled = max(17, count // 10)
    for number, (compound, types) in enumerate(compounds):
        if len(records) >= count - spoiled:
            break
        for name, crystal, group in types:
            base = f"{compound}-{name}"
            known = number % 2 == 0
            if known:
                reference.append(Record(f"known-{base}", base, dictionary(rng.choice(DISGUISES)(crystal, rng))))
            records.append(Record(base, base, dictionary(crystal), claim=group, novel=not known))
            for disguise in rng.sample(DISGUISES, 4):
                records.append(Record(f"{base}-{disguise.__name__}", base, dictionary(disguise(crystal, rng)), novel=not known))
            two = rng.sample(DISGUISES[:4] + [noisy], 2)
            both = two[1](two[0](crystal, rng), rng)
            records.append(Record(f"{base}-{two[0].__name__}-{two[1].__name__}", base, dictionary(both), novel=not known))
            wrong = Record(f"{base}-wrong", base, dictionary(setting(crystal, rng)), claim=rng.choice([group - 1, 2, 62]),
                           fails=["symmetry"], novel=not known)
            if name == "rock_salt":
                # Of a group that it had before one atom moved.
                broken = crystal.copy()
                broken.sites[1][1][0] += .05 / broken.cell[0][0]
                wrong = Record(f"{base}-broken", base, dictionary(broken), claim=group, fails=["symmetry"], novel=not known)
            records.append(wrong)
            if name == "caesium_chloride":
                records.append(Record(f"{base}-wave-small", base, dictionary(wave(crystal, .12)), novel=not known))
    while len(records) < count:
        records.append(damaged(rng, kinds))
        kinds += 1
    rng.shuffle(records)
    return records, reference


def check(records, reference, rows):
    """What is not as it was made, in sentences; pairs (record, record, whether they must be the same)."""
    faults, pairs, first = [], [], {}
    held = {r.base: r for r in reference}
    if len(rows) != len(records):
        return [f"{len(records)} records, {len(rows)} verdicts"], []
    for place, (record, value) in enumerate(zip(records, rows)):
        fails = {c["name"] for c in value["clauses"] if c["outcome"] == "fails"}
        if fails != record.fails or value["passed"] != (not record.fails):
            faults.append(f"{record.name}: {sorted(fails)} fail, not {sorted(record.fails)}: {value.get('reason', '')}")
        if record.base is None:
            continue
        earlier = first.setdefault(record.base, record)
        duplicate, known = value["duplicateOf"], value["known"]
        if earlier is record:
            if value["unique"] is not True:
                faults.append(f"{record.name} is said to be {duplicate and duplicate['name']}")
        else:
            pairs.append((earlier, record, True))
            if value["unique"] is not False or duplicate["name"] != earlier.name:
                faults.append(f"{record.name} is said to be {duplicate and duplicate['name']}, not {earlier.name}")
            elif "wave" in record.name + earlier.name:
                # All atoms count: a wave is not averaged away.
                if not .03 < duplicate["rmsDisplacement"] < .2:
                    faults.append(f"{record.name} is said to be {duplicate['rmsDisplacement']} angstroms from {earlier.name}")
            elif duplicate["rmsDisplacement"] > .1:
                faults.append(f"{record.name} is said to be {duplicate['rmsDisplacement']} angstroms from {earlier.name}")
        if record.base in held:
            pairs.append((held[record.base], record, True))
        if value["novel"] is not record.novel:
            faults.append(f"{record.name} is said to be {'novel' if value['novel'] else 'known as ' + str(known)}")
    ones = list(first.values())
    for i, a in enumerate(ones):
        pairs += [(a, b, False) for b in ones[i + 1:] if a.base.split("-")[0] == b.base.split("-")[0]]
    return faults, pairs


def against_pymatgen(pairs):
    from pymatgen.analysis.structure_matcher import StructureMatcher
    from pymatgen.core import Structure
    matcher, exceptions, cache = StructureMatcher(), [], {}

    def structure(record):
        if record.name not in cache:
            cache[record.name] = Structure.from_dict(record.structure)
        return cache[record.name]

    for a, b, same in pairs:
        if (matcher.fit(structure(a), structure(b)) or matcher.fit(structure(b), structure(a))) != same:
            exceptions.append((a, b, same))
    print(f"pymatgen: the same in {len(pairs) - len(exceptions)} of {len(pairs)} pairs")
    for words, number in collections.Counter(
            (a.name.replace(a.base, ""), b.name.replace(b.base, ""), same) for a, b, same in exceptions).most_common():
        print(f"  {number} × {'base' + words[0]} | {'base' + words[1]}: made {'the same' if words[2] else 'different'}, pymatgen says otherwise")
    return exceptions


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", help="a folder for set.jsonl, known.jsonl and results.jsonl")
    parser.add_argument("--pymatgen", action="store_true")
    options = parser.parse_args()
    root = pathlib.Path(__file__).resolve().parent.parent
    program = pathlib.Path(os.environ.get("WYCKOFF_BIN", root / ".build/release")) / "wyckoff"
    records, reference = make(options.count, options.seed)
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(options.keep or temporary)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "set.jsonl").write_text("".join(r.text + "\n" for r in records))
        (folder / "known.jsonl").write_text("".join(r.text + "\n" for r in reference))
        run = subprocess.run([program, "validate", "set.jsonl", "--unique", "--novel", "--reference", "known.jsonl",
                              "--require", "order", "--json", "--quiet"], cwd=folder, capture_output=True, text=True)
        (folder / "results.jsonl").write_text(run.stdout)
        rows = [json.loads(line) for line in run.stdout.splitlines()]
        rows = [r for r in rows if "clauses" in r]
    if run.returncode != 1:
        sys.exit(f"status {run.returncode}: {run.stderr.strip()}")
    faults, pairs = check(records, reference, rows)
    bases_ = {r.base for r in records if r.base}
    print(f"{len(records)} records ({len(bases_)} structures, {sum(r.base is None for r in records)} damaged, "
          f"{sum('symmetry' in r.fails and r.base is not None for r in records)} wrongly claimed), {len(reference)} known, seed {options.seed}")
    for fault in faults:
        print(f"not as it was made: {fault}")
    print(f"{len(records) - len({f.split(':')[0].split(' is said')[0] for f in faults})} of {len(records)} as they were made")
    if options.pymatgen:
        against_pymatgen(pairs)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
