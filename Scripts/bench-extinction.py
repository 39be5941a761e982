#!/usr/bin/env python3
"""Extinction symbols of patterns whose cell is known: how often the right one comes first, and what its probability is worth.

    Scripts/bench-extinction.py WYCKOFF simulated POOL OUTPUT [--count 200] [--seed 2] [--half test] [--highest 10000]
    Scripts/bench-extinction.py WYCKOFF measured FOLDER OUTPUT
    Scripts/bench-extinction.py WYCKOFF intensities POOL OUTPUT [--count 150] [--seed 5] [--half dev]

simulated: POOL holds MP-20 structures (JSON lines with a CIF each). Equal numbers are drawn of the six crystal systems from
monoclinic to cubic; a triclinic lattice has one symbol. Each stands in spglib's standard cell, orthorhombic axes in a random
order; `wyckoff pattern` makes the profile (Cu K-alpha doublet, 8-90 degrees, step 0.02, Caglioti widths, B 0.8), then come a
falling background, Poisson noise at --highest counts, a zero shift of 0.02 degrees and cell lengths off by up to 0.1 %.
measured: FOLDER holds a folder for each sample with pattern.xy(e) and truth.json (cell, space_group, wavelength, radiation).

intensities: how the intensities without noise of allowed lines are distributed about the mean of those around them, as a mixture
of exponential distributions; each structure weighs the same. ExtinctionSettings has the result.

The truth is worked out here, from spglib's operations. Where atoms in special positions extinguish more lines than the group
does, the pattern without noise has a higher symbol, and that symbol is the right one. Where all lines that tell the right symbol
from one above it do not reach four standard deviations of the noise together, the pattern cannot tell: such structures are
counted apart ("hidden"), and both symbols pass.
Each structure is one JSON line of OUTPUT. --half dev is what the settings were chosen on, --half test what is reported.
"""
import argparse
import functools
import gzip
import hashlib
import itertools
import json
import math
import pathlib
import random
import subprocess
import sys
import tempfile
import time
import warnings

import numpy as np
import spglib

warnings.simplefilter("ignore")
FAMILIES = [(2, "triclinic"), (15, "monoclinic"), (74, "orthorhombic"), (142, "tetragonal"), (194, "hexagonal"), (230, "cubic")]
SYSTEMS = [(2, "triclinic"), (15, "monoclinic"), (74, "orthorhombic"), (142, "tetragonal"), (167, "trigonal"), (194, "hexagonal"), (230, "cubic")]
# Of the strongest line: below, an intensity without noise is zero.
NOTHING = 1e-7
# Standard deviations, of all lines together that tell a symbol from one above it: below, the noise hides the difference.
HIDDEN = 4.0
CU_K_ALPHA1 = 1.5405929


def named(table, number):
    return next(name for last, name in table if number <= last)


def orbit(h, family):
    """The line of a powder pattern that a reflection belongs to."""
    a, b, c = map(int, h)
    if family == "triclinic":
        return max((a, b, c), (-a, -b, -c))
    if family == "monoclinic":
        return max((a, abs(b), c), (-a, abs(b), -c))
    if family == "orthorhombic":
        return (abs(a), abs(b), abs(c))
    if family == "tetragonal":
        return tuple(sorted((abs(a), abs(b)))) + (abs(c),)
    if family == "hexagonal":
        return tuple(sorted((abs(a), abs(b), abs(a + b)))) + (abs(c),)
    return tuple(sorted((abs(a), abs(b), abs(c))))


def allowed(rotations, translations, indices, family):
    """Lines of which some reflection is not extinguished; translations over 24."""
    absent = np.zeros(len(indices), bool)
    for r, t in zip(rotations, translations):
        absent |= ((indices @ r) == indices).all(1) & ((indices @ t) % 24 != 0)
    return frozenset(orbit(h, family) for h, gone in zip(indices, absent) if not gone)


