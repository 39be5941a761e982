#!/usr/bin/env python3
"""Seconds of processor time of `wyckoff validate` beside those of spglib's own call on the same cells.

    Scripts/bench-validate.py SET [--tolerance 0.01] [--rounds 1] [--library FILE]

The two take turns on one core each; the least of the rounds counts. spglib is called through its C interface
(spg_get_dataset), its cells are made before the clock starts, and nothing but the call is timed; `wyckoff validate` reads
the file, judges every clause and prints. Then the same with all cores, on the clock. Executables from .build/release or
WYCKOFF_BIN.
"""
import argparse
import ctypes
import json
import os
import pathlib
import resource
import subprocess
import tempfile
import time


def child_seconds():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def library_of(program):
    """The libsymspg that the program itself loads."""
    for line in subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout.splitlines():
        if "libsymspg" in line:
            return line.split("=>")[1].split()[0]
    raise SystemExit(f"{program} loads no libsymspg; name one with --library")


def cells(program, path):
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "set.jsonl"
        subprocess.run([program, "convert", path, out], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        result = []
        for line in out.read_text().splitlines():
            value = json.loads(line)
            sites = value["sites"]
            kinds = {}
            # spglib's vectors are the columns.
            rows = value["lattice"]["matrix"]
            lattice = (ctypes.c_double * 3 * 3)(*[(ctypes.c_double * 3)(*[rows[j][i] for j in range(3)]) for i in range(3)])
            positions = (ctypes.c_double * 3 * len(sites))(*[(ctypes.c_double * 3)(*s["abc"]) for s in sites])
            types = (ctypes.c_int * len(sites))(
                *[kinds.setdefault(json.dumps(s["species"]), len(kinds) + 1) for s in sites])
            result.append((lattice, positions, types, len(sites)))
        return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set")
    parser.add_argument("--tolerance", type=float, default=0.01)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--library", default=None, help="that of the program unless given")
    options = parser.parse_args()
    root = pathlib.Path(__file__).resolve().parent.parent
    program = pathlib.Path(os.environ.get("WYCKOFF_BIN", root / ".build/release")) / "wyckoff"
    spglib = ctypes.CDLL(options.library or library_of(program))
    spglib.spg_get_dataset.restype = ctypes.c_void_p
    spglib.spg_get_dataset.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_double]
    spglib.spg_free_dataset.argtypes = [ctypes.c_void_p]
    given = cells(program, options.set)
    alone, own = [], []
    for _ in range(options.rounds):
        start = time.process_time()
        for lattice, positions, types, count in given:
            spglib.spg_free_dataset(spglib.spg_get_dataset(lattice, positions, types, count, options.tolerance))
        alone.append(time.process_time() - start)
        before = child_seconds()
        command = [program, "validate", options.set, "--quiet", "--tolerance", str(options.tolerance)]
        subprocess.run([*command, "--jobs", "1"], stdout=subprocess.DEVNULL)
        own.append(child_seconds() - before)
        print(f"spglib alone {alone[-1]:.2f} s, wyckoff validate --jobs 1 {own[-1]:.2f} s", flush=True)
    walls = []
    for jobs in (1, os.cpu_count()):
        start = time.perf_counter()
        subprocess.run([*command, "--jobs", str(jobs)], stdout=subprocess.DEVNULL)
        walls.append(time.perf_counter() - start)
    print(f"\n| {len(given)} records | seconds of processor | ratio |\n|---|---:|---:|")
    print(f"| spglib alone | {min(alone):.2f} | 1 |\n| wyckoff validate | {min(own):.2f} | {min(own) / min(alone):.2f} |")
    print(f"\non the clock: {walls[0]:.1f} s with --jobs 1, {walls[1]:.1f} s with --jobs {os.cpu_count()}, "
          f"{walls[0] / walls[1]:.2f} × faster; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
