#!/usr/bin/env python3
"""Times of `wyckoff validate` on a set beside those of others, all figures of Docs/Validation.md.

    Scripts/bench-validate.py SET [--only symmetry,novelty,pymatgen,energies] [--tolerance 0.01] [--rounds 1] [--library FILE]
                              [--made 10000] [--sample 200] [--relaxed 1000] [--store FILE]

symmetry: seconds of processor time beside spglib's own call on the same cells, in turn on one core each, the least of the rounds;
spglib is called through its C interface (spg_get_dataset), its cells are made before the clock starts, and nothing but the call
is timed; `wyckoff validate` reads the file, judges every clause and prints. Then the same with one core and with all, on the clock.
novelty: records made of the set's (cells strained by 1 %, atoms moved by 0.03 A, of every third record by 0.4 A) judged,
compared among themselves and with the set, whose records are in the store already.
pymatgen: a sample of those made by `wyckoff validate --unique --novel` and by StructureMatcher().fit with the earlier ones and the
set's of the reduced formula until one matches; both in seconds of processor time of one core, ours the least of --rounds and less
what the same command takes without --unique and --novel. Beside it what both take from the files to the answer: pymatgen reads
sample and set into Structures and groups them by reduced formula, ours judges each record of the sample too and has the set in its
store. Needs python3 with pymatgen.
energies: the first records relaxed inside their groups by CHGNet; then the hull of the whole set, each record relaxed once.
--store keeps what was computed. Executables from .build/release or WYCKOFF_BIN.
"""
import argparse
import collections
import ctypes
import json
import math
import os
import pathlib
import random
import resource
import shutil
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


def lines_of(program, path):
    """Every record as a line of JSON."""
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "set.jsonl"
        subprocess.run([program, "convert", path, out], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return out.read_text().splitlines()


def cells(lines):
    result = []
    for line in lines:
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


def judge(program, *words, jobs=1):
    """Seconds of processor and on the clock."""
    before, start = child_seconds(), time.perf_counter()
    done = subprocess.run([program, "validate", *map(str, words), "--quiet", "--jobs", str(jobs)], stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True)
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr)
    return child_seconds() - before, time.perf_counter() - start


