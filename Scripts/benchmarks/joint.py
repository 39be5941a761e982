"""PbSO4 from its X-ray and its neutron pattern, each alone and both together (Scripts/bench joint).

    joint.py WYCKOFF [--seeds 5] [--knowledge positions|group]
Starts distorted by lattice 0.05 and coordinates 0.05. Told for each: exit status, Rwp of each pattern and of both, the mean standard
uncertainty of the oxygen atoms' free coordinates in Å, and how far the oxygen atoms, lead and sulphur lie from the neutron
structure (root mean squares). Exit status 1 where a joint recovery fails.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

root = pathlib.Path(__file__).resolve().parents[2]
PUBLISHED = root / "Data/structures/pbso4.cif"
AXES = {"x": 8.480, "y": 5.398, "z": 6.960}
# The neutron structure as the example of a joint fit in EasyDiffraction has it (examples/joint-refinement_weighting.py).
NEUTRON = """data_PbSO4
_cell_length_a 8.478
_cell_length_b 5.397
_cell_length_c 6.958
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
_space_group_name_H-M_alt 'P n m a'
_space_group_IT_number 62
loop_
_space_group_symop_operation_xyz
'x,y,z'
'-x+1/2,-y,z+1/2'
'-x,y+1/2,-z'
'x+1/2,-y+1/2,-z+1/2'
'-x,-y,-z'
'x+1/2,y,-z+1/2'
'x,-y+1/2,z'
'-x+1/2,y+1/2,z+1/2'
loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
Pb Pb 0.1876 0.25 0.167
S S 0.0654 0.25 0.684
O1 O 0.9082 0.25 0.5954
O2 O 0.1935 0.25 0.5432
O3 O 0.0811 0.0272 0.8086
"""
XRAY = ["--pattern", root / "Data/patterns/pbso4-x.dat", "--radiation", "xray", "--wavelength", "CuKa", "--range", "15:120"]
NEUTRONS = ["--pattern", root / "Data/patterns/pbso4-n.dat", "--radiation", "neutron", "--wavelength", "1.909", "--range", "all"]
WAYS = {"X-rays": XRAY, "neutrons": NEUTRONS, "both": XRAY + NEUTRONS}


def root_mean_square(sites, elements):
    found = [(s["multiplicity"], s["displacement"]) for s in sites if s["element"] in elements]
    return (sum(m * d * d for m, d in found) / sum(m for m, _ in found)) ** 0.5


def row(summary):
    patterns = {p["radiation"]: p for p in summary["patterns"]}
    rwp = [f"{100 * patterns[k]['rwp']:.2f}" if k in patterns else "–" for k in ("xray", "neutron")]
    uncertainties = [
        p["uncertainty"] * AXES[p["name"][-1]] for p in summary["parameters"]
        if p["name"].startswith("O") and p["name"][-2:] in (".x", ".y", ".z") and p["uncertainty"]]
    cell = summary["cell"]
    return [
        *rwp, f"{100 * summary['rwp']:.2f}" if len(patterns) > 1 else "–", f"{cell['a']:.4f} {cell['b']:.4f} {cell['c']:.4f}",
        f"{patterns['neutron']['wavelength']:.4f}" if "neutron" in patterns else "–",
        f"{sum(uncertainties) / len(uncertainties):.4f}", f"{root_mean_square(summary['sites'], ['O']):.4f}",
        f"{root_mean_square(summary['sites'], ['Pb']):.4f}", f"{root_mean_square(summary['sites'], ['S']):.4f}",
        f"{summary['seconds']:.1f}"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wyckoff")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--knowledge", choices=["positions", "group"], default="positions")
    options = parser.parse_args()
    knowledge = ["--symmetry-from", PUBLISHED] if options.knowledge == "positions" else ["--space-group", "62"]
    print("| seed | pattern | exit | Rwp X (%) | Rwp n (%) | Rwp both (%) | cell (Å) | λ n (Å) | u of O (Å) | O off (Å) | Pb off (Å) "
          "| S off (Å) | s |")
    print("|---:|---|" + "---:|" * 11)
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "neutron.cif").write_text(NEUTRON)
        for seed in range(1, options.seeds + 1):
            start = folder / f"start-{seed}.cif"
            subprocess.run(
                [options.wyckoff, "distort", PUBLISHED, "--lattice", "0.05", "--coordinates", "0.05", "--seed", str(seed), "-o",
                 start], check=True, capture_output=True)
            for name, pattern in WAYS.items():
                result = subprocess.run(
                    [options.wyckoff, "recover", *pattern, "--start", start, *knowledge, "--reference", folder / "neutron.cif",
                     "--seed", str(seed), "--quiet", "--json", "-o", folder / "result"], capture_output=True, text=True)
                failed += name == "both" and result.returncode != 0
                cells = row(json.loads(result.stdout)) if result.stdout else [result.stderr.strip()]
                print("| " + " | ".join([str(seed), name, str(result.returncode), *cells]) + " |", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