def box(family):
    n = 12 if family == "hexagonal" else 8
    span = range(-n, n + 1)
    return np.array([h for h in itertools.product(range(n + 1), span, span) if any(h)])


@functools.lru_cache(None)
def allowed_by_setting(hall):
    kind = spglib.get_spacegroup_type(hall)
    family = named(FAMILIES, kind.number)
    database = spglib.get_symmetry_from_database(hall)
    shifts = np.rint(database["translations"] * 24).astype(int)
    return allowed(database["rotations"], shifts, box(family), family)


@functools.lru_cache(None)
def settings(family):
    """Hall numbers on the axes used here: unique axis b, hexagonal axes."""
    found = []
    for hall in range(1, 531):
        kind = spglib.get_spacegroup_type(hall)
        if named(FAMILIES, kind.number) != family or kind.choice == "R":
            continue
        if family == "monoclinic" and kind.choice.lstrip("-")[0] != "b":
            continue
        found.append(hall)
    return found


def reflections_in_range(lattice, d):
    """One of each pair of opposite reflections with a spacing of d or more."""
    reciprocal = np.linalg.inv(lattice).T
    reach = [int(np.linalg.norm(v) / d) for v in lattice]
    spans = [range(0, reach[0] + 1), range(-reach[1], reach[1] + 1), range(-reach[2], reach[2] + 1)]
    every = np.array(list(itertools.product(*spans)))
    lengths = np.linalg.norm(every @ reciprocal, axis=1)
    return [tuple(map(int, h)) for h in every[(lengths <= 1 / d) & (lengths > 0)] if tuple(h) > (0, 0, 0)]


def cell_numbers(lattice):
    a, b, c = lattice
    def angle(u, v):
        return math.degrees(math.acos(np.dot(u, v) / np.linalg.norm(u) / np.linalg.norm(v)))
    return [float(np.linalg.norm(v)) for v in lattice] + [angle(b, c), angle(a, c), angle(a, b)]


def write_cif(path, cell, positions, symbols):
    names = ["length_a", "length_b", "length_c", "angle_alpha", "angle_beta", "angle_gamma"]
    lines = ["data_x"] + [f"_cell_{n} {v:.7f}" for n, v in zip(names, cell)]
    lines += ["_symmetry_space_group_name_H-M 'P 1'", "loop_", "_space_group_symop_operation_xyz", "'x, y, z'"]
    lines += ["loop_", "_atom_site_label", "_atom_site_type_symbol", "_atom_site_fract_x", "_atom_site_fract_y", "_atom_site_fract_z", "_atom_site_B_iso_or_equiv"]
    for k, (symbol, x) in enumerate(zip(symbols, positions)):
        lines.append(f"{symbol}{k + 1} {symbol} {x[0]:.8f} {x[1]:.8f} {x[2]:.8f} 0.8")
    path.write_text("\n".join(lines) + "\n")


def standard(entry, rng):
    """Standard cell, positions, elements, group number and operations, of an entry of the pool."""
    from pymatgen.core import Structure
    structure = Structure.from_str(entry["cif"], fmt="cif")
    cell = (structure.lattice.matrix, structure.frac_coords, [s.Z for s in structure.species])
    lattice, positions, numbers = spglib.standardize_cell(cell, to_primitive=False, no_idealize=False, symprec=0.01)
    number = spglib.get_symmetry_dataset((lattice, positions, numbers), symprec=1e-4).number
    if named(SYSTEMS, number) == "orthorhombic":
        order = rng.sample(range(3), 3)
        lattice, positions = np.diag([lattice[k][k] for k in order]), positions[:, order]
    cell = (lattice, positions, numbers)
    dataset = spglib.get_symmetry_dataset(cell, symprec=1e-4)
    return cell, dataset