def symmetry(program, options, lines):
    spglib = ctypes.CDLL(options.library or library_of(program))
    spglib.spg_get_dataset.restype = ctypes.c_void_p
    spglib.spg_get_dataset.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_double]
    spglib.spg_free_dataset.argtypes = [ctypes.c_void_p]
    given = cells(lines)
    alone, own = [], []
    for _ in range(options.rounds):
        start = time.process_time()
        for lattice, positions, types, count in given:
            spglib.spg_free_dataset(spglib.spg_get_dataset(lattice, positions, types, count, options.tolerance))
        alone.append(time.process_time() - start)
        own.append(judge(program, options.set, "--tolerance", options.tolerance)[0])
        print(f"spglib alone {alone[-1]:.2f} s, wyckoff validate --jobs 1 {own[-1]:.2f} s", flush=True)
    walls = [judge(program, options.set, "--tolerance", options.tolerance, jobs=jobs)[1] for jobs in (1, os.cpu_count())]
    print(f"\n| {len(given)} records | seconds of processor | ratio |\n|---|---:|---:|")
    print(f"| spglib alone | {min(alone):.2f} | 1 |\n| wyckoff validate | {min(own):.2f} | {min(own) / min(alone):.2f} |")
    print(f"\non the clock: {walls[0]:.1f} s with --jobs 1, {walls[1]:.1f} s with --jobs {os.cpu_count()}, "
          f"{walls[0] / walls[1]:.2f} × faster; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)


def strained(lines, count, rng):
    """Records whose cells and atoms are other than the set's by a little, of every third by more."""
    for number, line in enumerate(rng.sample(lines, min(count, len(lines)))):
        value = json.loads(line)
        rows = value["lattice"]["matrix"]
        strain = [[(i == j) + rng.gauss(0, .01) for j in range(3)] for i in range(3)]
        value["lattice"] = {"matrix": [[sum(row[k] * strain[k][j] for k in range(3)) for j in range(3)] for row in rows]}
        for site in value["sites"]:
            site.pop("xyz", None)
            size = .4 if number % 3 == 0 else .03
            site["abc"] = [x + rng.gauss(0, size / 3 ** .5) / math.dist(row, (0, 0, 0)) for x, row in zip(site["abc"], rows)]
        yield json.dumps(value)


def novelty(program, options, lines, folder):
    store = options.store or folder / "judged.sqlite"
    (folder / "one.jsonl").write_text(lines[0] + "\n")
    seconds, wall = judge(program, folder / "one.jsonl", "--novel", "--reference", options.set, "--store", store, "--resume",
                          jobs=os.cpu_count())
    print(f"\nthe reference of {len(lines)} records into the store: {seconds:.0f} s of processor, {wall:.0f} s on the clock")
    made = folder / "made.jsonl"
    made.write_text("\n".join(strained(lines, options.made, random.Random(1))) + "\n")
    seconds, wall = judge(program, made, "--unique", "--novel", "--reference", options.set, "--store", store, "--resume",
                          jobs=os.cpu_count())
    print(f"{options.made} records judged, unique and novel beside {len(lines)}: {seconds:.0f} s of processor, "
          f"{wall:.0f} s on the clock with --jobs {os.cpu_count()}", flush=True)


def against_pymatgen(program, options, lines, folder):
    from pymatgen.analysis.structure_matcher import StructureMatcher
    from pymatgen.core import Structure
    store = options.store or folder / "judged.sqlite"
    (folder / "one.jsonl").write_text(lines[0] + "\n")
    judge(program, folder / "one.jsonl", "--novel", "--reference", options.set, "--store", store, "--resume")
    sample = list(strained(lines, options.sample, random.Random(2)))
    (folder / "sample.jsonl").write_text("\n".join(sample) + "\n")
    judged, own = [], []
    for k in range(options.rounds):
        shutil.copy(store, folder / f"asked-{k}.sqlite")
        judged.append(judge(program, folder / "sample.jsonl", "--store", folder / f"plain-{k}.sqlite")[0])
        own.append(judge(program, folder / "sample.jsonl", "--unique", "--novel", "--reference", options.set,
                         "--store", folder / f"asked-{k}.sqlite", "--resume")[0])
    start = time.process_time()
    held, earlier, given = collections.defaultdict(list), collections.defaultdict(list), []
    for line in lines:
        structure = Structure.from_dict(json.loads(line))
        held[structure.composition.reduced_formula].append(structure)
    read = time.process_time() - start
    for line in sample:
        structure = Structure.from_dict(json.loads(line))
        given.append((structure, structure.composition.reduced_formula))
    sampled = time.process_time() - start - read
    matcher = StructureMatcher()
    for structure, key in given:
        isUnique = not any(matcher.fit(structure, other) for other in earlier[key])
        any(matcher.fit(structure, other) for other in held[key])
        if isUnique:
            earlier[key].append(structure)
    whole = time.process_time() - start
    theirs, alone = whole - read - sampled, max(min(own) - min(judged), 0.01)
    print(f"\n| unique and novel, {len(sample)} records beside {len(lines)} | seconds of processor | ratio |\n|---|---:|---:|")
    print(f"| pymatgen's matcher alone | {theirs:.2f} | {theirs / alone:.1f} |\n| what --unique --novel adds here | {alone:.2f} | 1 |")
    print(f"| pymatgen: the set read ({read:.1f}), the sample read ({sampled:.1f}), matched | {whole:.2f} | {whole / min(own):.1f} |")
    print(f"| wyckoff validate, all of it | {min(own):.2f} | 1 |", flush=True)


def energies(program, options, lines, folder):
    store = options.store or folder / "energies.sqlite"
    part = folder / "part.jsonl"
    part.write_text("\n".join(lines[:options.relaxed]) + "\n")
    seconds, wall = judge(program, part, "--energy", "chgnet", "--relax", "--store", folder / "relaxed.sqlite", jobs=os.cpu_count())
    print(f"\n{options.relaxed} records relaxed inside their groups: {seconds:.0f} s of processor, {wall:.0f} s on the clock")
    seconds, wall = judge(program, options.set, "--energy", "chgnet", "--relax", "--hull", options.set, "--store", store, "--resume",
                          jobs=os.cpu_count())
    print(f"{len(lines)} records relaxed, their hull, each beside it: {seconds:.0f} s of processor, {wall:.0f} s on the clock",
          flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set")
    parser.add_argument("--only", default="symmetry,novelty,pymatgen,energies")
    parser.add_argument("--tolerance", type=float, default=0.01)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--library", default=None, help="that of the program unless given")
    parser.add_argument("--made", type=int, default=10000)
    parser.add_argument("--sample", type=int, default=200)
    parser.add_argument("--relaxed", type=int, default=1000)
    parser.add_argument("--store", type=pathlib.Path, help="kept, and gone on with (default: none)")
    options = parser.parse_args()
    root = pathlib.Path(__file__).resolve().parent.parent
    program = pathlib.Path(os.environ.get("WYCKOFF_BIN", root / ".build/release")) / "wyckoff"
    parts = options.only.split(",")
    lines = lines_of(program, options.set)
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        if "symmetry" in parts:
            symmetry(program, options, lines)
        if "novelty" in parts:
            novelty(program, options, lines, folder)
        if "pymatgen" in parts:
            against_pymatgen(program, options, lines, folder)
        if "energies" in parts:
            energies(program, options, lines, folder)


if __name__ == "__main__":
    main()
