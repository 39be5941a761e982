"""Derivatives against central differences."""

import numpy as np
import pytest
import wyckoff
from ase.calculators.lj import LennardJones
from ase.spacegroup import crystal
from conftest import DATA


def differences(function, x, step):
    """(f(x + h) − f(x − h))/2h, one row for each number of x."""
    rows = []
    for k in range(len(x)):
        h = np.zeros(len(x))
        h[k] = step[k]
        rows.append((np.asarray(function(x + h)) - np.asarray(function(x - h))) / (2 * step[k]))
    return np.array(rows)


def test_positions_and_cell_follow_x_as_the_jacobian_says(atoms):
    reduced = wyckoff.reduce(atoms, tolerance=1e-3)
    x, scales = reduced.x, reduced.scales
    jacobian = reduced.jacobian

    def at(values, read):
        reduced.x = values
        return read()

    step = 1e-5 * scales
    cells = differences(lambda v: at(v, lambda: reduced.cell), x, step)
    places = differences(lambda v: at(v, lambda: reduced.scaled_positions), x, step)
    cartesian = differences(lambda v: at(v, lambda: reduced.scaled_positions @ reduced.cell), x, step)
    assert np.abs(jacobian.cell - cells).max() < 1e-7
    assert np.abs(jacobian.scaled_positions - places).max() < 1e-7
    assert np.abs((jacobian.positions - cartesian) * scales[:, None, None]).max() < 1e-7


def test_the_gradient_of_an_energy_is_its_slope(atoms):
    reduced = wyckoff.reduce(atoms, tolerance=1e-3)
    x, scales = reduced.x, reduced.scales

    def energy(values):
        reduced.x = values
        moved = reduced.atoms()
        moved.calc = LennardJones(sigma=2.0, epsilon=0.3, rc=5.0, smooth=True)
        return moved

    whole = energy(x)
    gradient = reduced.gradient(whole.get_forces(), whole.get_stress())
    assert np.allclose(gradient, reduced.gradient(whole.get_forces(), whole.get_stress(voigt=False)))
    slopes = differences(lambda v: energy(v).get_potential_energy(), x, 1e-5 * scales)
    # Per Å of a move.
    size = max(1.0, np.abs(gradient * scales).max())
    assert np.abs((gradient - slopes) * scales).max() < 2e-6 * size


@pytest.mark.parametrize("measure", wyckoff.MEASURES)
def test_the_gradient_of_every_similarity_is_its_slope(measure):
    rutile = crystal(["Ti", "O"], [(0, 0, 0), (0.305, 0.305, 0)], spacegroup=136, cellpar=[4.594, 4.594, 2.959, 90, 90, 90])
    grid = (15, 80, 0.05)
    target = wyckoff.pattern(rutile, grid, fwhm=0.4, wavelength=1.5406)
    reduced = wyckoff.reduce(rutile)
    reduced.x = reduced.x + [0.01, -0.006, 0.004]
    pattern = wyckoff.pattern(reduced, grid, fwhm=0.4, wavelength=1.5406)
    assert pattern.names == reduced.names
    objective = pattern.objective(target.profile, measure)
    x = reduced.x
    value, gradient = objective(x)
    slopes = differences(objective.value, x, np.full(3, 1e-6))
    assert value == pytest.approx(objective.value(x))
    assert np.abs(gradient - slopes).max() < 2e-4 * max(1e-6, np.abs(gradient).max())
    best = objective(target.x)[0]
    assert (best >= value) if objective.is_similarity else (best <= value)


def test_the_jacobian_of_a_profile_and_its_transpose_agree():
    pattern = wyckoff.pattern(DATA / "structures" / "pbso4.cif", (15, 60, 0.05))
    jacobian = pattern.jacobian
    cotangent = np.random.default_rng(1).normal(size=len(pattern))
    ours = pattern.gradient(cotangent)
    assert np.allclose(ours, jacobian @ cotangent, rtol=1e-8, atol=1e-8 * np.abs(jacobian).max())

    def profile(values):
        pattern.x = values
        return pattern.profile

    x = pattern.x
    slopes = differences(profile, x, np.full(len(x), 1e-6))
    assert np.abs(jacobian - slopes).max() < 1e-4 * np.abs(jacobian).max()


