#!/usr/bin/env python3
"""Solves structures from their composition and a powder pattern alone, and counts what is proven, right and wrong.

    Scripts/bench-solve.py WYCKOFF measured FOLDER OUTPUT
    Scripts/bench-solve.py WYCKOFF patterns PATTERNS STRUCTURES... OUTPUT [--count 30] [--seed 1] [--half test] [--system NAME]
    Scripts/bench-solve.py WYCKOFF structures STRUCTURES... OUTPUT [--count 30] [--seed 1] [--half test] [--wrong formula|phase]

measured: FOLDER holds a folder for each sample: pattern.xy or pattern.xye, truth.json (composition, space_group, wavelength, radiation) and,
where the atoms are known, truth.cif. patterns: PATTERNS is a gzipped JSON-lines file (name: formula_group, truth: ids, start, step,
intensity; Cu Ka 1.54184), STRUCTURES gzipped JSON-lines files of structures with material_id and cif, or with id, hall, cell and orbits.
structures: `wyckoff pattern` makes the profile of each in its standard cell (Cu K-alpha doublet, 8-90 degrees, step 0.02, Caglioti widths,
B 0.8), then come a falling background, Poisson noise at 10,000 counts and a zero shift of 0.02 degrees.
--wrong formula gives a formula that is not the pattern's (another element at least 15 % away in atomic number, one atom of an element more or
less in the formula unit, or another structure's formula, in turn), --wrong phase adds 30 weight per cent of another structure to the pattern.
Then every structure that is proclaimed counts as wrong, with --wrong phase unless it is the main phase.

Sets are drawn stratified by crystal system, seeded; --half dev is what settings are chosen on, --half test what is reported.
--limit is the time limit of each problem in seconds of one core (OMP_NUM_THREADS and the processors of the run are one), as far as the
machine gives it. Each solution is one JSON line of OUTPUT/results.jsonl, so that a run that was stopped goes on.
Right: the group's number is the truth's (at 0.01, 0.03 or 0.1 A where the atoms are known) or its mirror image's, and `wyckoff match --fixed-scale` says that the structures are the same. Wrong: exit 0 without that.
Stage: the first that went wrong: cell, group, atoms; or proof, where the structure is right and not proclaimed.
--types none, or a set of structures for Scripts/structure-types.py, of which a table is made for each problem without the structures of its
formula, true and given: what is tested is not remembered.
Needs the Python packages pymatgen, spglib and numpy except for `measured`.
"""
import argparse
import gzip
import hashlib
import json
import math
import os
import pathlib
import random
import resource
import subprocess
import sys
import time
import warnings

warnings.simplefilter("ignore")
SYSTEMS = [(2, "triclinic"), (15, "monoclinic"), (74, "orthorhombic"), (142, "tetragonal"), (167, "trigonal"), (194, "hexagonal"), (230, "cubic")]


# Mirror images: no powder tells them apart.
TWINS = dict(pair for a, b in [(76, 78), (91, 95), (92, 96), (144, 145), (151, 153), (152, 154), (169, 170), (171, 172), (178, 179), (180, 181), (212, 213)] for pair in [(a, b), (b, a)])


def is_group(found, known):
    """Whether a number is the truth's, or one of the truth's, or of the mirror image."""
    known = known if isinstance(known, list) else [known]
    return found is not None and (found in known or TWINS.get(found) in known)


def system_of(number):
    return next(name for last, name in SYSTEMS if number <= last)


def run(command, limit=None):
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=False)
        return done.returncode, done.stdout, done.stderr
    except subprocess.TimeoutExpired:
        return None, "", f"stopped after {limit} s"


def half_of(name):
    return "dev" if hashlib.sha256(name.encode()).digest()[0] % 2 else "test"


# Structures