def exact_case(entry, args, rng, folder, options):
    """A structure in its standard cell, the intensities of all its reflections, and the file of its profile."""
    from pymatgen.core import Element
    (lattice, positions, numbers), dataset = standard(entry, rng)
    cif, profile = folder / "x.cif", folder / "x.xy"
    write_cif(cif, cell_numbers(lattice), positions, [Element.from_Z(int(z)).symbol for z in numbers])
    command = [args.wyckoff, "pattern", str(cif), "--range", "8:90:0.02", *options, "--reflections", "--json", "-o", str(profile)]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode:
        raise RuntimeError(run.stderr.strip())
    # What the list leaves out has no intensity.
    intensities = {h: 0.0 for h in reflections_in_range(lattice, 0.9999 * CU_K_ALPHA1 / (2 * math.sin(math.radians(45))))}
    for r in json.loads(run.stdout)["reflections"]:
        h = (r["h"], r["k"], r["l"])
        intensities[h if h in intensities else tuple(-v for v in h)] = r["intensity"]
    operations = (dataset.rotations, np.rint(dataset.translations * 24).astype(int))
    family, reciprocal = named(FAMILIES, dataset.number), np.linalg.inv(lattice).T
    angles = {}
    for h in intensities:
        angles.setdefault(orbit(h, family), math.degrees(2 * math.asin(min(1, CU_K_ALPHA1 * np.linalg.norm(h @ reciprocal) / 2))))

    def significance(share, key):
        # A line of FWHM 0.1 degrees on steps of 0.02, as high beside the strongest as its intensity.
        height = args.highest * share
        return height * math.sqrt(7.5) / math.sqrt(height + background(args.highest, angles[key]))

    return lattice, dataset, Truth(family, operations, intensities, significance), intensities, profile


def background(highest, angle):
    return highest * (0.006 + 0.02 * np.exp(-(angle - 8) / 15))


def simulated_case(entry, args, rng, folder):
    width = rng.uniform(0.7, 1.5)
    options = ["--zero", "0.02", "--highest", str(args.highest), "--lorentz", f"{0.03 * width}"]
    options += ["--caglioti", f"{0.006 * width},{-0.003 * width},{0.006 * width}"]
    lattice, dataset, truth, _, profile = exact_case(entry, args, rng, folder, options)
    family, system, six = truth.family, named(SYSTEMS, dataset.number), cell_numbers(lattice)
    # Noise.
    x, y = np.loadtxt(profile).T[:2]
    noise = np.random.default_rng(rng.randrange(2**32))
    counts = noise.poisson(np.maximum(y, 0) + background(args.highest, x))
    pattern = folder / "noisy.xy"
    np.savetxt(pattern, np.column_stack([x, counts]), fmt=["%.4f", "%d"])
    # A cell that is slightly off, its equal lengths alike.
    factors = [1 + rng.uniform(-1e-3, 1e-3) for _ in range(3)]
    if family in ("tetragonal", "hexagonal", "cubic"):
        factors[1] = factors[0]
    if family == "cubic":
        factors[2] = factors[0]
    given = [six[k] * factors[k] for k in range(3)] + six[3:]
    operations = (dataset.rotations, np.rint(dataset.translations * 24).astype(int))
    return pattern, given, system, truth, dataset


class Truth:
    """The group's lines, and those of the highest symbol that the intensities without noise have."""

    def __init__(self, family, operations, intensities, significance=None):
        """significance: of a line by its share of the strongest and 1/d, in standard deviations of the noise."""
        self.family = family
        self.indices = np.array(list(intensities))
        lines = {}
        for h, value in intensities.items():
            key = orbit(h, family)
            lines[key] = lines.get(key, 0) + value
        highest = max(lines.values())
        seen = {key for key, value in lines.items() if value > NOTHING * highest}
        self.own = allowed(*operations, box(family), family)
        classes = {allowed_by_setting(hall): hall for hall in settings(family)}
        self.lines = {symbol: self.in_range(hall) for symbol, hall in classes.items()}
        possible = [symbol for symbol in classes if seen <= self.lines[symbol]]
        self.right = min(possible, key=lambda symbol: (len(self.lines[symbol]), symbol != self.own))
        self.is_higher = len(self.lines[self.right]) < len(self.lines[self.own])
        # Symbols whose further absences the noise hides.
        self.hidden = set()
        if significance:
            seen = {key: significance(value / highest, key) ** 2 for key, value in lines.items()}
            for symbol, left in self.lines.items():
                if left < self.lines[self.right] and sum(seen[key] for key in self.lines[self.right] - left) < HIDDEN**2:
                    self.hidden.add(symbol)

    def in_range(self, hall):
        database = spglib.get_symmetry_from_database(hall)
        shifts = np.rint(database["translations"] * 24).astype(int)
        return allowed(database["rotations"], shifts, self.indices, self.family)


