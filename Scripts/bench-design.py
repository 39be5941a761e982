#!/usr/bin/env python3
"""The study of designs in Docs/Designing-crystals.md: methods side by side, five seeds each, resumable.

  Scripts/bench-design.py WYCKOFF OUTPUT [PART ...]     runs what OUTPUT does not hold yet, one thread
  Scripts/bench-design.py --tables OUTPUT               prints the tables of what is there

PART: cubic, free (five-atom perovskites in cubic orbits and on free sites), large (3x3x3 perovskites of 135 atoms),
templates (eight structures of 4 to 10 atoms, drawn from a set of records: --set FILE.jsonl.gz), adversarial, judged (every success asked
again where CHGNet's energy is least), tc (a model of Scripts/train-tc on twelve of its test crystals: --tc); all that can be run if none is given.
--seeds 5 and --large-baselines 1 say how many seeds; a run is one file OUTPUT/PART/TASK/ARM-SEED.json.
"""
import argparse
import collections
import csv
import glob
import gzip
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

COMMON = ["--formation-energy", "<-0.5", "--tolerance-factor", "0.8:1.0"]
# The tasks beside the gaps, as Scripts/bench-relaxed asks them of every composition.
JUDGED = {
    "gap 4.5": ["--gap", "4.5±0.2"],
    "gap 2.5, bulk 120": ["--gap", "2.5±0.5", "--bulk-modulus", "120±10"],
    "gap 2.5, bulk 160": ["--gap", "2.5±0.5", "--bulk-modulus", "160±10"],
    "gap 2.5, bulk 200": ["--gap", "2.5±0.5", "--bulk-modulus", "200±10"],
    "half-metals": ["--target", "metal>0.8", "--magnetic-moment", ">2"],
    "five": ["--gap", "2:4", "--bulk-modulus", "20:100", "--shear-modulus", "10:60", "--target", "poisson-ratio=0.2:0.35"],
}


def runs(args):
    """(part, task, arm, seed, arguments of the command), in the order of their use."""
    seeds = range(1, args.seeds + 1)
    perovskite = ["--template", "perovskite"]
    for part, orbits in [("cubic", []), ("free", ["--orbits", "free"])]:
        for gap in ["0.5", "2.5"]:
            task = perovskite + orbits + ["--gap", gap + "±0.2"] + COMMON
            for seed in seeds:
                yield part, gap, "gradient", seed, task + ["--method", "gradient"]
            yield part, gap, "exhaustive", 1, task + ["--method", "exhaustive"]
            for seed in seeds:
                yield part, gap, "gradient4", seed, task + [
                    "--method", "gradient", "--candidates", "9000", "--budget", "614400"]
        for seed in seeds:
            for gap in ["0.5", "2.5"]:
                task = perovskite + orbits + ["--gap", gap + "±0.2"] + COMMON
                for arm in ["smoacs", "random", "tpe"]:
                    yield part, gap, arm, seed, task + ["--method", arm]
    for seed in seeds:
        for gap in ["4.0", "5.0"]:
            task = perovskite + ["--supercell", "3x3x3", "--candidates", "128", "--gap", gap + "±0.2"] + COMMON
            yield "large", gap, "gradient", seed, task + ["--method", "gradient"]
    for seed in seeds:
        for gap in ["4.0", "5.0"]:
            task = perovskite + ["--supercell", "3x3x3", "--candidates", "128", "--gap", gap + "±0.2"] + COMMON
            yield "large", gap, "tiled", seed, task + ["--method", "tiled"]
    for seed in range(1, args.large_baselines + 1):
        for gap in ["4.0", "5.0"]:
            task = perovskite + ["--supercell", "3x3x3", "--candidates", "128", "--gap", gap + "±0.2"] + COMMON
            for arm in ["random", "smoacs", "tpe"]:
                yield "large", gap, arm, seed, task + ["--method", arm]
    for seed in seeds:
        for gap in ["0.5", "2.5", "4.0", "5.0"]:
            for arm in ["gradient", "random", "tpe", "smoacs"]:
                yield "judged", gap, arm, seed, perovskite + ["--gap", gap + "±0.2"] + COMMON + [
                    "--candidates", "64", "--judge", "relax", "--method", arm]
    for seed in seeds:
        for task, options in JUDGED.items():
            for arm in ["gradient", "random", "tpe", "smoacs"]:
                yield "judged", task, arm, seed, perovskite + options + COMMON + [
                    "--candidates", "64", "--judge", "relax", "--method", arm]
    tasks = {"gap %s" % gap: ["--gap", gap + "±0.2"] for gap in ["3.5", "4.0", "4.5", "5.0"]}
    tasks |= {"gap 2.5, bulk %s" % bulk: ["--gap", "2.5±0.5", "--bulk-modulus", bulk + "±10"]
              for bulk in ["120", "160", "200"]}
    tasks |= {"gap 2.5, shear %s" % shear: ["--gap", "2.5±0.5", "--shear-modulus", shear + "±10"]
              for shear in ["60", "100"]}
    files = templates(args)
    for seed in seeds:
        for task, options in tasks.items():
            for arm in ["gradient", "random", "smoacs", "tpe"]:
                for file in files:
                    name = os.path.splitext(os.path.basename(file))[0]
                    yield "templates", task, arm + "@" + name, seed, [
                        "--template", file, "--orbits", "free", "--candidates", "32", "--formation-energy", "<-0.5",
                        "--method", arm] + options
    for seed in seeds:
        for least in ["3", "5", "10", "15"]:
            for arm in ["gradient", "random"]:
                for file in superconductors(args):
                    name = os.path.splitext(os.path.basename(file))[0]
                    yield "tc", "Tc above " + least, arm + "@" + name, seed, [
                        "--template", file, "--orbits", "free", "--candidates", "16", "--neutrality", "off", "--formation-energy", "<0",
                        "--predictor", "Tc=" + args.tc[0], "--target", "Tc>" + least, "--judge", "relax", "--method", arm]
    bonds = ["--bond-valence", "0.5", "--displacement", "0.05"]
    terms = {"none": [], "all": ["--tau", "4.18", *bonds], "tau": ["--tau", "4.18"], "bonds": bonds,
             "ionic": ["--ionic-window", "0.05"]}
    for seed in seeds:
        for orbits, options in [("free", ["--orbits", "free"]), ("cubic", [])]:
            for gap in ["0.5", "2.5"]:
                for term, chosen in terms.items():
                    yield "adversarial", orbits + " " + gap, term, seed, perovskite + options + [
                        "--gap", gap + "±0.2"] + COMMON + ["--candidates", "64", "--judge", "relax"] + chosen


