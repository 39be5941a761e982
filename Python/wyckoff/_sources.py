"""ASE's Atoms and pymatgen's Structures: what of them a crystal is, and how they come back with everything else that they had.

Displacement parameters and nuclides go under the names that Wyckoff's files have for them: arrays ``B_iso`` (Å²), ``U_aniso`` (nine
numbers), ``mass_number``, ``oxidation`` of ASE, site properties ``B_iso``, ``U_aniso`` (3×3), ``mass_number`` of pymatgen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from . import _species
from ._arguments import array
from ._errors import Error

if TYPE_CHECKING:
    from ._crystal import Crystal

#: What a crystal says itself, and no copy of a source's array.
_OWN_ARRAYS = {"numbers", "positions"}


def of_ase(atoms: Any) -> dict[str, Any]:
    """What a ``Crystal`` is made of."""
    if not all(atoms.pbc):
        raise Error("the atoms do not repeat in all three directions", "set atoms.pbc = True, with a cell that has room")
    cell = np.array(atoms.cell.array, dtype=float)
    if not abs(np.linalg.det(cell)) > 1e-9 and np.isfinite(cell).all():
        raise Error("the atoms have no cell", "set atoms.cell to three vectors")
    # Not get_scaled_positions(), which wraps.
    scaled = np.linalg.solve(cell.T, atoms.positions.T).T
    arrays = atoms.arrays
    labels: Any = next((arrays[name] for name in ("labels", "atom_site_labels", "label") if name in arrays), [])
    return {
        "cell": cell, "scaled_positions": scaled, "species": _species_of_ase(atoms),
        "labels": ["" if label == "-" else str(label) for label in labels], "source": atoms.copy(),
        **_displacements(arrays.get("B_iso"), arrays.get("U_aniso"), len(atoms)),
    }


def _species_of_ase(atoms: Any) -> list[str]:
    species = [_species.symbol_of(number, index) for index, number in enumerate(atoms.numbers)]
    arrays = atoms.arrays
    masses, numbers, states = arrays.get("masses"), arrays.get("mass_number"), arrays.get("oxidation")
    known: dict[tuple[str, float], int] = {}
    for index, symbol in enumerate(species):
        nuclide = int(numbers[index]) if numbers is not None else 0
        if not nuclide and masses is not None:
            key = (symbol, float(masses[index]))
            if key not in known:
                known[key] = _species.nuclide_of(*key)
            nuclide = known[key]
        species[index] = _species.written(symbol, None if states is None else float(states[index]), nuclide)
    occupancy = atoms.info.get("occupancy")
    if occupancy:
        kinds = arrays.get("spacegroup_kinds")
        if kinds is None:
            raise Error("atoms.info has occupancies, and no array says which atom has which", "set spacegroup_kinds")
        for index, kind in enumerate(kinds):
            shares = occupancy.get(str(int(kind)), occupancy.get(int(kind)))
            if shares:
                species[index] = _species.shared(dict(shares))
    elif "occupancy" in arrays:
        for index, share in enumerate(arrays["occupancy"]):
            if share != 1:
                species[index] = f"{species[index]}:{float(share)!r}"
    return species


def of_pymatgen(structure: Any) -> dict[str, Any]:
    """What a ``Crystal`` is made of."""
    if not all(structure.lattice.pbc):
        raise Error("the structure does not repeat in all three directions", "give one with pbc (True, True, True)")
    properties = structure.site_properties
    nuclides = properties.get("mass_number") or [None] * len(structure)
    species = []
    for site, nuclide in zip(structure, nuclides):
        parts: dict[str, float] = {}
        for one, share in site.species.items():
            # Of heavy hydrogen pymatgen's symbol is H, its value D.
            symbol = getattr(getattr(one, "element", one), "value", one.symbol)
            name = _species.written(symbol, getattr(one, "oxi_state", None), int(nuclide or 0))
            parts[name] = parts.get(name, 0) + float(share)
        species.append(_species.shared(parts))
    labels = [site.label if site.label != site.species_string else "" for site in structure]
    return {
        "cell": np.array(structure.lattice.matrix, dtype=float),
        "scaled_positions": np.array(structure.frac_coords, dtype=float).reshape(-1, 3), "species": species,
        "labels": labels if any(labels) else [], "source": structure.copy(),
        **_displacements(properties.get("B_iso"), properties.get("U_aniso"), len(structure)),
    }


def _displacements(isotropic: Any, tensors: Any, count: int) -> dict[str, Any]:
    """NaN where there is none; zeros are what files write for none."""
    result: dict[str, Any] = {"b_iso": None, "u_aniso": None}
    u = None
    if tensors is not None:
        u = np.full((count, 3, 3), np.nan)
        for site, one in enumerate(tensors):
            if one is not None:
                u[site] = array(np.reshape(one, (3, 3)), f"U_aniso of site {site + 1}", (3, 3))
        u[(u == 0).all(axis=(1, 2))] = np.nan
        if not np.isnan(u).all():
            result["u_aniso"] = u
    if isotropic is not None:
        b = np.array([np.nan if one is None else float(one) for one in isotropic])
        b[b == 0] = np.nan
        if u is not None:
            b[~np.isnan(u).any(axis=(1, 2))] = np.nan
        if not np.isnan(b).all():
            result["b_iso"] = b
    return result


def to_ase(crystal: "Crystal") -> Any:
    """Their atoms with arrays, info and constraints where the crystal came from some; else new ones with what is known."""
    from ase import Atoms

    source = crystal.source
    if isinstance(source, Atoms) and len(source) == len(crystal):
        result = source.copy()
        constraints = result.constraints
        result.set_constraint()
        result.set_cell(crystal.cell, scale_atoms=False)
        result.positions[:] = crystal.positions
        result.set_constraint(constraints)
        return result
    for index, species in enumerate(crystal.species):
        if ":" in species:
            raise Error(f"{species}: ASE's atoms are whole", "use structure() for pymatgen's", f"site {index + 1}")
    result = Atoms([_species.element(one) for one in crystal.species], cell=crystal.cell, pbc=True)
    result.positions[:] = crystal.positions
    _take_over(result, crystal)
    if crystal.labels and any(crystal.labels):
        result.set_array("labels", np.array(crystal.labels))
    states = [_species.charge(one) for one in crystal.species]
    if any(states):
        result.set_array("oxidation", np.array(states))
    if any(_species.mass_number(one) for one in crystal.species):
        result.set_array("mass_number", np.array([_species.mass_number(one) for one in crystal.species]))
        masses = result.get_masses()
        for index, one in enumerate(crystal.species):
            if _species.mass_number(one):
                masses[index] = _species.mass(one)
        result.set_masses(masses)
    if crystal.b_iso is not None:
        result.set_array("B_iso", np.nan_to_num(crystal.b_iso))
    if crystal.u_aniso is not None:
        result.set_array("U_aniso", np.nan_to_num(crystal.u_aniso).reshape(-1, 9))
    return result


def _take_over(atoms: Any, crystal: "Crystal") -> None:
    """Moments, charges, constraints, tags and velocities of a pymatgen structure, by pymatgen's own conversion."""
    source = crystal.source
    if source is None or not hasattr(source, "frac_coords") or len(source) != len(crystal) or not source.is_ordered:
        return
    from pymatgen.io.ase import AseAtomsAdaptor

    theirs = AseAtomsAdaptor.get_atoms(source, msonable=False)
    for name, values in theirs.arrays.items():
        if name not in _OWN_ARRAYS and values.dtype.kind != "O":
            atoms.set_array(name, values)
    atoms.info.update(theirs.info)
    atoms.set_constraint(theirs.constraints)


