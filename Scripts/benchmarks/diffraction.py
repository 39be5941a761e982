"""Powder diffraction, timed in turn with other programs in the same run (Scripts/bench diffraction).

    python3 diffraction.py WYCKOFF-BENCH [--structures FOLDER] [--rounds 3] [--seconds 0.1] [--peers FOLDER]

Every program is a process that times one job at a time. For each structure and each round all programs run one after
the other, so that a ratio compares runs of the same second. Times are the least of all calls of a round, which other
work on the machine disturbs least; then medians over rounds. A program that is not installed is left out and named.
"""
import argparse
import math
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PACKAGES = ["cctbx-base", "gemmi", "phasesmith==0.7.0", "pymatgen", "xrd-rust"]
# Title, our job, (program, its job) in the table's columns.
COMPARISONS = [
    ("Structure factors, prepared, after every atom has moved", "factors",
     [("cctbx", "factors"), ("gemmi", "factors"), ("phasesmith", "factors")]),
    ("Structure factors with the gradient in the sites, prepared", "factors-gradient", [("cctbx", "factors-gradient")]),
    ("Profile (4,251 points) with the gradient in every parameter, prepared", "profile-gradient",
     [("phasesmith", "profile-gradient")]),
    ("Reflections and model made anew, profile and gradient", "prepare-profile-gradient",
     [("phasesmith", "prepare-profile-gradient")]),
    ("Profile after one atom has moved, prepared", "profile-atom", [("fox", "profile-atom")]),
    ("Sticks: ours from the CIF, theirs from a structure in memory", "cif-sticks",
     [("xrd_rust", "sticks"), ("pymatgen", "sticks")]),
    ("Sticks, all from the CIF", "cif-sticks", [("xrd_rust", "cif-sticks"), ("pymatgen", "cif-sticks")]),
    ("Trial of a Monte Carlo search: one atom moved, integrated intensities to sinθ/λ ≤ 0.3", "trial",
     [("fox", "trial")]),
    ("Matching: a structure and its copy with moved atoms, the verdict", "match", [("pymatgen", "match")]),
    ("Matching: the same, the least rms displacement", "match-rms", [("pymatgen", "match-rms")]),
]


class Program:
    def __init__(self, name, command):
        self.name = name
        self.command = command
        self.jobs = []
        self.start()

    def start(self):
        try:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            first = self.process.stdout.readline().split("\t")
        except OSError:
            first = []
        self.jobs = [job.strip() for job in first[1:]] if first and first[0] == "jobs" else []

    def time(self, job, seconds, path, *threads):
        """Median ms, least ms and remark; None where the program cannot do it."""
        try:
            print(job, seconds, path, *threads, sep="\t", file=self.process.stdin, flush=True)
            answer = self.process.stdout.readline().rstrip("\n").split("\t")
        except BrokenPipeError:
            answer = []
        if len(answer) < 4:
            if self.process.poll() is not None:
                self.start()  # It died of this structure; others may do.
            return None
        return float(answer[0]), float(answer[1]), answer[3]