def ask(args, pattern, cell, options):
    begin = time.time()
    numbers = ",".join(f"{v:.6g}" for v in cell)
    run = subprocess.run([args.wyckoff, "groups", str(pattern), "--cell", numbers, "--json", "--quiet", *options], capture_output=True, text=True)
    if run.returncode == 2 or not run.stdout:
        raise RuntimeError(run.stderr.strip().splitlines()[-1] if run.stderr else "no answer")
    return run.returncode, json.loads(run.stdout), time.time() - begin


def drawn(args):
    """Equal numbers of each crystal system, of one half of the pool."""
    opener = gzip.open if args.source.endswith(".gz") else open
    pool = {}
    with opener(args.source, "rt") as file:
        for text in file:
            entry = json.loads(text)
            half = "dev" if hashlib.sha256(entry["material_id"].encode()).digest()[0] % 2 else "test"
            if half == args.half and entry.get("sg_csv"):
                pool.setdefault(named(SYSTEMS, int(entry["sg_csv"])), []).append(entry)
    rng = random.Random(args.seed)
    kinds = [name for _, name in SYSTEMS[1:]]
    for name in kinds:
        rng.shuffle(pool[name])
    chosen = []
    for k in range(args.count):
        entries = pool[kinds[k % len(kinds)]]
        while entries:
            entry = entries.pop()
            # The pool's group was found at 0.1 A; that at 0.01 A may be of another system.
            if named(SYSTEMS, standard(entry, random.Random(0))[1].number) == kinds[k % len(kinds)]:
                chosen.append(entry)
                break
    return chosen, kinds


MEANS = np.array([8, 2.5, 0.8, 0.25, 0.03, 0.001])


def intensities(args):
    chosen, _ = drawn(args)
    ratios, weights = [], []
    for entry in chosen:
        with tempfile.TemporaryDirectory() as name:
            lattice, _, truth, values, _ = exact_case(entry, args, random.Random(0), pathlib.Path(name), [])
        reciprocal = np.linalg.inv(lattice).T
        lines, counts = {}, {}
        for h, value in values.items():
            key = orbit(h, truth.family)
            lines[key], counts[key] = lines.get(key, 0) + value, counts.get(key, 0) + 1
        keys = [key for key in values if orbit(key, truth.family) in truth.lines[truth.right]]
        order = list(dict.fromkeys(orbit(key, truth.family) for key in sorted(keys, key=lambda h: np.linalg.norm(h @ reciprocal))))
        x, m = np.array([lines[k] for k in order]), np.array([counts[k] for k in order])
        part = []
        for j in range(len(order)):
            low, high = max(0, min(j - 12, len(order) - 24)), min(len(order), max(j + 12, 24))
            part.append(x[j] * m[low:high].sum() / (m[j] * x[low:high].sum()))
        ratios += part
        weights += [1 / max(1, len(part))] * len(part)
    x, w = np.array(ratios), np.array(weights)
    shares = np.ones(len(MEANS)) / len(MEANS)
    for _ in range(2000):
        p = shares / MEANS * np.exp(-x[:, None] / MEANS)
        shares = ((p / p.sum(1, keepdims=True)) * w[:, None]).sum(0) / w.sum()
    pathlib.Path(args.output).write_text(json.dumps(ratios) + "\n")
    print(f"{len(x)} lines of {len(chosen)} structures; means {MEANS.tolist()}, shares {shares.round(3).tolist()}")


