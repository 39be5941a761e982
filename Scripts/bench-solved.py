#!/usr/bin/env python3
"""Recovers the structures of CIFs that carry a solved structure and its measured powder profile together.

    Scripts/bench-solved.py WYCKOFF FOLDER [--seeds 1,2,3,4,5]

Each from starts distorted by lattice 0.05 and coordinates 0.05, the occupied positions known (--symmetry-from itself).
"""
import argparse
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent / "benchmarks"))
import recoveries

WIDTH = 34


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wyckoff", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--seeds", default="1,2,3,4,5")
    arguments = parser.parse_args()
    files = sorted(arguments.folder.glob("*.cif"))
    if not files:
        parser.error(f"{arguments.folder} holds no .cif")
    wyckoff = str(arguments.wyckoff.resolve())
    print(recoveries.heading(WIDTH))
    with tempfile.TemporaryDirectory() as work:
        for file in files:
            for seed in arguments.seeds.split(","):
                start, output = f"{work}/{file.stem}-{seed}.cif", f"{work}/{file.stem}-{seed}"
                recoveries.distort(wyckoff, str(file), start, "0.05", "0.05", seed)
                code, values, error = recoveries.recover(
                    wyckoff, str(file), start, str(file), seed, ["--symmetry-from", str(file)], output)
                print(recoveries.row(file.stem, WIDTH, seed, code, values), flush=True)
                if code not in (0, 1):
                    print(f"    {error}")


if __name__ == "__main__":
    main()
