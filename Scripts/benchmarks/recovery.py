"""Recoveries from distorted starts, seeds 1 to 5, against the published structures (Scripts/bench recovery).

    recovery.py WYCKOFF [SEEDS] [KNOWLEDGE]
Tables: the symmetry skeleton given (--symmetry-from) and the space group alone (--space-group), from starts distorted by
lattice 0.03 and coordinates 0.02; both again from lattice 0.05 and coordinates 0.05, and from these the crystal family
alone (--family). SEEDS and KNOWLEDGE: words in one argument, "1 2 3" and those of "skeleton group family" that are wanted.
"""
import pathlib
import sys
import tempfile

import recoveries

ROOT = pathlib.Path(__file__).resolve().parents[2]
WIDTH = 14
# name, pattern, published structure, space group, crystal family, options of the pattern
SAMPLES = [
    ("PbSO4", "pbso4-x.dat", "pbso4.cif", 62, "orthorhombic", ["--wavelength", "CuKa", "--range", "15:120"]),
    ("PbSO4-neutrons", "pbso4-n.dat", "pbso4.cif", 62, "orthorhombic", ["--radiation", "neutron", "--wavelength", "1.909"]),
    ("fluorapatite", "FAP.XRA", "fluorapatite.cif", 176, "hexagonal", ["--wavelength", "CuKa"]),
    ("NAC", "11BM_NAC.fxye", "nac.cif", 199, "cubic",
     ["--wavelength", "0.413909", "--polarization", "0", "--range", "2:40"]),
]
LEVELS = [("0.03", "0.02", ["skeleton", "group"]), ("0.05", "0.05", ["skeleton", "group", "family"])]
KNOWN = {
    "skeleton": "symmetry skeleton given (--symmetry-from the published structure)",
    "group": "space group only (--space-group)",
    "family": "crystal family only (--family)",
}


def knowledge(mode, published, number, family):
    return {"skeleton": ["--symmetry-from", published], "group": ["--space-group", str(number)],
            "family": ["--family", family]}[mode]


def table(wyckoff, work, lattice, coordinates, mode, seeds):
    print(f"\nlattice {lattice}, coordinates {coordinates}: {KNOWN[mode]}\n{recoveries.heading(WIDTH)}", flush=True)
    for seed in seeds:
        for name, pattern, structure, number, family, options in SAMPLES:
            published = str(ROOT / "Data/structures" / structure)
            start = f"{work}/{name}-{seed}-{lattice}.cif"
            recoveries.distort(wyckoff, published, start, lattice, coordinates, seed)
            code, values, error = recoveries.recover(
                wyckoff, str(ROOT / "Data/patterns" / pattern), start, published, seed,
                knowledge(mode, published, number, family) + options, f"{work}/{name}-{seed}-{lattice}-{mode}")
            print(recoveries.row(name, WIDTH, seed, code, values), flush=True)
            if code not in (0, 1):
                print(f"    {error}")


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    wyckoff = str(pathlib.Path(sys.argv[1]).resolve())
    seeds = (sys.argv[2] if len(sys.argv) > 2 else "1 2 3 4 5").split()
    wanted = (sys.argv[3] if len(sys.argv) > 3 else " ".join(KNOWN)).split()
    with tempfile.TemporaryDirectory() as work:
        for lattice, coordinates, modes in LEVELS:
            for mode in modes:
                if mode in wanted:
                    table(wyckoff, work, lattice, coordinates, mode, seeds)


if __name__ == "__main__":
    main()
