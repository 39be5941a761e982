"""Species as texts: ``Fe``, ``O2-``, ``D``, ``7Li``, of a shared site ``Ti4+:0.5 Zr4+:0.25``."""

from __future__ import annotations

import re
from ctypes import byref, c_double
from typing import Any

from ._arguments import whole
from ._errors import Error
from ._library import call

SYMBOLS = (
    "X H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb Mo Tc"
    " Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi"
    " Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og"
).split()

_PARTS = re.compile(r"(\d*)([A-Za-z]+)(.*)")
#: u; masses of nuclides are written with three decimals or more, and tables of elements differ by less than the other.
_NUCLIDE_ROUNDING, _ELEMENT_DIFFERENCE = 0.002, 0.02
_HEAVY_HYDROGEN = {"D": 2, "T": 3}


def symbol_of(number: Any, index: int) -> str:
    """Of an atomic number."""
    known = whole(number, f"the atomic number of site {index + 1}")
    if not 0 < known < len(SYMBOLS):
        raise Error(f"{number} is no atomic number", "give 1 to 118", f"site {index + 1}")
    return SYMBOLS[known]


def _split(species: str) -> tuple[str, str, str]:
    """Mass number, letters and charge of one species, each as it is written."""
    parts = _PARTS.match(species.split(":")[0])
    return (parts[1], parts[2], parts[3]) if parts else ("", species, "")


def element(species: str) -> str:
    """The symbol of the element; hydrogen of D and T."""
    letters = _split(species)[1]
    return "H" if letters in _HEAVY_HYDROGEN else letters


def mass_number(species: str) -> int:
    """0 of the natural mixture."""
    digits, letters, _ = _split(species)
    return int(digits) if digits else _HEAVY_HYDROGEN.get(letters, 0)


def charge(species: str) -> int:
    """In elementary charges; 0 where none is stated."""
    text = _split(species)[2]
    if not text or text[-1] not in "+-":
        return 0
    return int(text[:-1] or 1) * (1 if text[-1] == "+" else -1)


def without_mass_number(species: str) -> str:
    """As pymatgen reads it: a nuclide's element, but D and T, which it knows."""
    return species.lstrip("0123456789")


def written(symbol: str, charge: float | None = None, nuclide: int = 0) -> str:
    """A species as a text; a charge that is broken or beyond -4 to 9 is left out."""
    if nuclide and symbol not in _HEAVY_HYDROGEN:
        heavy = next((letter for letter, number in _HEAVY_HYDROGEN.items() if (symbol, nuclide) == ("H", number)), None)
        symbol = heavy or f"{nuclide}{symbol}"
    if not charge or charge != round(charge) or not -4 <= charge <= 9:
        return symbol
    return f"{symbol}{abs(int(charge))}{'+' if charge > 0 else '-'}"


def shared(parts: dict[str, float]) -> str:
    """Of what shares a site, with the occupancy of each."""
    if len(parts) == 1 and abs(next(iter(parts.values())) - 1) < 1e-8:
        return next(iter(parts))
    return " ".join(f"{name}:{float(share)!r}" for name, share in parts.items())


def mass(species: str) -> float:
    """u, of one atom; raises where there is no such species."""
    result = c_double()
    call("species_mass", species.encode(), byref(result))
    return result.value


def nuclide_of(symbol: str, atom: float) -> int:
    """The mass number of the nuclide of that mass (u); 0 where the mass is the natural mixture's or no nuclide's."""
    if not 1 <= atom <= 300 or abs(atom - mass(symbol)) <= _ELEMENT_DIFFERENCE:
        return 0
    number = round(atom)
    try:
        return number if abs(mass(f"{number}{symbol}") - atom) < _NUCLIDE_ROUNDING else 0
    except Error:
        return 0
