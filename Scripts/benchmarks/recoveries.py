"""One recovery by the command, as a line of a table: what Scripts/bench recovery and bench-solved.py have in common."""
import json
import pathlib
import subprocess

COLUMNS = [("group", "5", "number", "d", 1), ("a", "9", "a", ".4f", 1), ("b", "9", "b", ".4f", 1), ("c", "9", "c", ".4f", 1),
           ("Rwp/%", "7", "rwp", ".2f", 100), ("GoF", "6", "gof", ".2f", 1), ("matched", "7", "matched", "s", 1),
           ("rms/A", "7", "rmsDisplacement", ".4f", 1), ("s", "7", "seconds", ".1f", 1)]


def heading(width, columns=COLUMNS):
    return f"{'sample':<{width}} seed exit " + " ".join(f"{name:>{size}}" for name, size, *_ in columns)


def distort(wyckoff, published, start, lattice, coordinates, seed):
    """Writes the start: every atom and every axis of the published structure moved."""
    subprocess.run([wyckoff, "distort", published, "--lattice", lattice, "--coordinates", coordinates, "--seed", seed,
                    "-o", start], capture_output=True, check=False)


def recover(wyckoff, pattern, start, published, seed, options, output):
    """Exit status, the numbers of summary.json in one flat dictionary, and the error's line."""
    done = subprocess.run(
        [wyckoff, "recover", "--pattern", pattern, "--start", start, "--reference", published, "--seed", seed, "--quiet",
         *options, "-o", output], capture_output=True, text=True, check=False)
    summary = pathlib.Path(output) / "summary.json"
    values = {}
    if summary.exists():
        read = json.loads(summary.read_text())
        values = {**read, **read["cell"], "number": read["spaceGroup"]["number"]}
    error = next((line for line in done.stderr.splitlines() if line.lower().startswith("error")), "")
    return done.returncode, values, error


def row(name, width, seed, code, values, columns=COLUMNS):
    """A dash where the run left no such number."""
    def cell(size, key, form, factor):
        value = values.get(key)
        if value is None:
            return f"{'-':>{size}}"
        if isinstance(value, bool):
            return f"{str(value).lower():>{size}}"
        return f"{format(value * factor, form):>{size}}"
    return f"{name:<{width}} {seed:>4} {code:>4} " + " ".join(cell(*column[1:]) for column in columns)
