#!/usr/bin/env python3
"""How often `wyckoff index` puts the right lattice first.

    Scripts/bench-index.py WYCKOFF measured FOLDER [--no-formula]
    Scripts/bench-index.py WYCKOFF lines FOLDER [--least 5] [--zero 0] [--zero-range 0] [--sigma 0] [--foreign 0] [--formula] [--limit N]
        [--systems orthorhombic,monoclinic,triclinic]

measured: FOLDER holds a folder for each sample: pattern.xy or pattern.xye and truth.json (composition, cell, space_group,
wavelength, radiation). lines: FOLDER holds CIFs; of each the first 20 lines of I >= --least % (Cu Ka1, pymatgen's calculator) are given
as angles, moved by --zero degrees, anything up to --zero-range either way and Gaussian errors of --sigma, with --foreign lines anywhere among
them (seeded). --systems takes these crystal systems only; the last lines count each.
A lattice is right where its reduced primitive cell agrees with the truth's within 5 % and 3 degrees.
Needs the Python packages pymatgen and numpy.
"""
import argparse
import json
import math
import pathlib
import random
import subprocess
import sys
import tempfile
import time
import warnings

from pymatgen.core import Composition, Lattice, Structure

warnings.simplefilter("ignore")
WAVELENGTH = 1.5406
PRIMITIVE = {
    "P": [[1, 0, 0], [0, 1, 0], [0, 0, 1]], "I": [[-.5, .5, .5], [.5, -.5, .5], [.5, .5, -.5]],
    "F": [[0, .5, .5], [.5, 0, .5], [.5, .5, 0]], "C": [[.5, .5, 0], [-.5, .5, 0], [0, 0, 1]],
    "A": [[1, 0, 0], [0, .5, .5], [0, -.5, .5]], "B": [[.5, 0, .5], [0, 1, 0], [-.5, 0, .5]],
    "R": [[2 / 3, 1 / 3, 1 / 3], [-1 / 3, 1 / 3, 1 / 3], [-1 / 3, -2 / 3, 1 / 3]],
}


def primitive(cell, centring):
    vectors = Lattice.from_parameters(*cell).matrix
    rows = [[sum(p * vectors[k][i] for k, p in enumerate(row)) for i in range(3)] for row in PRIMITIVE[centring]]
    return Lattice(rows).get_niggli_reduced_lattice()


def same(one, other):
    a, b = one.parameters, other.parameters
    if all(abs(x - y) <= .05 * y for x, y in zip(a[:3], b[:3])) and all(abs(x - y) <= 3 for x, y in zip(a[3:], b[3:])):
        return True
    # A reduction may fall to another side of an equality.
    return abs(one.volume / other.volume - 1) < .03 and other.find_mapping(one, .02, 1.5) is not None


def index(wyckoff, arguments):
    began = time.time()
    done = subprocess.run([wyckoff, "index", "--json", "--quiet"] + arguments, capture_output=True, text=True, check=False)
    seconds = time.time() - began
    if done.returncode not in (0, 1) or not done.stdout.strip():
        return [], seconds, None, done.stderr.strip()
    answer = json.loads(done.stdout)
    cells = [(primitive([cell[k] for k in ("a", "b", "c", "alpha", "beta", "gamma")], cell["lattice"][1]), cell) for cell in answer["cells"]]
    return cells, seconds, done.returncode, ""


def measured(arguments):
    for folder in sorted(path.parent for path in arguments.folder.glob("*/truth.json")):
        truth = json.loads((folder / "truth.json").read_text())
        symbol = truth["space_group"].strip()
        centring = symbol[0]
        if centring == "R" and abs(truth["cell"][5] - 120) > 1:
            centring = "P"
        neutron = truth["radiation"].lower().startswith("neutron")
        words = [str(next(folder.glob("pattern.*"))), "--wavelength", "CuKa" if truth["wavelength"] == 1.5418 and not neutron else str(truth["wavelength"])]
        if neutron:
            words += ["--radiation", "neutron"]
        if not arguments.no_formula:
            words += ["--formula", truth["composition"].replace("(Ni,Mn,Co)", "Co")]
        yield folder.name, primitive(truth["cell"], centring), words


