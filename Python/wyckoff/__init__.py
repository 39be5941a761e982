"""Wyckoff: crystal structures in the space that their symmetry leaves free.

    import wyckoff
    reduced = wyckoff.reduce(atoms)          # ase.Atoms, pymatgen's Structure, a tuple, a file
    reduced.x = reduced.x * 1.01             # only free parameters
    atoms = reduced.atoms()                  # the space group, exactly

``wyckoff.ase.SymmetryFilter`` relaxes inside the group with any ASE calculator.
"""

from ._command import Result, command_path
from ._crystal import Crystal, read
from ._errors import Error
from ._jobs import (
    Fit, IndexResult, Lattice, MapResult, MatchResult, ScanResult, StructureResult, ValidationResult, index, map, match,
    recover, refine, scan, solve, validate,
)
from ._library import library as _native
from ._pattern import MEASURES, Objective, Pattern, Stick, pattern
from ._reduction import Jacobian, Parameter, Position, Reduced, reduce
from ._symmetry import Rung, SpaceGroup, Subgroup, Symmetry, find

__version__ = _native.version()


def __getattr__(name: str) -> object:
    """``wyckoff.ase`` without an import of its own; it needs ASE, which the rest does not."""
    if name == "ase":
        import importlib

        return importlib.import_module(".ase", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "Crystal", "Error", "Fit", "IndexResult", "Jacobian", "Lattice", "MEASURES", "MapResult", "MatchResult", "Objective",
    "Parameter", "Pattern", "Position", "Reduced", "Result", "Rung", "ScanResult", "SpaceGroup", "Stick", "StructureResult",
    "Subgroup", "Symmetry", "ValidationResult", "command_path", "find", "index", "map", "match", "pattern", "read", "recover",
    "reduce", "refine", "scan", "solve", "validate",
]
