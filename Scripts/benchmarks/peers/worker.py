"""One program of the comparison as a process: names its jobs, then times one at a time, as `wyckoff-bench` does.

Input lines: job, seconds, file (tabs). Answers: median ms, least ms, calls, remark; or `error` and a message.
Every job prepares outside of the time. Cu Ka1 1.540593 A, 2theta 5-90 degrees, 0.02 degree steps, one thread.
"""
import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import math
import statistics
import sys
import time
import warnings

warnings.filterwarnings("ignore")

WAVELENGTH = 1.540593
FIRST, LAST, STEP = 5.0, 90.0, 0.02
D_MIN = WAVELENGTH / (2 * math.sin(math.radians(LAST / 2)))
D_MAX = WAVELENGTH / (2 * math.sin(math.radians(FIRST / 2)))


def measure(call, seconds):
    call()
    started = time.perf_counter()
    call()
    first = max(time.perf_counter() - started, 1e-7)
    batch = max(1, int(1e-4 / first))
    times, total = [], 0.0
    while total < seconds or len(times) < 3:
        started = time.perf_counter()
        for _ in range(batch):
            call()
        elapsed = time.perf_counter() - started
        total += elapsed
        times.append(1e3 * elapsed / batch)
        if total > 20 * max(seconds, 0.5):
            break
    return statistics.median(times), min(times), len(times) * batch


def serve(jobs):
    """jobs: name -> function of a file's path that prepares and returns the call to time, or (call, remark). A remark that is a
    number says how many repetitions one call makes: times are then of one repetition."""
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # What a library prints does not mix with the answers.
    print("jobs", *jobs, sep="\t", file=replies, flush=True)
    for line in sys.stdin:
        try:
            name, seconds, path = line.rstrip("\n").split("\t")
            prepared = jobs[name](path)
            call, remark = prepared if isinstance(prepared, tuple) else (prepared, "")
            median, least, calls = measure(call, float(seconds))
            if isinstance(remark, int):
                median, least, calls, remark = median / remark, least / remark, calls * remark, ""
            print(median, least, calls, remark, sep="\t", file=replies, flush=True)
        except Exception as error:
            text = f"{type(error).__name__}: {error}".replace("\n", " ").replace("\t", " ")
            print("error", text[:200], sep="\t", file=replies, flush=True)