def to_pymatgen(crystal: "Crystal") -> Any:
    """Their structure with site properties, labels, charge and properties where the crystal came from one; else a new one."""
    from pymatgen.core import Lattice, Structure

    source = crystal.source
    if source is not None and hasattr(source, "frac_coords") and len(source) == len(crystal):
        return Structure(
            Lattice(crystal.cell), source.species_and_occu, crystal.scaled_positions, charge=source._charge,
            site_properties=source.site_properties, labels=[site.label for site in source], properties=source.properties,
        )
    species, nuclides = [], []
    for one in crystal.species:
        parts: dict[str, float] = {}
        for part in one.split():
            name, _, share = part.partition(":")
            name = _species.without_mass_number(name)
            parts[name] = parts.get(name, 0) + (float(share) if share else 1.0)
        species.append(parts)
        numbers = {_species.mass_number(part) for part in one.split() if part[0].isdigit()}
        nuclides.append(numbers.pop() if len(numbers) == 1 and len(parts) == 1 else None)
    properties = _properties_of_atoms(crystal)
    if any(nuclides):
        properties["mass_number"] = nuclides
    if crystal.b_iso is not None:
        properties["B_iso"] = [None if np.isnan(one) else float(one) for one in crystal.b_iso]
    if crystal.u_aniso is not None:
        properties["U_aniso"] = [None if np.isnan(one).any() else one.tolist() for one in crystal.u_aniso]
    labels = [label or None for label in crystal.labels] if crystal.labels and any(crystal.labels) else None
    return Structure(Lattice(crystal.cell), species, crystal.scaled_positions, labels=labels, site_properties=properties)


def _properties_of_atoms(crystal: "Crystal") -> dict[str, list[Any]]:
    """Moments, tags, constraints and what else pymatgen's own conversion makes of ASE's atoms."""
    source = crystal.source
    if source is None or not hasattr(source, "get_scaled_positions") or len(source) != len(crystal):
        return {}
    from pymatgen.io.ase import AseAtomsAdaptor

    plain = source.copy()
    plain.info = {}
    return {name: list(values) for name, values in AseAtomsAdaptor.get_structure(plain).site_properties.items()}
