"""Powder patterns of a reduced structure, with exact derivatives."""

from __future__ import annotations

import json
from ctypes import byref, c_double
from dataclasses import dataclass
from typing import Any, Sequence

import numpy as np

from ._arguments import array, needed, number, plain, word
from ._errors import Error
from ._library import Handle, call, library, read_json
from ._reduction import Parameter, Reduced, reduce

#: Names of the similarities that ``Pattern.objective`` takes.
MEASURES = ("cosine", "mse", "entropy", "pearson", "rwp", "jensen-shannon", "wasserstein", "cdf", "cross-correlation")
#: Those that a target without intensity has a value for.
_OF_NOTHING = ("mse",)
#: The largest grid that the library takes.
_MOST_POINTS = 10_000_000


@dataclass(frozen=True)
class Stick:
    """A reflection: indices in the setting's cell, multiplicity, d (Å), 2θ (degrees), |F| per cell, intensity."""

    h: int
    k: int
    l: int
    multiplicity: int
    d: float
    two_theta: float
    F: float
    intensity: float


class Pattern:
    """The powder pattern of a structure on a grid of angles, to be calculated many times. Made by ``pattern``.

    ``x`` moves it: the values of ``names``. It is a copy of the structure; moving one leaves the other. It can be copied and
    pickled.
    """

    def __init__(self, reduced: Reduced, two_theta: np.ndarray, options: dict[str, Any]):
        self._made_from = (reduced.copy(), two_theta, options)
        self.two_theta = two_theta
        self._handle = Handle(
            "pattern", "pattern_create", reduced._handle, json.dumps(options).encode(),
            two_theta.ctypes.data, len(two_theta),
        )
        told = read_json("pattern_parameters", self._handle)
        #: The parameters that ``x`` has the values of, in that order.
        self.names: list[str] = told["free"]
        #: Every parameter of the pattern, as it was made: instrument, scale and structure.
        self.parameters: list[Parameter] = [Parameter(**row) for row in told["parameters"]]
        #: What limits the pattern, a sentence each.
        self.warnings: list[str] = told["warnings"]
        self._count = len(self.names)

    def __len__(self) -> int:
        return len(self.two_theta)

    @property
    def x(self) -> np.ndarray:
        """The values of ``names``; a copy. Set it as a whole."""
        values = np.empty(self._count)
        call("pattern_values", self._handle, values.ctypes.data, self._count)
        return values

    @x.setter
    def x(self, values: Any) -> None:
        numbers = array(values, "x", (self._count,))
        call("pattern_set_values", self._handle, numbers.ctypes.data, self._count)

    @property
    def profile(self) -> np.ndarray:
        """Intensities on ``two_theta``, background included."""
        result = np.empty(len(self))
        call("pattern_profile", self._handle, result.ctypes.data, len(self), None, 0)
        return result

    @property
    def background(self) -> np.ndarray:
        """The background's part of the profile."""
        profile, result = np.empty(len(self)), np.empty(len(self))
        call("pattern_profile", self._handle, profile.ctypes.data, len(self), result.ctypes.data, len(self))
        return result

    @property
    def sticks(self) -> list[Stick]:
        """The reflections inside the range, by 2θ."""
        return [
            Stick(row["h"], row["k"], row["l"], row["multiplicity"], row["d"], row["twoTheta"], row["F"], row["intensity"])
            for row in read_json("pattern_sticks", self._handle)
        ]

    def gradient(self, cotangent: Any) -> np.ndarray:
        """∂L/∂x from ∂L/∂profile: one reverse pass, whatever the number of parameters (torch's and jax's vjp)."""
        slopes = array(cotangent, "cotangent", (len(self),))
        result = np.empty(self._count)
        call("pattern_gradient", self._handle, slopes.ctypes.data, len(self), result.ctypes.data, self._count)
        return result

    @property
    def jacobian(self) -> np.ndarray:
        """∂profile/∂x, (parameters, points)."""
        result = np.empty((self._count, len(self)))
        call("pattern_jacobian", self._handle, result.ctypes.data, result.size)
        return result

    def objective(self, target: Any, measure: str = "cosine", weights: Any = None) -> "Objective":
        """How alike the pattern is to a target on its grid, as a function of x with its gradient.

        Args:
            target: intensities on ``two_theta``.
            measure: one of ``MEASURES``.
            weights: 1/σ² for ``rwp``; 1 everywhere if None.
        """
        return Objective(self, target, measure, weights)

    def plot(self, ax: Any = None, **keywords: Any) -> Any:
        """Draws the profile with matplotlib; returns the axes."""
        if ax is None:
            ax = needed("matplotlib.pyplot", "a plot").subplots()[1]
        ax.plot(self.two_theta, self.profile, **keywords)
        ax.set_xlabel("2θ (°)")
        ax.set_ylabel("intensity")
        return ax

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (*self._made_from, self.x)

    def __copy__(self) -> "Pattern":
        return _again(*self._made_from, self.x)

    def __deepcopy__(self, _: Any) -> "Pattern":
        return _again(*self._made_from, self.x)

    def __repr__(self) -> str:
        return f"<Pattern {self.two_theta[0]}–{self.two_theta[-1]}° 2θ, {len(self)} points, {self._count} parameters>"