def lines(arguments):
    from pymatgen.analysis.diffraction.xrd import XRDCalculator
    from pymatgen.symmetry.analyzer import SpacegroupAnalyzer
    for file in sorted(arguments.folder.glob("*.cif"))[:arguments.limit]:
        structure = Structure.from_file(file)
        system = SpacegroupAnalyzer(structure, 0.01).get_crystal_system()
        if arguments.systems and system not in arguments.systems.split(","):
            continue
        pattern = XRDCalculator(WAVELENGTH, symprec=0).get_pattern(structure, two_theta_range=(2, 120))
        draw = random.Random(file.name)
        zero = arguments.zero + (draw.uniform(-arguments.zero_range, arguments.zero_range) if arguments.zero_range else 0)
        rows = [(t + zero + draw.gauss(0, arguments.sigma or 0), i) for t, i in zip(pattern.x, pattern.y) if i >= arguments.least][:20]
        if len(rows) < 4:
            continue
        first, last = rows[0][0], rows[-1][0]
        rows += [(draw.uniform(first, last), 10) for _ in range(arguments.foreign)]
        found = SpacegroupAnalyzer(structure, 0.01).find_primitive() or structure.get_primitive_structure()
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as listed:
            listed.write("".join(f"{t:.5f} {i:.2f} 0.015\n" for t, i in sorted(rows)))
            listed.flush()
            words = ["--lines", listed.name, "--wavelength", str(WAVELENGTH)]
            if arguments.formula:
                words += ["--formula", Composition(structure.composition.reduced_formula).formula.replace(" ", "")]
            yield f"{file.name} {system}", found.lattice.get_niggli_reduced_lattice(), words


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wyckoff")
    parser.add_argument("kind", choices=["measured", "lines"])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--no-formula", action="store_true")
    parser.add_argument("--formula", action="store_true")
    parser.add_argument("--least", type=float, default=5)
    parser.add_argument("--zero", type=float, default=0)
    parser.add_argument("--zero-range", type=float, default=0)
    parser.add_argument("--systems", default="")
    parser.add_argument("--sigma", type=float, default=0)
    parser.add_argument("--foreign", type=int, default=0)
    parser.add_argument("--limit", type=int, default=None)
    arguments = parser.parse_args()
    first = listed = accepted = wrong = whole = 0
    kinds = {}
    seconds = []
    for name, truth, words in (measured if arguments.kind == "measured" else lines)(arguments):
        cells, took, status, trouble = index(arguments.wyckoff, words)
        rank = next((k + 1 for k, (cell, _) in enumerate(cells[:20]) if same(cell, truth)), None)
        whole += 1
        first += rank == 1
        kind = kinds.setdefault(name.partition(" ")[2], [0, 0, 0])
        kind[:] = [kind[0] + 1, kind[1] + (rank == 1), kind[2] + (rank is not None)]
        listed += rank is not None
        accepted += status == 0
        wrong += status == 0 and rank != 1
        seconds.append(took)
        best = cells[0][1] if cells else None
        said = trouble if best is None else f"{best['lattice']} V {best['volume']:.1f} P {best['probability']:.2f} zero {best['zero']:.3f}"
        print(f"{name:34} rank {rank or '-':>3} {took:6.1f} s  V {truth.volume:8.1f} primitive; first {said}", flush=True)
    for system, (count, best, found) in sorted(kinds.items()):
        if system:
            print(f"{system}: {best} first, {found} in twenty, of {count}")
    seconds.sort()
    print(f"{first} first, {listed} in twenty, of {whole}; {accepted} accepted (P >= 0.9), of these {wrong} wrong; "
          f"median {seconds[len(seconds) // 2]:.1f} s, longest {seconds[-1]:.1f} s")


if __name__ == "__main__":
    sys.exit(main())