def test_a_pattern_is_that_of_the_command(tmp_path):
    from wyckoff._command import run
    file = str(DATA / "structures" / "pbso4.cif")
    told = run(["pattern", file, "--range", "10:60:0.05", "--json"]).json
    pattern = wyckoff.pattern(file, (10, 60, 0.05))
    assert np.allclose(pattern.profile, told["intensity"], rtol=1e-6, atol=1e-3)
    lines = run(["pattern", file, "--range", "10:60:0.05", "--json", "--reflections"]).json["reflections"]
    assert [(s.h, s.k, s.l) for s in pattern.sticks] == [(r["h"], r["k"], r["l"]) for r in lines]
    assert np.allclose([s.intensity for s in pattern.sticks], [r["intensity"] for r in lines], rtol=1e-6)


@pytest.mark.parametrize(
    "options, words",
    [
        ({"wavelength": "Unobtainium"}, "Unobtainium"), ({"fwhm": -1}, "fwhm"), ({"nonsense": 1}, "nonsense"),
        ({"radiation": "gamma"}, "radiation"), ({"free": ["q"]}, "q"), ({"fwhm": "wide"}, "fwhm"),
        ({"two_theta": (1, 2, 0.01)}, "reflection"), ({"two_theta": [3, 2, 1]}, ""), ({"two_theta": (5, 4, 1)}, "angles"),
    ],
)
def test_bad_options_of_a_pattern_are_told(options, words):
    with pytest.raises(wyckoff.Error) as told:
        wyckoff.pattern((np.eye(3) * 4, [[0, 0, 0]], [29]), **{"two_theta": (10, 60, 0.1), **options})
    assert words in str(told.value)


def test_scipy_finds_the_way_back():
    from scipy.optimize import minimize

    rutile = crystal(["Ti", "O"], [(0, 0, 0), (0.305, 0.305, 0)], spacegroup=136, cellpar=[4.594, 4.594, 2.959, 90, 90, 90])
    target = wyckoff.pattern(rutile, (15, 80, 0.05), fwhm=0.6)
    pattern = wyckoff.pattern(rutile, (15, 80, 0.05), fwhm=0.6)
    objective = pattern.objective(target.profile)
    start = target.x + [0.02, 0.01, 0.01]
    found = minimize(objective.loss, start, jac=True, method="L-BFGS-B")
    assert np.abs(found.x - target.x).max() < 1e-3


def moved_rutile():
    rutile = crystal(["Ti", "O"], [(0, 0, 0), (0.305, 0.305, 0)], spacegroup=136, cellpar=[4.594, 4.594, 2.959, 90, 90, 90])
    return wyckoff.pattern(rutile, (15, 80, 0.1), fwhm=0.6)


def test_jax_differentiates_through_a_profile():
    jax = pytest.importorskip("jax", reason="jax is not installed")
    jax.config.update("jax_enable_x64", True)
    pattern = moved_rutile()

    def values(x):
        pattern.x = np.asarray(x)
        return pattern.profile

    def slopes(x, slope):
        pattern.x = np.asarray(x)
        return pattern.gradient(np.asarray(slope))

    @jax.custom_vjp
    def profile(x):
        return jax.pure_callback(values, jax.ShapeDtypeStruct(pattern.profile.shape, float), x)

    profile.defvjp(
        lambda x: (profile(x), x),
        lambda x, slope: (jax.pure_callback(slopes, jax.ShapeDtypeStruct(x.shape, float), x, slope),),
    )
    loss = jax.jit(lambda x: (profile(x) ** 2).mean())
    x = pattern.x + 0.01
    gradient = np.asarray(jax.jit(jax.grad(loss))(x))
    expected = differences(lambda v: float(loss(v)), x, np.full(len(x), 1e-6))
    assert np.allclose(gradient, expected, rtol=1e-6)


def test_torch_differentiates_through_a_profile():
    torch = pytest.importorskip("torch", reason="torch is not installed")
    pattern = moved_rutile()

    class Profile(torch.autograd.Function):
        @staticmethod
        def forward(context, x):
            context.x = x.detach().numpy()
            pattern.x = context.x
            return torch.from_numpy(pattern.profile)

        @staticmethod
        def backward(context, slope):
            pattern.x = context.x
            return torch.from_numpy(pattern.gradient(slope.numpy()))

    x = torch.tensor(pattern.x + 0.01, requires_grad=True)
    Profile.apply(x).square().mean().backward()

    def loss(v):
        pattern.x = v
        return (pattern.profile**2).mean()

    expected = differences(loss, x.detach().numpy(), np.full(len(x), 1e-6))
    assert np.allclose(x.grad.numpy(), expected, rtol=1e-6)
    # The slope of a sum is one number, spread over the profile without memory of its own.
    x.grad = None
    Profile.apply(x).sum().backward()
    assert np.allclose(x.grad.numpy(), pattern.gradient(np.ones(len(pattern.profile))), rtol=1e-12)
