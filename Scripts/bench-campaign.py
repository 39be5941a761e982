#!/usr/bin/env python3
"""A campaign of mixed jobs, killed at random moments, beside an undisturbed one: their exports are compared byte by byte.

    Scripts/bench-campaign.py PROGRAM [--tasks 500] [--kills 10] [--jobs 2] [--seed 1] [--folder FOLDER]

Of every 100 tasks 74 are validate, 12 scan, 8 energy, 4 relax, 2 recover; the runner is killed (-9) at moments drawn
between the beginning and the end of what the undisturbed run took. Then, for each kind of job, what a task took in the
undisturbed run: seconds on the clock and of the processor, largest memory, bytes kept.
"""
import argparse
import csv
import filecmp
import pathlib
import random
import shutil
import statistics
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


def write_tasks(folder, count):
    (folder / "cells").mkdir(parents=True)
    for name in ["patterns/pbso4-x.dat", "starts/pbso4-1.cif"]:
        shutil.copy(ROOT / "Data" / name, folder)
    rows = ["command,file,expect,along,two-theta,pattern,start,space-group,range,seed"]
    for k in range(count):
        cell = f"cells/c{k}.vasp"
        a = 5.3 + 0.8 * k / count
        (folder / cell).write_text(
            f"NaCl\n1.0\n{a} 0 0\n0 {a} 0\n0 0 {a}\nNa Cl\n4 4\nDirect\n0 0 0\n0 .5 .5\n.5 0 .5\n.5 .5 0\n"
            ".5 .5 .5\n.5 0 0\n0 .5 0\n0 0 .5\n")
        kind = k % 50
        if kind in (7,):
            rows.append(f"recover,,,,,pbso4-x.dat,pbso4-1.cif,Pnma,15:120,{k}")
        elif kind in (11, 31):
            rows.append(f"relax,{cell},,,,,,,,")
        elif kind in (3, 16, 28, 41):
            rows.append(f"energy,{cell},,,,,,,,")
        elif kind in (1, 9, 18, 25, 34, 45):
            rows.append(f"scan,{cell},,a,10:80:0.02,,,,,")
        else:
            rows.append(f"validate,{cell},{221 if k % 9 == 4 else 225},,,,,,,")
    (folder / "tasks.csv").write_text("\n".join(rows) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--tasks", type=int, default=500)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", help="kept; a temporary one that is removed unless given")
    options = parser.parse_args()
    program = str(pathlib.Path(options.program).resolve())
    folder = pathlib.Path(options.folder or tempfile.mkdtemp(prefix="wyckoff-campaign-")).absolute()
    folder.mkdir(exist_ok=True)
    write_tasks(folder, options.tasks)

    def start(store):
        return subprocess.Popen(
            [program, "campaign", "run", "tasks.csv", "--store", store, "--jobs", str(options.jobs), "--quiet"],
            cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def finish(store):
        begin = time.monotonic()
        process = start(store)
        said, errors = process.communicate()
        if process.returncode > 1:
            raise SystemExit(f"bench-campaign: {store}: {errors}{said}")
        return said.strip(), time.monotonic() - begin

    def call(*words):
        return subprocess.run([program, "campaign", *words], cwd=folder, capture_output=True, text=True).stdout

    said, took = finish("whole.sqlite")
    print(f"undisturbed: {said}, {took:.1f} s")
    draw = random.Random(options.seed)
    moments = sorted(draw.uniform(0, took) for _ in range(options.kills))
    for before, moment in zip([0] + moments, moments):
        process = start("parts.sqlite")
        time.sleep(moment - before)
        process.kill()
        process.communicate()
    stood = call("status", "parts.sqlite").splitlines()[0]
    said, took = finish("parts.sqlite")
    print(f"killed {options.kills} times, then: {stood}; in the end: {said}")
    for name in ["whole", "parts"]:
        call("export", f"{name}.sqlite", name)
    a, b = folder / "whole", folder / "parts"
    names = [sorted(str(p.relative_to(x)) for p in x.rglob("*") if p.is_file() and p.name != "timings.csv")
             for x in (a, b)]
    differing = filecmp.cmpfiles(a, b, names[0], shallow=False)[1]
    attempts = [int(row["attempts"]) for row in csv.DictReader(open(b / "timings.csv"))]
    print(f"{len(names[0])} files, {sum((a / n).stat().st_size for n in names[0]) / 1e6:.1f} MB: "
          f"{'the same bytes' if names[0] == names[1] and not differing else f'DIFFERENT: {differing[:5]}'}; "
          f"{sum(n > 1 for n in attempts)} tasks were begun more than once")
    kinds = {}
    for row in csv.DictReader(open(a / "timings.csv")):
        size = sum(p.stat().st_size for p in (a / "tasks").glob(f"{int(row['index']):06d}-*/**/*") if p.is_file())
        kinds.setdefault(row["command"], []).append((float(row["seconds"]), float(row["processorSeconds"]),
                                                     int(row["memoryBytes"]) / 1e6, size / 1e3))
    print("| job | tasks | s | processor s | memory, MB | kept, kB |\n|---|---:|---:|---:|---:|---:|")
    for kind, rows in sorted(kinds.items()):
        columns = list(zip(*rows))
        print(f"| `{kind}` | {len(rows)} | {statistics.median(columns[0]):.2f} | {statistics.median(columns[1]):.2f} | "
              f"{max(columns[2]):.0f} | {statistics.median(columns[3]):.0f} |")
    if not options.folder:
        shutil.rmtree(folder, ignore_errors=True)
    if names[0] != names[1] or differing:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
