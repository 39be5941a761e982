"""The C interface (wyckoff.h) by ctypes: where the library is, what its functions take, errors as exceptions."""

from __future__ import annotations

import ctypes
import json
import os
import pathlib
import threading
from ctypes import POINTER, byref, c_char_p, c_double, c_int32, c_int64, c_void_p
from typing import Any, Callable

from ._errors import Error

INTERFACE = 1
_HERE = pathlib.Path(__file__).resolve().parent


def _library_path() -> pathlib.Path:
    named = os.environ.get("WYCKOFF_LIBRARY")
    if named:
        return pathlib.Path(named)
    suffix = "dylib" if os.uname().sysname == "Darwin" else "so"
    # In the wheel; in a checkout.
    places = [
        _HERE / "lib" / f"libwyckoff.{suffix}",
        _HERE.parent.parent / ".build" / "release" / f"libWyckoffInterface.{suffix}",
    ]
    for place in places:
        if place.exists():
            return place
    raise Error(
        f"the library is not at {places[0]}",
        "install the wheel, or build it: swift build -c release --product WyckoffInterface",
    )


class _Error(ctypes.Structure):
    _fields_ = [("code", c_int32), ("line", c_char_p), ("problem", c_char_p), ("remedy", c_char_p), ("place", c_char_p)]


_P, _H, _N, _T, _TT = c_void_p, c_void_p, c_int64, c_char_p, POINTER(c_char_p)
_OUT, _TEXT = POINTER(c_void_p), POINTER(c_void_p)
_D = POINTER(c_double)
_E = POINTER(POINTER(_Error))

# What each function that can fail takes before its error.
_FALLIBLE: dict[str, list[Any]] = {
    "structure_create": [_P, _N, _P, _TT, _TT, _OUT],
    "structure_read": [_T, _N, _OUT, _TEXT],
    "structure_geometry": [_H, _P, _N, _P, _N],
    "structure_sites": [_H, _TEXT],
    "structure_described": [_H, _T, _P, _N, _P, _N, _OUT],
    "structure_displacements": [_H, _P, _N, _P, _N],
    "structure_text": [_H, _T, _TEXT],
    "species_mass": [_T, _D],
    "symmetry": [_H, c_double, c_int32, _TEXT],
    "standardize": [_H, c_double, _T, _OUT],
    "reduce": [_H, c_double, _OUT],
    "reduced_copy": [_H, _OUT],
    "reduced_parameters": [_H, _TEXT],
    "reduced_orbits": [_H, _P, _N],
    "reduced_values": [_H, _P, _N, _P, _N],
    "reduced_set_values": [_H, _P, _N],
    "reduced_geometry": [_H, _P, _N, _P, _N],
    "reduced_jacobian": [_H, _P, _N, _P, _N],
    "reduced_gradient": [_H, _P, _N, _P, _N, _P, _N],
    "reduced_structure": [_H, _OUT],
    "reduced_subgroups": [_H, _TEXT],
    "reduced_in_subgroup": [_H, _N, _OUT],
    "space_create": [_H, c_int32, c_int32, c_double, _OUT],
    "space_geometry": [_H, _P, _N, _P, _N, _P, _N],
    "space_gradient": [_H, _P, _N, c_double, _P, _N, _P, _N, _D, _P, _P],
    "space_reduced": [_H, _P, _N, _OUT],
    "pattern_create": [_H, _T, _P, _N, _OUT],
    "pattern_parameters": [_H, _TEXT],
    "pattern_values": [_H, _P, _N],
    "pattern_set_values": [_H, _P, _N],
    "pattern_profile": [_H, _P, _N, _P, _N],
    "pattern_sticks": [_H, _TEXT],
    "pattern_gradient": [_H, _P, _N, _P, _N],
    "pattern_jacobian": [_H, _P, _N],
    "objective_create": [_H, _T, _P, _N, _P, _N, _OUT],
    "objective_evaluate": [_H, _P, _N, _D, _P, _N],
    "potential_create": [_T, c_int32, _OUT],
    "potential_evaluate": [_H, _H, _D, _P, _N, _P, _N, _P, _N],
    "potential_evaluate_reduced": [_H, _H, _D, _P, _N, _P, _N, _P, _N],
}
_COUNTS = ["structure_count", "reduced_count", "reduced_atoms", "space_count", "pattern_count", "pattern_points"]
_KINDS = ["structure", "reduced", "space", "pattern", "objective", "potential"]