def superconductors(args):
    """CIFs of twelve crystals, drawn (seed 1) from those that the model of Tc was tested on."""
    if not args.tc:
        return []
    folder = os.path.join(args.output, "superconductors")
    if not os.path.isdir(folder):
        csv.field_size_limit(10**8)
        with gzip.open(args.tc[1], "rt") as file:
            rows = sorted(csv.DictReader(file), key=lambda row: row["material_id"])
        os.makedirs(folder)
        for row in random.Random(1).sample(rows, 12):
            with open(os.path.join(folder, row["formula"].replace(" ", "") + "-" + row["material_id"] + ".cif"), "w") as file:
                file.write(row["cif"])
    return sorted(glob.glob(os.path.join(folder, "*.cif")))


def templates(args):
    """P1 CIFs of eight structures with a calculated gap, 4 to 10 atoms in the conventional cell, 2 to 4 elements.

    Twelve are drawn; the first eight whose elements all have an oxidation state in Data/tables/ions.tsv are taken.
    """
    if not args.set:
        return []
    folder = os.path.join(args.output, "templates")
    if not os.path.isdir(folder):
        import spglib

        with gzip.open(args.set, "rt") as file:
            entries = {entry["id"]: entry for entry in map(json.loads, file)}
        fit = [entry for _, entry in sorted(entries.items())
               if 4 <= sum(orbit[2] for orbit in entry["orbits"]) <= 10 and (entry["gap"] or 0) > 1
               and 2 <= len({orbit[0] for orbit in entry["orbits"]}) <= 4 and entry["sg"] > 2]
        table = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Data", "tables", "ions.tsv")
        with open(table) as file:
            known = {line.split("\t")[0] for line in file if not line.startswith("#")}
        drawn = [entry for entry in random.Random(1).sample(fit, 12) if {orbit[0] for orbit in entry["orbits"]} <= known]
        os.makedirs(folder)
        for entry in drawn[:8]:
            found = spglib.get_symmetry_from_database(entry["hall"])
            keys = ("length_a", "length_b", "length_c", "angle_alpha", "angle_beta", "angle_gamma")
            lines = ["data_" + entry["id"]] + [f"_cell_{key} {value}" for key, value in zip(keys, entry["cell"])]
            lines += ["loop_", "_atom_site_label", "_atom_site_type_symbol", "_atom_site_fract_x",
                      "_atom_site_fract_y", "_atom_site_fract_z"]
            count = 0
            for element, _, _, *place in entry["orbits"]:
                seen = []
                for rotation, shift in zip(found["rotations"], found["translations"]):
                    image = [(sum(r * x for r, x in zip(row, place)) + t) % 1 for row, t in zip(rotation, shift)]
                    if all(max(abs((a - b + 0.5) % 1 - 0.5) for a, b in zip(image, other)) > 1e-3 for other in seen):
                        seen.append(image)
                        count += 1
                        lines.append(f"{element}{count} {element} " + " ".join(f"{x:.6f}" for x in image))
            with open(os.path.join(folder, entry["id"] + ".cif"), "w") as file:
                file.write("\n".join(lines) + "\n")
    return sorted(glob.glob(os.path.join(folder, "*.cif")))


