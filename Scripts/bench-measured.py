#!/usr/bin/env python3
"""Recovers structures from measured patterns, knowing cell, crystal family and composition alone.

    Scripts/bench-measured.py WYCKOFF FOLDER OUTPUT [--only NAME,...] [--limit SECONDS] [--seed N]

FOLDER holds a folder for each sample: pattern.xy or pattern.xye, truth.json (composition, cell, space_group, wavelength,
radiation) and, where the atoms are known, truth.cif. The start is the true cell with the composition's atoms at random
places; Z follows from truth.cif, else from the table below (published values). Each recovery is one JSON line of
OUTPUT/results.jsonl, so that a run that was stopped goes on; a table is printed in the end.

A verdict is wrong where the program says "proven" (exit status 0) and the group or the structure is not the published one.
"""
import argparse
import json
import pathlib
import random
import re
import subprocess
import sys
import time

# Formula units in the cell where no file with atoms is at hand.
FORMULA_UNITS = {
    "crystalyze_LuOF": 2, "crystalyze_NaCu2P2": 2, "lab_HoB2": 1, "lab_NaCoO2": 2, "n_Cr2WO6_150K": 2,
    "n_LBCO": 1, "n_garnet_YFeAl": 8, "xred_LiTMO3": 3, "rruff_R040036_baryte": 4, "rruff_R050044_crocoite": 4, "rruff_R050327_wittichenite": 4,
    "rruff_R050365_gratonite": 3, "rruff_R050449_andalusite": 4, "rruff_R050561_andalusite": 4,
    "rruff_R070177_berthierite": 4, "s_MnSb": 2, "s_jadarite_11BM": 4,
}
# Elements that share a position are one element here: the program fills positions with one element each. The shares are
# not what is tried; HoNdV2O8 holds two rare earths on one position that no ordered start can fill.
ORDERED = {
    "lab_NaCoO2": "NaCoO2", "n_LBCO": "LaCoO3", "xred_LiTMO3": "LiCoO2", "s_MnSb": "MnSb", "crystalyze_HoNdV2O8": "HoVO4",
    "n_garnet_YFeAl": "Y3Al5O12",
}
FORMULA_UNITS["crystalyze_HoNdV2O8"] = 4
# What the folder states and later work does not: Zachariasen's I2(1)3 of bixbyite (1928) became Ia-3 with Pauling & Shappell
# (Z. Kristallogr. 75 (1930) 128); its file of atoms is the superseded one, so the group alone is compared.
SUPERSEDED = {"xred_Mn2O3": 206}
FAMILIES = [(2, "triclinic"), (15, "monoclinic"), (74, "orthorhombic"), (142, "tetragonal"), (194, "hexagonal"), (230, "cubic")]


def composition(text):
    """Element symbols with their numbers; one level of brackets."""
    bracket = re.compile(r"\(([^()]*)\)(\d*)")
    while bracket.search(text):
        text = bracket.sub(lambda m: m.group(1) * int(m.group(2) or 1), text)
    counts = {}
    for symbol, number in re.findall(r"([A-Z][a-z]?)(\d*\.?\d*)", text):
        counts[symbol] = counts.get(symbol, 0) + float(number or 1)
    return counts


def run(command, limit=None):
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=False)
        return done.returncode, done.stdout, done.stderr
    except subprocess.TimeoutExpired:
        return None, "", f"stopped after {limit} s"


def group_number(wyckoff, symbol):
    symbol = symbol.split(":")[0].strip()
    code, out, err = run([wyckoff, "spacegroup", symbol, "--json"])
    if code != 0:
        raise SystemExit(f"{symbol}: {err}")
    found = json.loads(out)
    return found.get("number") or found["spaceGroup"]["number"]


def start(arguments, folder, truth):
    """POSCAR of the true cell with its atoms at random."""
    counts = composition(ORDERED.get(folder.name, truth["composition"]))
    cell = truth["cell"]
    from math import cos, radians, sin, sqrt
    a, b, c = cell[:3]
    al, be, ga = (radians(x) for x in cell[3:])
    cx = cos(be)
    cy = (cos(al) - cos(be) * cos(ga)) / sin(ga)
    rows = [(a, 0, 0), (b * cos(ga), b * sin(ga), 0), (c * cx, c * cy, c * sqrt(max(0, 1 - cx * cx - cy * cy)))]
    z = FORMULA_UNITS.get(folder.name) or published_units(arguments, folder, truth, rows[0][0] * rows[1][1] * rows[2][2])
    draw = random.Random(f"{folder.name} {arguments.seed}")
    lines = [folder.name, "1.0"] + [" ".join(f"{x:.6f}" for x in row) for row in rows]
    lines += [" ".join(counts), " ".join(str(round(n * z)) for n in counts.values()), "Direct"]
    for n in counts.values():
        lines += [" ".join(f"{draw.random():.6f}" for _ in range(3)) for _ in range(round(n * z))]
    return "\n".join(lines) + "\n"