def make_peers(folder):
    """A virtual environment with the programs that the package index has."""
    python = folder / "bin" / "python"
    if not python.exists():
        print(f"bench: installing {', '.join(PACKAGES)} into {folder} (once)", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", folder], check=False)
        for package in PACKAGES:
            done = subprocess.run([python, "-m", "pip", "install", "-q", package], check=False)
            if done.returncode:
                print(f"bench: {package} could not be installed", file=sys.stderr)
    return python


def programs(arguments):
    peers = HERE / "peers"
    python = make_peers(arguments.peers)
    commands = {name: [python, peers / f"{name}_worker.py"]
                for name in ("cctbx", "gemmi", "phasesmith", "pymatgen", "xrd_rust")}
    # Debian's python3-pyobjcryst belongs to the system's Python.
    commands["fox"] = ["/usr/bin/python3", peers / "fox_worker.py"]
    found = {"wyckoff": Program("wyckoff", [arguments.bench])}
    if not found["wyckoff"].jobs:
        sys.exit(f"bench: {arguments.bench} does not run; build it first (make bench)")
    for name, command in commands.items():
        program = Program(name, command)
        if program.jobs:
            found[name] = program
        else:
            remedy = "apt-get install python3-pyobjcryst" if name == "fox" else f"delete {arguments.peers} and try again"
            print(f"bench: {name} is not installed and is left out ({remedy})", file=sys.stderr)
    return found


def compare(found, files, arguments, title, ours, theirs):
    columns = [("wyckoff", ours)] + [(p, j) for p, j in theirs if p in found]
    print(f"\n### {title}\n")
    print("| structure | " + " | ".join(f"{p} ms" for p, _ in columns) + " | "
          + " | ".join(f"{p}/wyckoff" for p, _ in columns[1:]) + " |")
    print("|---" * (2 * len(columns)) + "|")
    medians, ratios = [[] for _ in columns], [[] for _ in columns[1:]]
    for path in files:
        rounds = [[] for _ in columns]
        for _ in range(arguments.rounds):
            for index, (program, job) in enumerate(columns):
                rounds[index].append(found[program].time(job, arguments.seconds, path))
        mine = rounds[0]
        if any(r is None for r in mine):
            print(f"| {path.stem} | – |")
            continue
        cells, quotients = [], []
        for index, column in enumerate(rounds):
            if any(r is None for r in column):
                cells.append("–")
                if index:
                    quotients.append("–")
                continue
            median = statistics.median(r[1] for r in column)
            cells.append(f"{median:.4g}")
            medians[index].append(median)
            if index:
                ratio = statistics.median(r[1] / m[1] for r, m in zip(column, mine))
                ratios[index - 1].append(ratio)
                quotients.append(f"{ratio:.3g}")
        print(f"| {path.stem} | " + " | ".join(cells + quotients) + " |", flush=True)

    def middle(values):
        return f"{statistics.median(values):.3g}" if values else "–"

    print("| **median** | " + " | ".join(middle(v) for v in medians + ratios) + " |")
    print("| least | " + " | ".join("" for _ in medians) + " | "
          + " | ".join(f"{min(v):.3g}" if v else "–" for v in ratios) + " |", flush=True)


def growth(found, files, arguments):
    """Time of the structure factors against atoms × reflections, and the share of the machine's peak."""
    wyckoff = found["wyckoff"]
    rate = wyckoff.time("peak-rate", 0.5, files[0])[2]
    peak = max(float(word) for word in rate.replace(",", "").split() if word.replace(".", "").isdigit() and "." in word)
    print(f"\n### Growth with atoms × reflections; peak of this machine's core, measured: {rate}\n")
    print("| structure | atoms | reflections | µs | ns for each atom × reflection | GFLOP/s | of the peak |")
    print("|---" * 7 + "|")
    points = []
    for path in files:
        results = [wyckoff.time("factors", arguments.seconds, path) for _ in range(arguments.rounds)]
        if any(r is None for r in results):
            continue
        best = min(results, key=lambda r: r[1])
        words = best[2].replace(",", "").split()
        atoms, reflections, flops = int(words[0]), int(words[2]), float(words[4])
        points.append((atoms * reflections, best[1] * 1e3))
        print(f"| {path.stem} | {atoms} | {reflections} | {best[1] * 1e3:.2f} | "
              f"{best[1] * 1e6 / (atoms * reflections):.2f} | {flops:.1f} | {100 * flops / peak:.0f} % |", flush=True)
    large = [(math.log(x), math.log(y)) for x, y in points if x >= 3000]
    if len(large) > 2:
        mx, my = (statistics.mean(v) for v in zip(*large))
        slope = sum((x - mx) * (y - my) for x, y in large) / sum((x - mx) ** 2 for x, _ in large)
        print(f"\nFrom 3,000 atom × reflections on, time grows with the power {slope:.2f} of atoms × reflections.")


def threads(found, files, arguments):
    """One thread and two, in turn; structures whose work is not shared are counted only."""
    wyckoff = found["wyckoff"]
    print("\n### Two threads against one\n")
    print("| structure | job | one thread ms | two ms | gain |\n|---|---|---|---|---|")
    small = []
    for path in files:
        for job in ("factors", "factors-gradient", "profile-gradient", "normal-equations"):
            one, two = [], []
            for _ in range(2 * arguments.rounds):
                one.append(wyckoff.time(job, arguments.seconds, path, 1))
                two.append(wyckoff.time(job, arguments.seconds, path, 2))
            if any(r is None for r in one + two):
                continue
            best = min(r[1] for r in one), min(r[1] for r in two)
            if best[0] < 0.1:
                small.append(best[0] / best[1])
                continue
            print(f"| {path.stem} | {job} | {best[0]:.3f} | {best[1]:.3f} | {best[0] / best[1]:.2f} |", flush=True)
    if small:
        print(f"\nBelow 0.1 ms, where nothing is shared: {len(small)} jobs, gain {statistics.median(small):.2f} "
              f"({min(small):.2f}–{max(small):.2f}).")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", help="the executable wyckoff-bench")
    parser.add_argument("--structures", type=pathlib.Path, default=HERE.parent.parent / "Data" / "structures")
    parser.add_argument("--peers", type=pathlib.Path, default=HERE.parent.parent / ".build" / "peers")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=0.1)
    parser.add_argument("--only", help="a part of a title")
    arguments = parser.parse_args()
    files = sorted(arguments.structures.glob("*.cif"))
    if not files:
        sys.exit(f"bench: no CIF in {arguments.structures}; give a folder with --structures")
    found = programs(arguments)
    print("Cu Kα1, 2θ 5–90°, 0.02°; one thread; least time of a round, median over rounds.")
    for title, ours, theirs in COMPARISONS:
        if arguments.only is None or arguments.only in title:
            compare(found, files, arguments, title, ours, theirs)
    if arguments.only is None or arguments.only in "Growth":
        growth(found, files, arguments)
    if arguments.only is None or arguments.only in "Two threads":
        threads(found, files, arguments)


main()