def run(args, part, task, arm, seed, options):
    place = os.path.join(args.output, part, task.replace(" ", "_").replace(",", ""), f"{arm}-{seed}.json")
    if os.path.exists(place):
        return
    if "--judge" not in options:
        options = options + ["--judge", "none"]
    folder = tempfile.mkdtemp(prefix="design-")
    try:
        # The published setting: the search's own geometry, states and gate.
        options = [*options, "--geometry", "free", "--states", "published"]
        command = [args.wyckoff, "design", *options, "--seed", str(seed), "--jobs", "1", "--quiet", "--json", "-o", folder]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode not in (0, 1):
            print("bench-design:", " ".join(options), done.stderr.strip(), file=sys.stderr)
            return
        with open(os.path.join(folder, "candidates.csv")) as file:
            rows = list(csv.DictReader(file))
        keep = {
            "command": ["wyckoff", "design", *options, "--seed", str(seed)],
            "summary": json.loads(done.stdout.strip().splitlines()[-1]),
            # Which element stands in which state tells the sites apart, the formula how many there are.
            "compositions": sorted({
                " ".join(sorted(row["oxidationStates"].split())) + " " + row["formula"]
                for row in rows if row["success"] == "true"}),
            "primitive": sorted(collections.Counter(
                row["primitiveAtoms"] for row in rows if row["success"] == "true").items()),
        }
        judged = [row for row in rows if row["success"] == "true" and row["judgeFormationEnergy"]]
        if judged:
            keep["judge"] = {
                "count": len(judged),
                "successes": sum(row["success"] == "true" for row in rows),
                "energy": sum(float(row["judgeFormationEnergy"]) < -0.5 for row in judged),
                "relaxed": sum(float(row["judgeRelaxedFormationEnergy"]) < -0.5 for row in judged),
                "force": sum(float(row["judgeForce"]) < 0.05 for row in judged),
                "shift": sum(float(row["judgeShift"]) < 0.15 for row in judged),
                "stable": sum(row["judgeStable"] == "true" for row in judged),
                # Held in place by symmetry: the relaxation from there tests the cell alone.
                "still": sum(float(row["judgeShift"]) < 1e-3 for row in judged),
                "stableMoving": sum(
                    row["judgeStable"] == "true" and float(row["judgeShift"]) >= 1e-3 for row in judged),
            }
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place + ".part", "w") as file:
            json.dump(keep, file)
        os.replace(place + ".part", place)
        s = keep["summary"]
        print(f"{part} {task} {arm} {seed}: success {s['success']:.3f} unique {s['unique']:.3f} "
              f"compositions {s['feasibleCompositions']} calls {s['calls']} in {s['seconds']:.0f} s", flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def spread(values):
    """Mean and standard deviation over the seeds."""
    values = list(values)
    if not values:
        return "–"
    mean = statistics.fmean(values)
    return f"{mean:.3f}" if len(values) < 2 else f"{mean:.3f} ± {statistics.stdev(values):.3f}"


def tables(output):
    stored = collections.defaultdict(dict)
    for place in glob.glob(os.path.join(output, "*", "*", "*.json")):
        part, task, name = place.split(os.sep)[-3:]
        arm, seed = re.fullmatch(r"(.*)-(\d+)\.json", name).groups()
        with open(place) as file:
            stored[part, task, arm.split("@")[0]][arm, int(seed)] = json.load(file)
    order = ["smoacs", "tpe", "random", "tiled", "gradient", "gradient4", "exhaustive", "none", "ionic", "bonds", "tau", "all"]
    rank = lambda key: (key[0], key[1], order.index(key[2]) if key[2] in order else 99)
    for part in ["cubic", "free", "large", "templates"]:
        keys = sorted((key for key in stored if key[0] == part), key=rank)
        if not keys:
            continue
        print(f"\n### {part}\n\n| task | arm | runs | SC | A | B | C | D | E | unique | of the feasible set | calls |")
        print("|" + "---|" * 12)
        for key in keys:
            runs = list(stored[key].values())
            known = stored.get((key[0], key[1], "exhaustive"), {})
            feasible = set().union(*(set(run["compositions"]) for run in known.values())) if known else set()
            share = spread(len(feasible & set(run["compositions"])) / len(feasible) for run in runs) if feasible else "–"
            column = lambda name: spread(run["summary"][name] for run in runs)
            cells = [key[1], key[2], str(len(runs)), column("success")]
            cells += [f"{statistics.fmean(run['summary'][n] for run in runs):.2f}"
                      for n in ["properties", "stable", "tolerance", "neutral", "template"]]
            if key[2] in ("exhaustive", "gradient4"):
                cells[3:9] = ["–"] * 6
                cells += [str(round(statistics.fmean(len(run["compositions"]) for run in runs))) + " compositions"]
            else:
                cells += [column("unique")]
            cells += [share, f"{statistics.fmean(run['summary']['calls'] for run in runs):,.0f}"]
            print("| " + " | ".join(cells) + " |")
    for part in ["judged", "tc"]:
        keys = sorted((key for key in stored if key[0] == part), key=rank)
        if not keys:
            continue
        print(f"\n### {part}\n\n| gap | arm | runs | as proposed | relaxed | … in every order | … near the hull | distinct |")
        print("|" + "---|" * 8)
        for key in keys:
            names = ["success", "successRelaxed", "successInEveryOrder", "successStable", "unique"]
            cells = [key[1], key[2], str(len(stored[key]))]
            cells += [spread(run["summary"][name] or 0 for run in stored[key].values()) for name in names]
            print("| " + " | ".join(cells) + " |")
    keys = sorted((key for key in stored if key[0] == "adversarial"), key=rank)
    if keys:
        print("\n### adversarial\n\n| task | term | runs | SC | energy as proposed | energy relaxed | forces | moved "
              "| stable | at rest | stable of the others | unique | calls |")
        print("|" + "---|" * 13)
        for key in keys:
            runs = [run for run in stored[key].values() if "judge" in run]
            if not runs:
                continue
            part = lambda name: spread(run["judge"][name] / run["judge"]["successes"] for run in runs)
            print("| " + " | ".join(
                [key[1].replace("_", " "), key[2], str(len(runs)), spread(run["summary"]["success"] for run in runs),
                 part("energy"), part("relaxed"), part("force"), part("shift"), part("stable"),
                 spread(run["judge"]["still"] / run["judge"]["successes"] for run in runs if "still" in run["judge"]),
                 spread(run["judge"]["stableMoving"] / (run["judge"]["count"] - run["judge"]["still"]) for run in runs
                        if "still" in run["judge"] and run["judge"]["still"] < run["judge"]["count"]),
                 spread(run["summary"]["unique"] for run in runs),
                 f"{statistics.fmean(run['summary']['calls'] for run in runs):,.0f}"]) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tables", metavar="OUTPUT")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--large-baselines", type=int, default=1)
    parser.add_argument("--arms", metavar="A,B", help="only these arms")
    parser.add_argument("--tasks", metavar="A;B", help="only these tasks: 'gap 4.5;five'")
    parser.add_argument("--set", metavar="FILE")
    parser.add_argument("--tc", nargs=2, metavar=("CHECKPOINT", "TEST.csv.gz"), help="of Scripts/train-tc and of its data, for tc")
    parser.add_argument("wyckoff", nargs="?")
    parser.add_argument("output", nargs="?")
    parser.add_argument("parts", nargs="*")
    args = parser.parse_args()
    if args.tables:
        return tables(args.tables)
    if not args.output:
        parser.error("give the command and a folder for the results")
    parts = args.parts or ["cubic", "free", "large", "templates", "adversarial", "judged", "tc"]
    for part, task, arm, seed, options in runs(args):
        isAsked = (not args.arms or arm.split("@")[0] in args.arms.split(",")) and (not args.tasks or task in args.tasks.split(";"))
        if part in parts and isAsked:
            run(args, part, task, arm, seed, options)
    tables(args.output)


main()