class _Library:
    def __init__(self) -> None:
        path = _library_path()
        try:
            self.c = ctypes.CDLL(str(path))
        except OSError as reason:
            raise Error(
                f"the library cannot be loaded: {reason}", "install the wheel of this platform", str(path)
            ) from None
        self.functions: dict[str, Callable[..., int]] = {}
        self.c.wyckoff_interface.restype = c_int32
        if self.c.wyckoff_interface() != INTERFACE:
            raise Error(
                f"the library has interface {self.c.wyckoff_interface()}, this package needs {INTERFACE}",
                "install both from one wheel",
                str(path),
            )
        for name, arguments in _FALLIBLE.items():
            function = getattr(self.c, "wyckoff_" + name)
            function.restype, function.argtypes = c_int32, [*arguments, _E]
            self.functions[name] = function
        for name in _COUNTS:
            function = getattr(self.c, "wyckoff_" + name)
            function.restype, function.argtypes = c_int64, [_H]
        for kind in _KINDS:
            function = getattr(self.c, f"wyckoff_{kind}_free")
            function.restype, function.argtypes = None, [_H]
        self.c.wyckoff_objective_is_similarity.argtypes = [_H]
        self.c.wyckoff_objective_is_similarity.restype = c_int32
        self.c.wyckoff_error_free.argtypes, self.c.wyckoff_error_free.restype = [POINTER(_Error)], None
        self.c.wyckoff_text_free.argtypes, self.c.wyckoff_text_free.restype = [c_void_p], None
        self.c.wyckoff_version.restype = c_void_p

    def version(self) -> str:
        return self.taken(c_void_p(self.c.wyckoff_version()))

    def taken(self, text: c_void_p) -> str:
        """The text that the library gave, which is freed."""
        try:
            return ctypes.string_at(text.value or 0).decode() if text.value else ""
        finally:
            self.c.wyckoff_text_free(text)


library = _Library()


class _ForkGate:
    """Lets a fork wait until no other thread is inside the library, and calls until a fork is over.

    A child has only the thread that forked: a lock that another thread held would stay locked in it for ever.
    """

    def __init__(self) -> None:
        self._reset()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(before=self._before, after_in_parent=self._after, after_in_child=self._reset)

    def _reset(self) -> None:
        self._changed = threading.Condition(threading.Lock())
        # Threads, not a count of them: an interrupt that strikes on the way out is made good by the thread's next call.
        self._inside: set[int] = set()
        self._forking = False

    def __enter__(self) -> None:
        with self._changed:
            while self._forking:
                self._changed.wait()
            self._inside.add(threading.get_ident())

    def __exit__(self, *_: Any) -> None:
        with self._changed:
            self._inside.discard(threading.get_ident())
            if self._forking:
                self._changed.notify_all()

    def _before(self) -> None:
        own = {threading.get_ident()}
        with self._changed:
            while self._forking:
                self._changed.wait()
            self._forking = True
            while self._inside - own:
                self._changed.wait()

    def _after(self) -> None:
        with self._changed:
            self._forking = False
            self._changed.notify_all()


_gate = _ForkGate()


def call(name: str, *arguments: Any) -> None:
    """A function of the interface.

    Raises:
        Error: with the library's one line.
    """
    error = POINTER(_Error)()
    with _gate:
        code = library.functions[name](*arguments, byref(error))
    if code == 0:
        return
    try:
        parts = [None if part is None else part.decode() for part in
                 (error.contents.problem, error.contents.remedy, error.contents.place)]
    finally:
        library.c.wyckoff_error_free(error)
    raise Error(parts[0] or "unknown error", parts[1], parts[2], code)


def text(name: str, *arguments: Any) -> str:
    """What a function gives as its last result, a text."""
    place = c_void_p()
    call(name, *arguments, byref(place))
    return library.taken(place)


def read_json(name: str, *arguments: Any) -> Any:
    return json.loads(text(name, *arguments))


class Handle:
    """An object of the library, freed with this one."""

    __slots__ = ("pointer", "kind", "__weakref__")

    def __init__(self, kind: str, name: str, *arguments: Any) -> None:
        place = c_void_p()
        self.pointer: int | None = None
        self.kind = kind
        call(name, *arguments, byref(place))
        self.pointer = place.value

    @property
    def _as_parameter_(self) -> c_void_p:
        """Handles themselves are passed, so that none is freed in the middle of a call."""
        return c_void_p(self.pointer)

    def count(self, what: str = "count") -> int:
        with _gate:
            return int(getattr(library.c, f"wyckoff_{self.kind}_{what}")(self.pointer))

    def __del__(self) -> None:
        pointer, self.pointer = self.pointer, None
        if pointer is not None:
            getattr(library.c, f"wyckoff_{self.kind}_free")(pointer)

    def __reduce__(self):
        raise TypeError("this object of the library cannot be copied or pickled; do so with the structure that it was made from")
