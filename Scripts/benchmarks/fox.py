"""PbSO4 from its measured pattern with all atoms at random places: FOX and wyckoff in turn (Scripts/bench fox).

    fox.py WYCKOFF [--seeds 5] [--trials 1e5] [--peer /usr/bin/python3]
FOX (pyobjcryst: apt-get install python3-pyobjcryst) is given the published cell, the group and six free atoms; wyckoff a start
with the published cell and every atom displaced by a normal deviate of half an axis, once with the occupied positions, once
with the group alone. Told for each: the largest distance of a published atom to the nearest one found of its element, over
origins and inversion, and the seconds. Exit status 1 where wyckoff misses 0.3 Å.
"""
import argparse
import itertools
import json
import pathlib
import subprocess
import sys
import tempfile
import time

root = pathlib.Path(__file__).resolve().parents[2]
PATTERN = root / "Data/patterns/pbso4-x.dat"
PUBLISHED = root / "Data/structures/pbso4.cif"
AXES = (8.482, 5.398, 6.959)
ATOMS = [("Pb", 0.1882, 0.25, 0.1670), ("S", 0.0630, 0.25, 0.6860), ("O", -0.0950, 0.25, 0.6000),
         ("O", 0.1810, 0.25, 0.5430), ("O", 0.0850, 0.0260, 0.8060)]
PNMA = [lambda x, y, z: (x, y, z), lambda x, y, z: (0.5 - x, -y, z + 0.5), lambda x, y, z: (-x, y + 0.5, -z),
        lambda x, y, z: (x + 0.5, 0.5 - y, 0.5 - z)]


def farthest(found):
    """The largest distance, Å, of a published atom to the nearest found one of its element; least over eight origins."""
    images = {}
    for element, *point in found:
        images.setdefault(element, []).extend(
            tuple(sign * c for c in operation(*point)) for operation in PNMA for sign in (1, -1))
    best = float("inf")
    for shift in itertools.product((0, 0.5), repeat=3):
        worst = 0.0
        for element, *point in ATOMS:
            nearest = min((sum(((d - round(d)) * a) ** 2 for d, a in zip(
                (i + s - p for i, s, p in zip(image, shift, point)), AXES)) for image in images.get(element, [])),
                default=float("inf"))
            worst = max(worst, nearest ** 0.5)
        best = min(best, worst)
    return best


def cif_atoms(path):
    """Element and coordinates of the asymmetric unit of a CIF that wyckoff wrote."""
    lines = path.read_text().splitlines()
    start = next(i for i, line in enumerate(lines) if line.strip() == "_atom_site_label")
    names = []
    while lines[start + len(names)].strip().startswith("_"):
        names.append(lines[start + len(names)].strip())
    columns = [names.index(f"_atom_site_{n}") for n in ("type_symbol", "fract_x", "fract_y", "fract_z")]
    atoms = []
    for line in lines[start + len(names):]:
        fields = line.split()
        if len(fields) < len(names):
            break
        element, *point = (fields[c] for c in columns)
        atoms.append(("".join(c for c in element if c.isalpha()), *(float(v.split("(")[0]) for v in point)))
    return atoms


def wyckoff(command, seed, knowledge, folder):
    start, output = folder / f"start-{seed}.cif", folder / f"result-{seed}"
    subprocess.run([command, "distort", PUBLISHED, "--coordinates", "0.5", "--seed", str(seed), "-o", start],
                   check=True, capture_output=True)
    begin = time.perf_counter()
    subprocess.run([command, "recover", "--pattern", PATTERN, "--start", start, *knowledge, "--wavelength", "CuKa", "--range",
                    "15:120", "--seed", str(seed), "--quiet", "-o", output], capture_output=True)
    seconds = time.perf_counter() - begin
    summary = json.loads((output / "summary.json").read_text())
    return farthest(cif_atoms(output / "recovered.cif")), summary["rwp"], seconds


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("wyckoff")
parser.add_argument("--seeds", type=int, default=5)
parser.add_argument("--trials", type=float, default=1e5)
parser.add_argument("--peer", default="/usr/bin/python3", help="the Python that has pyobjcryst")
arguments = parser.parse_args()
print(f"{'seed':>4} | {'FOX: worst/A':>12} {'Rw/%':>6} {'CPU s':>6} | {'positions: worst/A':>18} {'Rwp/%':>6} {'s':>5} | "
      f"{'group: worst/A':>14} {'Rwp/%':>6} {'s':>5}")
solved = [0, 0, 0]
with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    for seed in range(1, arguments.seeds + 1):
        peer = subprocess.run([arguments.peer, pathlib.Path(__file__).parent / "peers/fox_solve.py", PATTERN, str(seed),
                               str(arguments.trials)], capture_output=True, text=True)
        cells, worst = ["-"] * 3, float("inf")
        for line in peer.stdout.splitlines():
            if line.startswith("{"):
                fox = json.loads(line)
                worst = farthest(fox["atoms"])
                cells = [f"{worst:.2f}", f"{100 * fox['rw']:.2f}", f"{fox['seconds']:.1f}"]
        runs = [wyckoff(arguments.wyckoff, seed, ["--symmetry-from", str(PUBLISHED)], folder),
                wyckoff(arguments.wyckoff, seed, ["--space-group", "62"], folder)]
        for index, value in enumerate([worst] + [run[0] for run in runs]):
            solved[index] += value < 0.3
        print(f"{seed:4d} | {cells[0]:>12} {cells[1]:>6} {cells[2]:>6} | {runs[0][0]:18.2f} {100 * runs[0][1]:6.2f} "
              f"{runs[0][2]:5.1f} | {runs[1][0]:14.2f} {100 * runs[1][1]:6.2f} {runs[1][2]:5.1f}", flush=True)
print(f"within 0.3 A: FOX {solved[0]}, positions known {solved[1]}, group known {solved[2]}, of {arguments.seeds}")
sys.exit(0 if solved[1] == arguments.seeds else 1)