class Known:
    """A row of a file of structures."""

    def __init__(self, row):
        self.row = row
        self.name = str(row.get("material_id") or row.get("id"))

    def cell(self):
        """Lattice, positions, atomic numbers: the standard cell without symmetry beyond 0.01 A."""
        import numpy as np
        import spglib
        from pymatgen.core import Element, Lattice, Structure
        if "cif" in self.row:
            structure = Structure.from_str(self.row["cif"], fmt="cif")
            cell = (structure.lattice.matrix, structure.frac_coords, [site.specie.Z for site in structure])
        else:
            operations = spglib.get_symmetry_from_database(self.row["hall"])
            positions, numbers = [], []
            for element, _, multiplicity, *x in self.row["orbits"]:
                images = []
                for r, t in zip(operations["rotations"], operations["translations"]):
                    y = (r @ np.array(x) + t) % 1
                    if not any(np.abs((y - z + .5) % 1 - .5).max() < 2e-4 for z in images):
                        images.append(y)
                if len(images) != multiplicity:
                    raise ValueError(f"{self.name}: {element} has {len(images)} images, not {multiplicity}")
                positions += images
                numbers += [Element(element).Z] * multiplicity
            cell = (Lattice.from_parameters(*self.row["cell"]).matrix, np.array(positions), numbers)
        found = spglib.standardize_cell(cell, to_primitive=False, no_idealize=False, symprec=0.01)
        return found, spglib.get_symmetry_dataset(found, symprec=1e-4).number

    def groups(self):
        """Numbers of the groups at 0.01, 0.03 and 0.1 A: a relaxed structure leaves its own by hundredths, which no pattern shows."""
        import spglib
        cell, number = self.cell()
        return [number] + [spglib.get_symmetry_dataset(cell, symprec=tolerance).number for tolerance in (0.03, 0.1)]

    def coordinates(self):
        """How many coordinates are free: of each orbit the rank of the average of its site's rotations."""
        import numpy as np
        import spglib
        (lattice, positions, numbers), _ = self.cell()
        found = spglib.get_symmetry_dataset((lattice, positions, numbers), symprec=1e-3)
        free = 0
        for k in sorted(set(found.crystallographic_orbits)):
            images = np.array(positions) @ np.transpose(found.rotations, (0, 2, 1)) + found.translations[:, None, :]
            apart = images[:, k] - positions[k]
            site = np.abs((apart - np.round(apart)) @ lattice).max(axis=1) < 0.02
            free += int(round(np.trace(found.rotations[site].mean(axis=0))))
        return free

    def formula(self):
        from pymatgen.core import Composition, Element
        numbers = self.cell()[0][2]
        counts = {}
        for z in numbers:
            counts[Element.from_Z(int(z)).symbol] = counts.get(Element.from_Z(int(z)).symbol, 0) + 1
        divisor = math.gcd(*counts.values())
        return Composition({symbol: count // divisor for symbol, count in counts.items()})

    def write(self, path, b=None):
        from pymatgen.core import Element, Lattice
        lattice, positions, numbers = self.cell()[0]
        six = Lattice(lattice).parameters
        names = ["length_a", "length_b", "length_c", "angle_alpha", "angle_beta", "angle_gamma"]
        lines = ["data_truth"] + [f"_cell_{name} {value:.7f}" for name, value in zip(names, six)]
        lines += ["_symmetry_space_group_name_H-M 'P 1'", "loop_", "_space_group_symop_operation_xyz", "'x, y, z'", "loop_"]
        lines += [f"_atom_site_{name}" for name in ("label", "type_symbol", "fract_x", "fract_y", "fract_z", "B_iso_or_equiv")]
        for k, (z, x) in enumerate(zip(numbers, positions)):
            symbol = Element.from_Z(int(z)).symbol
            lines.append(f"{symbol}{k + 1} {symbol} {x[0]:.8f} {x[1]:.8f} {x[2]:.8f} {0 if b is None else b}")
        path.write_text("\n".join(lines) + "\n")


def structures_of(files):
    for file in files:
        with gzip.open(file, "rt") as lines:
            for line in lines:
                yield Known(json.loads(line))


def stratified(items, arguments):
    """The same number of each crystal system, as far as there are; items are (name, number, value)."""
    kinds = {}
    for item in items:
        if arguments.half in ("all", half_of(item[0])) and arguments.system in ("", system_of(item[1])):
            kinds.setdefault(system_of(item[1]), []).append(item)
    draw = random.Random(arguments.seed)
    for kind in sorted(kinds):
        draw.shuffle(kinds[kind])
    chosen = []
    while len(chosen) < arguments.count and any(kinds.values()):
        chosen += [kinds[name].pop() for _, name in SYSTEMS if kinds.get(name)]
    return chosen[:arguments.count]


# Problems: name, words of the command, the truth's group, its file, crystal system

def measured(arguments):
    for folder in sorted(path.parent for path in arguments.inputs[0].glob("*/truth.json")):
        truth = json.loads((folder / "truth.json").read_text())
        neutron = truth["radiation"].lower().startswith("neutron")
        words = [str(next(folder.glob("pattern.*"))), "--formula", truth["composition"]]
        words += ["--wavelength", "CuKa" if truth["wavelength"] == 1.5418 and not neutron else str(truth["wavelength"])]
        if neutron:
            words += ["--radiation", "neutron"]
        cif = folder / "truth.cif"
        code, out, _ = run([arguments.wyckoff, "spacegroup", truth["space_group"].split(":")[0].strip(), "--json"])
        number = json.loads(out)["spaceGroup"]["number"] if code == 0 else None
        yield folder.name, words, number, cif if cif.exists() else None


def patterns(arguments):
    with gzip.open(arguments.inputs[0], "rt") as lines:
        rows = [json.loads(line) for line in lines]
    known = {structure.name: structure for structure in structures_of(arguments.inputs[1:])}
    items = [(row["name"], int(row["name"].split("_")[1]), row) for row in rows]
    for name, number, row in stratified(items, arguments):
        truth = next((known[str(name)] for name in row["truth"] if str(name) in known and known[str(name)].cell()[1] == number), None)
        if truth is None:
            truth = next(known[str(name)] for name in row["truth"] if str(name) in known)
        work = arguments.output / name
        work.mkdir(parents=True, exist_ok=True)
        (work / "pattern.xy").write_text("".join(f"{row['start'] + k * row['step']:.4f} {y}\n" for k, y in enumerate(row["intensity"])))
        truth.write(work / "truth.cif")
        yield name, [str(work / "pattern.xy"), "--formula", name.split("_")[0], "--wavelength", "1.54184"], number, work / "truth.cif"


def simulated_profile(arguments, files, work, seed):
    import numpy as np
    draw = random.Random(seed)
    width = draw.uniform(0.7, 1.5)
    command = [arguments.wyckoff, "pattern", *map(str, files), "--range", "8:90:0.02", "--zero", "0.02", "--lorentz", f"{0.03 * width}"]
    command += ["--caglioti", f"{0.006 * width},{-0.003 * width},{0.006 * width}", "-o", str(work / "exact.xy")]
    for share in (0.7, 0.3) if len(files) > 1 else ():
        command += ["--fraction", str(share)]
    code, _, err = run(command)
    if code:
        raise RuntimeError(err.strip())
    x, y = np.loadtxt(work / "exact.xy").T[:2]
    background = 10_000 * (0.006 + 0.02 * np.exp(-(x - 8) / 15))
    noise = np.random.default_rng(draw.randrange(2**32))
    np.savetxt(work / "pattern.xy", np.column_stack([x, noise.poisson(np.maximum(y, 0) + background)]), fmt=["%.4f", "%d"])


def wrong_formula(truth, others, draw, kind):
    from pymatgen.core import Composition, Element
    formula = truth.formula()
    if kind == 0:
        symbol = draw.choice(sorted(element.symbol for element in formula))
        pool = sorted({element.symbol for other in others for element in other.formula() if abs(element.Z - Element(symbol).Z) > 0.15 * max(element.Z, Element(symbol).Z)})
        other = draw.choice([name for name in pool if name not in {element.symbol for element in formula}])
        return Composition({other if element.symbol == symbol else element.symbol: count for element, count in formula.items()})
    if kind == 1:
        symbol = draw.choice(sorted(element.symbol for element in formula))
        return Composition({e.symbol: n + ((-1 if n > 1 and draw.random() < .5 else 1) if e.symbol == symbol else 0) for e, n in formula.items()})
    while True:
        other = draw.choice(others).formula()
        if other.reduced_formula != formula.reduced_formula:
            return other


def structures(arguments):
    known = list(structures_of(arguments.inputs))
    items = []
    for structure in known:
        # The published group, found at 0.1 A, only spreads the draw.
        published = structure.row.get("sg_csv") or structure.row.get("sg")
        if published:
            items.append((structure.name, int(published), structure))
    if arguments.coordinates:
        low, high = map(int, arguments.coordinates.split(":"))
        items = [item for item in items if arguments.half in ("all", half_of(item[0])) and low <= item[2].coordinates() <= high]
    for k, (name, _, truth) in enumerate(stratified(items, arguments)):
        work = arguments.output / name
        work.mkdir(parents=True, exist_ok=True)
        draw = random.Random(f"{arguments.seed} {name}")
        truth.write(work / "truth.cif", b=0.8)
        files, formula = [work / "truth.cif"], truth.formula()
        if arguments.wrong == "formula":
            formula = wrong_formula(truth, draw.sample(known, 40), draw, k % 3)
        if arguments.wrong == "phase":
            draw.choice(known).write(work / "second.cif", b=0.8)
            files.append(work / "second.cif")
        simulated_profile(arguments, files, work, f"{arguments.seed} {name}")
        words = [str(work / "pattern.xy"), "--formula", formula.formula.replace(" ", ""), "--wavelength", "CuKa"]
        yield name, words, truth.groups(), work / "truth.cif"


# One problem

def same_cell(one, other):
    """Whether the primitive lattices agree within 8 % in volume, and their reduced lengths within 5 %: published cells are relaxed ones."""
    from pymatgen.core import Lattice
    try:
        import spglib
        from pymatgen.core import Structure
        reduced = []
        for path in (one, other):
            structure = Structure.from_file(str(path))
            most = [max(site.species, key=lambda element: site.species[element]).Z for site in structure]       # elements may share a place
            lattice, _, _ = spglib.find_primitive((structure.lattice.matrix, structure.frac_coords, most), symprec=0.01)
            reduced.append(Lattice(lattice).get_niggli_reduced_lattice())
    except (ValueError, TypeError):
        return False
    a, b = reduced
    return abs(a.volume / b.volume - 1) < 0.08 and a.find_mapping(b, 0.05, 3) is not None


def types_without(arguments, work, formulas):
    """Words of the command: a table of structure types without those formulas."""
    if arguments.types == "none":
        return ["--types", "none"]
    (work / "without.txt").write_text("\n".join(formulas) + "\n")
    script = pathlib.Path(__file__).parent / "structure-types.py"
    subprocess.run([sys.executable, script, arguments.types, work / "types.tsv", "--without", work / "without.txt"], check=True, capture_output=True)
    return ["--types", str(work / "types.tsv")]


def formula_of(cif):
    """Of all atoms that a truth lists."""
    counts = {}
    for words in (line.split() for line in cif.read_text().splitlines()):
        if len(words) == 6 and words[1].isalpha() and not words[0].startswith("_"):
            counts[words[1]] = counts.get(words[1], 0) + 1
    return "".join(f"{symbol}{count}" for symbol, count in counts.items())


def solve(arguments, name, words, number, cif):
    work = arguments.output / name
    folder = work / "result"
    work.mkdir(parents=True, exist_ok=True)
    known = [formula_of(cif)] if cif is not None and arguments.kind != "measured" else []
    remembered = types_without(arguments, work, [words[2], *known])
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.time()
    code, out, err = run([arguments.wyckoff, "solve", *words, "--json", "-o", str(folder), "--time-limit", str(arguments.limit), *remembered, *arguments.options.split()], 4 * arguments.limit + 120)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    row = {"name": name, "formula": words[2], "system": system_of(number[0] if isinstance(number, list) else number) if number else "", "published": number, "exit": code,
           "seconds": round(time.time() - began, 1), "cpu": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1)}
    (work / "progress.txt").write_text(err)
    (work / "types.tsv").unlink(missing_ok=True)
    if code in (0, 1) and out:
        best = json.loads(out).get("best")
        if best:
            row.update(group=best["spaceGroup"]["number"], rwp=best["rwp"], gof=best["gof"], volume=best["volume"],
                       failed=[clause["name"] for clause in best["proof"]["clauses"] if clause["outcome"] != "holds"])
            if cif is not None:
                scale = [] if arguments.kind == "measured" else ["--fixed-scale"]
                match, _, _ = run([arguments.wyckoff, "match", str(folder / "solved.cif"), str(cif), "--json", *scale])
                row["matched"] = match == 0
                if arguments.kind != "measured":
                    row["cell"] = row["matched"] or same_cell(folder / "solved.cif", cif)
    elif code is None or err:
        row["error"] = (err.strip().splitlines() or [""])[-1][:120]
    row["right"] = is_group(row.get("group"), number) and row.get("matched", True) and arguments.wrong != "formula"
    row["stage"] = stage(row)
    return row


def stage(row):
    if row["right"]:
        return "solved" if row["exit"] == 0 else "proof"
    if "group" not in row:
        return "nothing"
    if not row.get("cell", True):
        return "cell"
    return "atoms" if is_group(row["group"], row["published"]) else "group"


def table(rows):
    for row in sorted(rows, key=lambda row: row["name"]):
        verdict = {0: "right" if row["right"] else "WRONG", 1: "not proven, " + ("right" if row["right"] else "wrong") + ": " + ", ".join(row.get("failed", []))}
        matched = {True: "yes", False: "no", None: "-"}[row.get("matched")]
        rwp = f"{100 * row['rwp']:.1f}" if row.get("rwp") is not None else "-"
        print(f"{row['name'][:30]:30} {str(row['published'][0] if isinstance(row['published'], list) else row['published'] or '-'):>5} {row.get('group') or '-':>5} {matched:>4} {str(row['exit']):>5} {rwp:>6} {row['seconds']:7.1f} {row.get('cpu', 0):7.1f} "
              f"{row.get('stage', ''):8} " + verdict.get(row["exit"], row.get("error", "")))
    for system in [name for _, name in SYSTEMS] + ["all"]:
        part = [row for row in rows if system in ("all", row["system"])]
        if not part:
            continue
        times = sorted(row["seconds"] for row in part)
        solved = [row for row in part if row["exit"] == 0]
        stages = {name: sum(row.get("stage") == name for row in part) for name in ("nothing", "cell", "group", "atoms", "proof")}
        print(f"{system:12} {len(part):3} samples: {sum(row['right'] for row in part)} right (group and structure), {sum(bool(row.get('matched')) for row in part)} matched; "
              f"{len(solved)} proclaimed, of these {sum(not row['right'] for row in solved)} wrong; lost at " + ", ".join(f"{n} {s}" for s, n in stages.items())
              + f"; median {times[len(times) // 2]:.1f} s")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wyckoff")
    parser.add_argument("kind", choices=["measured", "patterns", "structures"])
    parser.add_argument("inputs", nargs="+", type=pathlib.Path)
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--limit", type=float, default=120)
    parser.add_argument("--count", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--half", choices=["dev", "test", "all"], default="test")
    parser.add_argument("--system", default="")
    parser.add_argument("--coordinates", default="", help="LOW:HIGH, how many are free; of structures")
    parser.add_argument("--only", default="")
    parser.add_argument("--wrong", choices=["", "formula", "phase"], default="")
    parser.add_argument("--types", default="none", help="none, or a set of structures")
    parser.add_argument("--options", default="", help="further words for solve")
    arguments = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    if arguments.kind != "measured":
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    arguments.output.mkdir(parents=True, exist_ok=True)
    store = arguments.output / "results.jsonl"
    rows = [json.loads(line) for line in store.read_text().splitlines()] if store.exists() else []
    done = {row["name"] for row in rows}
    for name, words, number, cif in {"measured": measured, "patterns": patterns, "structures": structures}[arguments.kind](arguments):
        if name in done or (arguments.only and not any(word in name for word in arguments.only.split(","))):
            continue
        row = solve(arguments, name, words, number, cif)
        rows.append(row)
        with store.open("a") as file:
            file.write(json.dumps(row) + "\n")
        print(f"{name}: exit {row['exit']}, {row['stage']}, {row['seconds']} s", file=sys.stderr, flush=True)
    table(rows)


if __name__ == "__main__":
    sys.exit(main())