def simulated(args):
    chosen, kinds = drawn(args)
    done = {}
    output = pathlib.Path(args.output)
    if output.exists():
        done = {r["id"]: r for r in map(json.loads, output.read_text().splitlines())}
    with output.open("a") as file:
        for entry in chosen:
            if entry["material_id"] in done:
                continue
            own_rng = random.Random(f"{args.seed} {entry['material_id']}")
            with tempfile.TemporaryDirectory() as name:
                row = {"id": entry["material_id"]}
                try:
                    pattern, cell, system, truth, dataset = simulated_case(entry, args, own_rng, pathlib.Path(name))
                    if args.keep:
                        keep = pathlib.Path(args.keep) / f"{entry['material_id']}.xy"
                        keep.write_bytes(pattern.read_bytes())
                    code, answer, seconds = ask(args, pattern, cell, [])
                    row |= judged(answer, truth)
                    row |= {"system": system, "number": int(dataset.number), "exit": code, "seconds": seconds, "cell": cell}
                except RuntimeError as error:
                    row["error"] = str(error)
            file.write(json.dumps(row) + "\n")
            file.flush()
            done[row["id"]] = row
            print(row["id"], row.get("system"), row.get("number"), row.get("first"), "right" if row.get("right") else "WRONG " + str(row.get("truth")) + f" rank {row.get('rank')}" , f"{row.get('probability', 0):.3f}", row.get("error", ""), flush=True)
    table([done[e["material_id"]] for e in chosen if e["material_id"] in done], kinds)


def judged(answer, truth):
    symbols = answer["symbols"]
    sets = [allowed_by_setting(s["spaceGroups"][0]["hallNumber"]) for s in symbols]
    wanted = truth.lines[truth.right]
    ranks = [k for k, s in enumerate(sets) if truth.lines[s] == wanted]
    names = [symbols[k]["symbol"] for k, s in enumerate(sets) if s == truth.right]
    owns = [symbols[k]["symbol"] for k, s in enumerate(sets) if s == truth.own]
    # Symbols that no line of the range tells apart share their probability.
    together = sum(symbols[k]["probability"] for k in ranks)
    return {
        "first": symbols[0]["symbol"], "probability": symbols[0]["probability"], "truth": names[0] if names else None,
        "group": owns[0] if owns else None, "right": bool(ranks) and ranks[0] == 0, "rank": ranks[0] + 1 if ranks else None,
        "hidden": bool(truth.hidden), "allowed": bool(ranks) and ranks[0] == 0 or sets[0] in truth.hidden, "tied": len(ranks) > 1, "together": together, "higher": truth.is_higher, "lines": len(answer["lines"]), "rwp": answer["rwp"],
        "own": answer["seconds"],
        "logLikelihood": symbols[ranks[0]]["logLikelihood"] if ranks else None,
    }


