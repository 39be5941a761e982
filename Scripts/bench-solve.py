#!/usr/bin/env python3
"""Solves structures from their composition and a powder pattern alone, and counts what is proven, right and wrong.

    Scripts/bench-solve.py WYCKOFF measured FOLDER OUTPUT [--limit SECONDS] [--only NAME,...]
    Scripts/bench-solve.py WYCKOFF simulated PATTERNS STRUCTURES OUTPUT [--limit SECONDS] [--count N] [--system NAME]

measured: FOLDER holds a folder for each sample: pattern.xy or pattern.xye, truth.json (composition, space_group, wavelength, radiation) and,
where the atoms are known, truth.cif. simulated: PATTERNS is a gzipped JSON-lines file (name, truth: ids, start, step, intensity;
Cu Ka 1.54184), STRUCTURES a gzipped JSON-lines file of structures with id or material_id and cif.
Each solution is one JSON line of OUTPUT/results.jsonl, so that a run that was stopped goes on. Right: the group's number is the
truth's, and `wyckoff match` says that the structures are the same. Wrong: exit 0 without that.
"""
import argparse
import gzip
import json
import pathlib
import re
import subprocess
import sys
import time


def run(command, limit=None):
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=False)
        return done.returncode, done.stdout, done.stderr
    except subprocess.TimeoutExpired:
        return None, "", f"stopped after {limit} s"


def group_number(wyckoff, symbol):
    code, out, _ = run([wyckoff, "spacegroup", symbol.split(":")[0].strip(), "--json"])
    if code != 0:
        return None
    found = json.loads(out)
    return found.get("number") or found["spaceGroup"]["number"]


def measured(arguments):
    for folder in sorted(path.parent for path in arguments.inputs[0].glob("*/truth.json")):
        truth = json.loads((folder / "truth.json").read_text())
        neutron = truth["radiation"].lower().startswith("neutron")
        words = [str(next(folder.glob("pattern.*"))), "--formula", truth["composition"]]
        words += ["--wavelength", "CuKa" if truth["wavelength"] == 1.5418 and not neutron else str(truth["wavelength"])]
        if neutron:
            words += ["--radiation", "neutron"]
        cif = folder / "truth.cif"
        yield folder.name, words, group_number(arguments.wyckoff, truth["space_group"]), cif if cif.exists() else None, ""


SYSTEMS = [(2, "triclinic"), (15, "monoclinic"), (74, "orthorhombic"), (142, "tetragonal"), (167, "trigonal"), (194, "hexagonal"), (230, "cubic")]


def simulated(arguments):
    structures = {}
    for file in arguments.inputs[1:]:
        with gzip.open(file, "rt") as lines:
            for line in lines:
                row = json.loads(line)
                structures[str(row.get("id") or row.get("material_id"))] = row
    counts = {}
    with gzip.open(arguments.inputs[0], "rt") as lines:
        for line in lines:
            row = json.loads(line)
            truth = row["truth"] if isinstance(row["truth"], list) else [row["truth"]]
            known = next((structures[str(t)] for t in truth if str(t) in structures), None)
            if known is None or "cif" not in known:
                continue
            number = int(row["name"].split("_")[1])
            system = next(name for last, name in SYSTEMS if number <= last)
            if arguments.system and system != arguments.system:
                continue
            counts[system] = counts.get(system, 0) + 1
            if counts[system] > arguments.count:
                continue
            work = arguments.output / row["name"]
            work.mkdir(parents=True, exist_ok=True)
            (work / "pattern.xy").write_text("".join(f"{row['start'] + k * row['step']:.4f} {y}\n" for k, y in enumerate(row["intensity"])))
            (work / "truth.cif").write_text(known["cif"])
            yield row["name"], [str(work / "pattern.xy"), "--formula", row["name"].split("_")[0], "--wavelength", "1.54184"], number, work / "truth.cif", system


def solve(arguments, name, words, number, cif, system):
    folder = arguments.output / name / "result"
    began = time.time()
    code, out, err = run([arguments.wyckoff, "solve", *words, "--json", "-o", str(folder), "--time-limit", str(arguments.limit)], 3 * arguments.limit + 60)
    row = {"name": name, "system": system, "published": number, "exit": code, "seconds": round(time.time() - began, 1)}
    (arguments.output / name).mkdir(parents=True, exist_ok=True)
    (arguments.output / name / "progress.txt").write_text(err)
    if code in (0, 1) and out:
        best = json.loads(out).get("best")
        if best:
            row.update(group=best["spaceGroup"]["number"], rwp=best["rwp"], gof=best["gof"], volume=best["volume"],
                       failed=[clause["name"] for clause in best["proof"]["clauses"] if clause["outcome"] != "holds"])
            if cif is not None:
                match, _, _ = run([arguments.wyckoff, "match", str(folder / "solved.cif"), str(cif), "--json"])
                row["matched"] = match == 0
    elif code is None or err:
        row["error"] = (err.strip().splitlines() or [""])[-1][:120]
    row["right"] = row.get("group") == number and row.get("matched", True)
    return row


def table(rows):
    for row in sorted(rows, key=lambda row: row["name"]):
        verdict = {0: "right" if row["right"] else "WRONG", 1: "not proven, " + ("right" if row["right"] else "wrong") + ": " + ", ".join(row.get("failed", []))}
        matched = {True: "yes", False: "no", None: "-"}[row.get("matched")]
        rwp = f"{100 * row['rwp']:.1f}" if row.get("rwp") is not None else "-"
        print(f"{row['name']:30} {row['published'] or '-':>5} {row.get('group') or '-':>5} {matched:>4} {str(row['exit']):>5} {rwp:>6} {row['seconds']:7.1f}  "
              + verdict.get(row["exit"], row.get("error", "")))
    times = sorted(row["seconds"] for row in rows)
    solved = [row for row in rows if row["exit"] == 0]
    print(f"{len(rows)} samples: {sum(row['right'] for row in rows)} right (group and structure), {sum(bool(row.get('matched')) for row in rows)} matched; "
          f"{len(solved)} proclaimed, of these {sum(not row['right'] for row in solved)} wrong; median {times[len(times) // 2] if times else 0:.1f} s")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wyckoff")
    parser.add_argument("kind", choices=["measured", "simulated"])
    parser.add_argument("inputs", nargs="+", type=pathlib.Path)
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--limit", type=float, default=120)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--system", default="")
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    store = arguments.output / "results.jsonl"
    rows = [json.loads(line) for line in store.read_text().splitlines()] if store.exists() else []
    done = {row["name"] for row in rows}
    for name, words, number, cif, system in (measured if arguments.kind == "measured" else simulated)(arguments):
        if name in done or (arguments.only and not any(word in name for word in arguments.only.split(","))):
            continue
        row = solve(arguments, name, words, number, cif, system)
        rows.append(row)
        with store.open("a") as file:
            file.write(json.dumps(row) + "\n")
        print(f"{name}: exit {row['exit']}, {'right' if row['right'] else 'not right'}, {row['seconds']} s", file=sys.stderr, flush=True)
    table(rows)


if __name__ == "__main__":
    sys.exit(main())
