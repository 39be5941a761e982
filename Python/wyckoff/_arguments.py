"""What callers pass, checked before it reaches the library: numbers, names, arrays. Anything else is an ``Error`` of one line."""

from __future__ import annotations

import importlib
import os
from typing import Any

import numpy as np

from ._errors import Error

#: Of what a caller passed, so many characters are shown.
_SHOWN = 40


def _shown(value: Any) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def number(value: Any, what: str) -> float:
    """A real number of Python or numpy; no text, no truth value, no array."""
    if not isinstance(value, (bool, np.bool_, str, bytes)) and np.ndim(value) == 0:
        try:
            return float(value)
        except (TypeError, ValueError, OverflowError):
            pass
    raise Error(f"{what}: {_shown(value)} is no number", "pass one number")


def whole(value: Any, what: str) -> int:
    """A whole number that fits 64 bits; 3.0 is one."""
    real = number(value, what)
    if not (np.isfinite(real) and real == np.floor(real) and abs(real) < 2**53):
        raise Error(f"{what}: {_shown(value)} is no whole number", "pass a whole number")
    return int(value)


def word(value: Any, what: str) -> bytes:
    """A text as C takes it."""
    if not isinstance(value, str):
        raise Error(f"{what}: {_shown(value)} is no text", "pass a str")
    try:
        text = value.encode()
    except UnicodeEncodeError:
        raise Error(f"{what}: {ascii(value)[:_SHOWN]} is no Unicode", "pass a str that UTF-8 can hold") from None
    if b"\0" in text:
        raise Error(f"{what}: {_shown(value)} has a NUL in it", "leave it out")
    return text


def path(value: Any, what: str = "the path") -> bytes:
    """A path as C takes it."""
    try:
        text = os.fsencode(value)
    except (TypeError, UnicodeEncodeError):
        raise Error(f"{what}: {_shown(value)} is no path", "pass a str or a pathlib.Path") from None
    if b"\0" in text:
        raise Error(f"{what}: {_shown(value)} has a NUL in it", "leave it out")
    return text


def array(values: Any, what: str, shape: tuple[int, ...] | None = None) -> np.ndarray:
    """A dense array of doubles of that shape (any number of dimensions if None); no copy where it is one already."""
    if np.ma.is_masked(values):
        raise Error(f"{what}: some numbers are masked", "pass those that are meant: array.compressed(), array.filled(…)")
    try:
        given = np.asarray(values)
        if given.dtype.kind not in "iufO":
            raise Error(f"{what}: {given.dtype} are no real numbers", "pass floats")
        result = np.ascontiguousarray(given, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as reason:
        raise Error(f"{what}: {reason}", "pass numbers") from None
    # ascontiguousarray makes one of no dimension one of one.
    if shape is not None and given.shape != shape:
        raise Error(f"{what}: an array of shape {given.shape}", f"pass shape {shape}")
    return result.reshape(given.shape)


def plain(value: Any, what: str) -> Any:
    """What JSON can hold of an option: numpy's scalars and arrays as Python's."""
    if isinstance(value, (np.ndarray, np.generic)):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return [plain(one, what) for one in value]
    if isinstance(value, float) and not np.isfinite(value):
        raise Error(f"{what}: {value} is not finite", "pass a finite number")
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise Error(f"{what}: {_shown(value)} is no option", "pass a number, a text, a truth value or a list of them")


def needed(module: str, what: str) -> Any:
    """A package that not everybody has.

    Raises:
        Error: where it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError:
        package = module.split(".")[0]
        raise Error(f"{what} needs {package}, which is not installed", f"pip install {package}") from None