def measured(args):
    rows = []
    output = pathlib.Path(args.output)
    with output.open("w") as file:
        for folder in sorted(pathlib.Path(args.source).iterdir()):
            if not (folder / "truth.json").exists():
                continue
            facts = json.loads((folder / "truth.json").read_text())
            pattern = next(p for p in folder.iterdir() if p.name.startswith("pattern."))
            group = facts["space_group"]
            row = {"id": folder.name, "group": group}
            options = ["--wavelength", str(facts["wavelength"])]
            if "Cu Ka" in facts["radiation"]:
                options = ["--wavelength", "CuKa"]
            if "eutron" in facts["radiation"]:
                options += ["--radiation", "neutron"]
            try:
                right = setting(group, facts["cell"])
                code, answer, seconds = ask(args, pattern, facts["cell"], options)
                sets = [allowed_by_setting(s["spaceGroups"][0]["hallNumber"]) for s in answer["symbols"]]
                rank = next(k for k, s in enumerate(sets) if s == allowed_by_setting(right))
                first = answer["symbols"][0]
                row |= {"first": first["symbol"], "probability": first["probability"], "rank": rank + 1,
                        "truth": answer["symbols"][rank]["symbol"], "logLikelihood": answer["symbols"][rank]["logLikelihood"],
                        "exit": code, "rwp": answer["rwp"], "lines": len(answer["lines"]), "seconds": seconds}
            except (RuntimeError, StopIteration) as error:
                row["error"] = str(error) or "the symbol is not on these axes"
            rows.append(row)
            file.write(json.dumps(row) + "\n")
            print(json.dumps(row), flush=True)
    print("\n| sample | group | symbol | rank | first | probability | Rwp (%) |\n|---|---|---|---:|---|---:|---:|")
    for r in rows:
        if "error" in r:
            print(f"| {r['id']} | {r['group']} | {r['error']} | | | | |")
        else:
            print(f"| {r['id']} | {r['group']} | {r['truth']} | {r['rank']} | {r['first']} | {r['probability']:.3f} | {100 * r['rwp']:.1f} |")
    told = [r for r in rows if "rank" in r]
    sure = [r for r in told if r["probability"] >= 0.9]
    print(f"\nfirst: {sum(r['rank'] == 1 for r in told)} of {len(told)}; of {len(sure)} said with 0.9 or more right: {sum(r['rank'] == 1 for r in sure)}")


def setting(symbol, cell):
    """Hall number of a symbol on the cell's axes."""
    plain = symbol.replace(" ", "").replace("_", "").split(":")[0]
    unique = next((k for k in range(3) if abs(cell[3 + k] - 90) > 0.02), 1)
    for hall in range(1, 531):
        kind = spglib.get_spacegroup_type(hall)
        names = {n.replace(" ", "").replace("_", "") for n in (kind.international_full, kind.international_short, kind.international.split("=")[0], *kind.international.split("="))}
        if plain not in names or kind.choice == "R" and abs(cell[5] - 120) < 0.1:
            continue
        if 3 <= kind.number <= 15 and kind.choice.lstrip("-")[0] != "abc"[unique]:
            continue
        return hall
    raise RuntimeError(f"no setting {symbol}")


def table(rows, kinds):
    print("\n| system | structures | right first | said with 0.9 | of these right | hidden | first right or hidden | said with 0.9 | of these right or hidden |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    for kind in [*kinds, "all"]:
        part = [r for r in rows if "error" not in r and (kind == "all" or r["system"] == kind)]
        cells = []
        for rows_of_kind, answer in ([r for r in part if not r["hidden"]], "right"), ([r for r in part if r["hidden"]], "allowed"):
            sure = [r for r in rows_of_kind if max(r["probability"], r["together"] * r["right"]) >= 0.9]
            cells += [len(rows_of_kind), sum(r[answer] for r in rows_of_kind), len(sure), sum(r[answer] for r in sure)]
        print(f"| {kind} | " + " | ".join(map(str, cells)) + " |")
    higher = [r for r in rows if r.get("higher")]
    print(f"\nsymbols above the group's by position: {len(higher)}, right {sum(r['right'] for r in higher)}")
    errors = [r for r in rows if "error" in r]
    seconds = sorted(r["own"] for r in rows if "own" in r)
    print(f"\nerrors {len(errors)}; seconds median {seconds[len(seconds) // 2]:.2f}, longest {seconds[-1]:.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wyckoff")
    parser.add_argument("kind", choices=["simulated", "measured", "intensities"])
    parser.add_argument("source")
    parser.add_argument("output")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--half", choices=["dev", "test"], default="test")
    parser.add_argument("--highest", type=float, default=10_000)
    parser.add_argument("--keep", help="folder for the simulated patterns")
    args = parser.parse_args()
    {"simulated": simulated, "measured": measured, "intensities": intensities}[args.kind](args)


if __name__ == "__main__":
    sys.exit(main())