def published_units(arguments, folder, truth, volume):
    """Of the file with atoms, in proportion to the volumes: its cell may be another one."""
    poscar = arguments.output / folder.name / "truth.vasp"
    code, _, err = run([arguments.wyckoff, "convert", str(folder / "truth.cif"), str(poscar)])
    if code != 0:
        raise SystemExit(f"{folder.name}: {err.strip()}; add its Z to FORMULA_UNITS")
    lines = poscar.read_text().splitlines()
    r = [[float(x) for x in line.split()] for line in lines[2:5]]
    whole = abs(r[0][0] * (r[1][1] * r[2][2] - r[1][2] * r[2][1]) - r[0][1] * (r[1][0] * r[2][2] - r[1][2] * r[2][0])
                + r[0][2] * (r[1][0] * r[2][1] - r[1][1] * r[2][0]))
    atoms = sum(int(n) for n in lines[6].split())
    per_unit = sum(composition(truth["composition"]).values())
    return max(1, round(atoms / per_unit * volume / whole))


def recover(arguments, folder):
    truth = json.loads((folder / "truth.json").read_text())
    work = arguments.output / folder.name
    work.mkdir(parents=True, exist_ok=True)
    (work / "start.vasp").write_text(start(arguments, folder, truth))
    number = SUPERSEDED.get(folder.name) or group_number(arguments.wyckoff, truth["space_group"])
    family = next(name for last, name in FAMILIES if number <= last)
    pattern = next(folder.glob("pattern.*"))
    neutron = truth["radiation"].lower().startswith("neutron")
    wavelength = truth["wavelength"]
    command = [arguments.wyckoff, "recover", "--pattern", str(pattern), "--start", str(work / "start.vasp"), "--family", family,
               "--seed", str(arguments.seed), "-o", str(work / "result"), "--json"]
    command += ["--wavelength", "CuKa" if wavelength == 1.5418 and not neutron else str(wavelength)]
    if neutron:
        command += ["--radiation", "neutron"]
    began = time.time()
    code, out, err = run(command, arguments.limit)
    (work / "progress.txt").write_text(err)
    row = {"name": folder.name, "published": number, "family": family, "exit": code, "seconds": round(time.time() - began, 1)}
    lines = err.strip().splitlines()
    if code in (0, 1) and out:
        summary = json.loads(out)
        row.update(group=summary["spaceGroup"]["number"], rwp=summary["rwp"], gof=summary["gof"], rBragg=summary["rBragg"],
                   rwpNet=summary["rwpBackgroundSubtracted"], rwpPawley=summary["rwpPawley"],
                   failed=[clause["name"] for clause in summary.get("proof", {}).get("clauses", []) if clause["outcome"] != "holds"])
        if (folder / "truth.cif").exists() and folder.name not in ORDERED and folder.name not in SUPERSEDED:
            match, text, _ = run([arguments.wyckoff, "match", str(work / "result" / "recovered.cif"), str(folder / "truth.cif"), "--json"])
            row["matched"] = match == 0
    else:
        row["error"] = lines[-1] if lines else ""
    if row.get("group") is not None:
        row["right"] = row["group"] == number and row.get("matched", True)
    return row


def table(rows):
    print(f"{'sample':28} {'published':>9} {'found':>5} {'match':>5} {'exit':>4} {'Rwp/%':>6} {'GoF':>6} {'R_B/%':>6} {'free/%':>6} {'s':>6}  verdict")
    for row in sorted(rows, key=lambda row: row["name"]):
        percent = lambda key: f"{100 * row[key]:.1f}" if row.get(key) is not None else "-"
        verdict = "-"
        if row["exit"] == 0:
            verdict = "right" if row.get("right") else "WRONG"
        elif row["exit"] == 1:
            verdict = "not proven, " + ("right" if row.get("right") else "wrong") + ": " + ", ".join(row.get("failed", []))
        else:
            verdict = row.get("error", "")[:100]
        gof = f"{row['gof']:.2f}" if row.get("gof") is not None else "-"
        matched = {True: "yes", False: "no", None: "-"}[row.get("matched")]
        print(f"{row['name']:28} {row['published']:9} {row.get('group', '-'):>5} {matched:>5} {str(row['exit']):>4} {percent('rwp'):>6} "
              f"{gof:>6} {percent('rBragg'):>6} {percent('rwpPawley'):>6} {row['seconds']:6.0f}  {verdict}")
    proven = [row for row in rows if row["exit"] == 0]
    right = [row for row in proven if row.get("right")]
    print(f"{len(rows)} samples; {len(proven)} proclaimed proven, of these {len(proven) - len(right)} wrong; "
          f"{sum(1 for row in rows if row.get('right'))} right in all")
    return len(proven) - len(right)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wyckoff")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--limit", type=float, default=300)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    store = arguments.output / "results.jsonl"
    rows = [json.loads(line) for line in store.read_text().splitlines()] if store.exists() else []
    done = {row["name"] for row in rows}
    for folder in sorted(path.parent for path in arguments.folder.glob("*/truth.json")):
        if folder.name in done or (arguments.only and not any(name in folder.name for name in arguments.only.split(","))):
            continue
        row = recover(arguments, folder)
        rows.append(row)
        with store.open("a") as file:
            file.write(json.dumps(row) + "\n")
        print(f"{folder.name}: exit {row['exit']}, {row['seconds']} s", file=sys.stderr, flush=True)
    return 1 if table(rows) else 0


if __name__ == "__main__":
    sys.exit(main())