class Objective:
    """A similarity or distance of a pattern to a target: ``objective(x)`` is (value, gradient).

    ``loss(x)`` is the same to be minimised: 1 − value of a similarity. Plugs into
    ``scipy.optimize.minimize(objective.loss, x, jac=True)``.
    """

    def __init__(self, pattern: Pattern, target: Any, measure: str, weights: Any):
        self.pattern, self.measure = pattern, measure
        name = word(measure, "the measure")
        points = array(target, "target", (len(pattern),))
        given = None if weights is None else array(weights, "weights", (len(pattern),))
        if measure in MEASURES and measure not in _OF_NOTHING and not points.any():
            raise Error("the target has no intensity", "give one that is not zero everywhere")
        if given is not None:
            _check(given, measure)
        self._given = (points.copy(), None if given is None else given.copy())
        self._handle = Handle(
            "objective", "objective_create", pattern._handle, name, points.ctypes.data,
            len(points), None if given is None else given.ctypes.data, 0 if given is None else len(given),
        )

    @property
    def is_similarity(self) -> bool:
        """Whether a larger value means more alike."""
        return bool(library.c.wyckoff_objective_is_similarity(self._handle))

    def __call__(self, x: Any) -> tuple[float, np.ndarray]:
        count = len(self.pattern.names)
        values = array(x, "x", (count,))
        value, gradient = c_double(), np.empty(count)
        call(
            "objective_evaluate", self._handle, values.ctypes.data, count, byref(value), gradient.ctypes.data,
            count,
        )
        return value.value, gradient

    def value(self, x: Any) -> float:
        """Without the gradient."""
        count = len(self.pattern.names)
        values = array(x, "x", (count,))
        value = c_double()
        call("objective_evaluate", self._handle, values.ctypes.data, count, byref(value), None, 0)
        return value.value

    def loss(self, x: Any) -> tuple[float, np.ndarray]:
        """What is to be minimised, with its gradient."""
        value, gradient = self(x)
        return (1 - value, -gradient) if self.is_similarity else (value, gradient)

    def __reduce__(self) -> tuple[Any, ...]:
        points, weights = self._given
        return Objective, (self.pattern, points, self.measure, weights)


def _check(weights: np.ndarray, measure: str) -> None:
    if measure != "rwp":
        raise Error(f"weights of {measure}", "leave them out: only rwp has weights")
    if not (weights >= 0).all() or not weights.any():
        raise Error("weights that are negative, or all zero", "give 1/σ²")


def _again(reduced: Reduced, two_theta: np.ndarray, options: dict[str, Any], x: np.ndarray) -> Pattern:
    result = Pattern(reduced, two_theta, options)
    result.x = x
    return result


def pattern(
    structure: Any, two_theta: Sequence[float] | np.ndarray | tuple[float, float, float] = (5, 90, 0.02), *,
    free: Sequence[str] | None = None, tolerance: float = 0.01, **options: Any,
) -> Pattern:
    """The powder pattern of a structure.

    Args:
        structure: a ``Reduced``, or what ``reduce`` takes.
        two_theta: degrees, ascending; or (from, to, step).
        free: names of the parameters that ``x`` has; None for those of the structure.
        tolerance: Å, where the structure is still to be reduced.
        **options: as of ``wyckoff pattern``: wavelength (name or Å), radiation, profile, fwhm, caglioti, lorentz, eta,
            geometry, polarization, axial, zero, displacement, transparency, absorption, background, highest, overall_b,
            form_factors, dispersion, displacements, normalize, divergence.

    Raises:
        Error: for an option that is unknown or out of its range, for a range without reflection.
    """
    reduced = structure if isinstance(structure, Reduced) else reduce(structure, tolerance)
    given = {_camel(name): plain(value, name) for name, value in options.items() if value is not None}
    if free is not None:
        names = [free] if isinstance(free, str) else list(free)
        twice = next((name for index, name in enumerate(names) if name in names[:index]), None)
        if twice is not None:
            raise Error(f"{twice} stands twice in free", "name it once")
        given["free"] = plain(names, "free")
    return Pattern(reduced, _angles(two_theta), given)


def _angles(two_theta: Any) -> np.ndarray:
    """A grid as it is, or of (from, to, step)."""
    if isinstance(two_theta, tuple) and len(two_theta) in (2, 3):
        if len(two_theta) == 2:
            raise Error(f"the angles {two_theta} have no step", "give (from, to, step), or a list of angles")
        first, last, step = (number(one, "an angle") for one in two_theta)
        if not (step > 0 and first < last < np.inf):
            raise Error(f"no angles from {first} to {last} by {step}", "give (from, to, step) with a step above 0")
        if (last - first) / step >= _MOST_POINTS:
            raise Error(f"more than {_MOST_POINTS} angles from {first} to {last} by {step}", "take a larger step")
        two_theta = first + step * np.arange(int(round((last - first) / step)) + 1)
    angles = array(two_theta, "the angles")
    if angles.ndim != 1 or not 0 < angles.size <= _MOST_POINTS:
        raise Error(f"the angles: an array of shape {angles.shape}", "give (from, to, step) or a list of angles")
    return angles.copy()


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)
