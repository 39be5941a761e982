"""Structures of a set of orbits (`oqmd20.jsonl.gz`), drawn by a seed, as primitive cells in POSCAR."""
import gzip
import json
import random
import subprocess


def draw(path, seed, wanted=lambda entry: True):
    """Entries in random order."""
    with gzip.open(path, "rt") as file:
        entries = [json.loads(line) for line in file]
    entries = [entry for entry in entries if wanted(entry)]
    random.Random(seed).shuffle(entries)
    return entries


def cif(entry):
    """A CIF with the operations of the entry's Hall number."""
    import spglib

    cell = dict(zip(("length_a", "length_b", "length_c", "angle_alpha", "angle_beta", "angle_gamma"), entry["cell"]))
    lines = [f"data_{entry['id']}", f"_space_group_IT_number {entry['sg']}"]
    lines += [f"_cell_{key} {value}" for key, value in cell.items()]
    found = spglib.get_symmetry_from_database(entry["hall"])
    lines += ["loop_", "_space_group_symop_operation_xyz"]
    for rotation, shift in zip(found["rotations"], found["translations"]):
        words = []
        for row, t in zip(rotation, shift):
            term = "".join(f"{'+' if c > 0 else '-'}{axis}" for c, axis in zip(row, "xyz") if c)
            top = round(t * 24)
            words.append(f"{term}+{top}/24" if top else term)
        lines.append("'" + ",".join(words) + "'")
    lines += ["loop_", "_atom_site_label", "_atom_site_type_symbol", "_atom_site_fract_x", "_atom_site_fract_y",
              "_atom_site_fract_z"]
    for index, (element, _, _, x, y, z) in enumerate(entry["orbits"]):
        lines.append(f"{element}{index} {element} {x} {y} {z}")
    return "\n".join(lines) + "\n"


def primitive(wyckoff, entry, folder):
    """The path of a POSCAR in a folder, or the reason why there is none."""
    source, result = folder / "in.cif", folder / "in.vasp"
    source.write_text(cif(entry))
    made = subprocess.run(
        [wyckoff, "symmetrize", str(source), "--cell", "primitive", "-o", str(result)], capture_output=True, text=True)
    return result if made.returncode == 0 else made.stderr.strip()
