"""How large and how stiff the atoms of metals are: what an alloy is made of."""

from __future__ import annotations

#: Å³ and GPa: volume of an atom and isothermal bulk modulus of the element (Kittel, Introduction to Solid State Physics, 8th
#: edition, tables 1.4 and 3.3; tin: white tin's modulus).
METALS: dict[str, tuple[float, float]] = {
    "Li": (21.28, 11.6), "Be": (8.26, 100.3), "Na": (37.71, 6.8), "Mg": (23.26, 35.4), "Al": (16.61, 72.2), "K": (71.33, 3.2),
    "Ca": (43.48, 15.2), "Sc": (23.42, 43.5), "Ti": (17.67, 105.1), "V": (13.85, 161.9), "Cr": (12.00, 190.1),
    "Mn": (12.22, 59.6), "Fe": (11.76, 168.3), "Co": (11.15, 191.4), "Ni": (10.94, 186.0), "Cu": (11.83, 137.0),
    "Zn": (15.27, 59.8), "Ga": (19.61, 56.9), "Rb": (87.11, 3.1), "Sr": (56.18, 11.6), "Y": (33.11, 36.6), "Zr": (23.31, 83.3),
    "Nb": (17.99, 170.2), "Mo": (15.58, 272.5), "Tc": (14.20, 297.0), "Ru": (13.59, 320.8), "Rh": (13.77, 270.4),
    "Pd": (14.71, 180.8), "Ag": (17.09, 100.7), "Cd": (21.55, 46.7), "In": (26.11, 41.1), "Sn": (27.62, 58.0), "Sb": (30.21, 38.3),
    "Cs": (110.50, 2.0), "Ba": (62.50, 10.3), "La": (37.04, 24.3), "Ce": (34.36, 23.9), "Pr": (34.25, 30.6), "Nd": (34.13, 32.7),
    "Sm": (33.00, 29.4), "Eu": (49.02, 14.7), "Gd": (33.11, 38.3), "Tb": (31.06, 39.9), "Dy": (31.55, 38.4), "Ho": (31.06, 39.7),
    "Er": (30.67, 41.1), "Tm": (30.12, 39.7), "Yb": (33.11, 13.3), "Lu": (29.50, 41.1), "Hf": (22.12, 109.0), "Ta": (18.02, 200.0),
    "W": (15.87, 323.2), "Re": (14.71, 372.0), "Os": (14.01, 418.0), "Ir": (14.16, 355.0), "Pt": (15.11, 278.3),
    "Au": (16.95, 173.2), "Hg": (23.47, 38.2), "Tl": (28.57, 35.9), "Pb": (30.30, 43.0), "Bi": (35.46, 31.5), "Th": (32.89, 54.3),
    "Pa": (24.94, 76.0), "U": (20.83, 98.7), "Np": (19.23, 68.0), "Pu": (23.47, 54.0),
}

#: GPa Å³ in an eV.
_GIGAPASCAL = 160.2177


def alloy(symbols: list[str]) -> tuple[float, float] | None:
    """Volume (Å³) of the cell and mean bulk modulus times volume of an atom (eV), both by the rule of mixtures; None with any other
    element than metals."""
    if not symbols or any(symbol not in METALS for symbol in symbols):
        return None
    volume = sum(METALS[symbol][0] for symbol in symbols)
    stiffness = sum(METALS[symbol][0] * METALS[symbol][1] for symbol in symbols) / _GIGAPASCAL
    return volume, stiffness / len(symbols)
