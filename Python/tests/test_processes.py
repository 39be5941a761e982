"""Threads, processes, copies: nothing is shared that should not be, and nothing waits for ever."""

import concurrent.futures
import copy
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import threading

import numpy as np
import pytest
import wyckoff
from ase.build import bulk
from ase.calculators.emt import EMT
from conftest import DATA, ZOO
from wyckoff.ase import SymmetryFilter

PBSO4 = DATA / "structures" / "pbso4.cif"


def place_of(reduced: wyckoff.Reduced) -> np.ndarray:
    return reduced.scaled_positions @ reduced.cell


def profile_sum(pattern: wyckoff.Pattern) -> float:
    return float(pattern.profile.sum())


def loss_of(objective: wyckoff.Objective) -> float:
    return objective.value(objective.pattern.x)


@pytest.mark.parametrize("twin", [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))], ids=["copy", "deep", "pickle"])
def test_copies_are_the_same_and_their_own(atoms, twin):
    reduced = wyckoff.reduce(atoms, 1e-3)
    reduced.x = reduced.x * 1.003
    other = twin(reduced)
    assert (other.x == reduced.x).all() and other.names == reduced.names
    assert np.abs(place_of(other) - place_of(reduced)).max() < 1e-9
    assert list(other.atoms().numbers) == list(atoms.numbers)
    before = reduced.x
    other.x = other.x * 1.01
    assert (reduced.x == before).all()
    pattern = wyckoff.pattern(reduced, (20, 60, 0.1), fwhm=0.3)
    pattern.x = pattern.x * 1.002
    same = twin(pattern)
    assert np.allclose(same.profile, pattern.profile, rtol=1e-9, atol=1e-9 * pattern.profile.max())
    same.x = same.x * 1.01
    assert not np.allclose(same.profile, pattern.profile)


def test_a_structure_of_a_subgroup_is_pickled_with_its_freedom():
    reduced = wyckoff.reduce(bulk("SiC", "zincblende", a=4.36))
    lowered = reduced.in_subgroup(next(one for one in reduced.subgroups() if one.space_group.number == 119))
    lowered.x = lowered.x * [1, 1.02]
    again = pickle.loads(pickle.dumps(lowered))
    assert again.names == lowered.names and (again.x == lowered.x).all() and again.space_group == lowered.space_group


def test_crystals_symmetries_and_errors_are_pickled_whole():
    crystal = wyckoff.read(PBSO4)
    again = pickle.loads(pickle.dumps(crystal))
    assert again == crystal and copy.deepcopy(crystal) == crystal and again.b_iso is not None
    assert again.text("cif") == crystal.text("cif")
    found = pickle.loads(pickle.dumps(wyckoff.find(crystal)))
    assert found.number == 62 and len(found.subgroups(index=2)) > 0
    error = pickle.loads(pickle.dumps(wyckoff.Error("a", "b", "c", 3)))
    assert (str(error), error.code) == ("c: a; b", 3)


def test_what_cannot_be_copied_says_so():
    atoms = bulk("Cu")
    atoms.calc = EMT()
    filter = SymmetryFilter(atoms)
    for act in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError, match="cannot be copied or pickled"):
            act(filter)
    with pytest.raises(TypeError, match="crystal"):
        pickle.dumps(filter.reduced_at())


@pytest.mark.parametrize("method", ["spawn", "forkserver", "fork"])
def test_objects_go_to_other_processes(method):
    reduced = wyckoff.reduce(PBSO4)
    pattern = wyckoff.pattern(reduced, (20, 60, 0.1))
    objective = pattern.objective(pattern.profile + 1)
    with concurrent.futures.ProcessPoolExecutor(2, mp_context=multiprocessing.get_context(method)) as pool:
        assert np.abs(pool.submit(place_of, reduced).result(120) - place_of(reduced)).max() < 1e-9
        assert pool.submit(profile_sum, pattern).result(120) == pytest.approx(profile_sum(pattern), rel=1e-9)
        assert pool.submit(loss_of, objective).result(120) == pytest.approx(loss_of(objective), abs=1e-9)
        with pytest.raises(wyckoff.Error, match="no such file"):
            pool.submit(wyckoff.read, "nothing.cif").result(120)


def test_a_process_that_was_forked_goes_on_with_what_the_parent_made():
    reduced = wyckoff.reduce(PBSO4)
    child = os.fork()
    if child == 0:
        reduced.x = reduced.x * 1.01
        os._exit(0 if wyckoff.find(reduced.crystal, 1e-5).number == 62 else 1)
    assert os.waitpid(child, 0)[1] == 0


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_fork_waits_for_the_calls_of_other_threads():
    reduced = wyckoff.reduce(ZOO["perovskite, shuffled"], 1e-3)
    done = threading.Event()

    def work():
        while not done.is_set():
            reduced.x = reduced.x
            reduced.jacobian

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(60):
            child = os.fork()
            if child == 0:
                signal.alarm(20)  # It would wait for ever for a lock that nobody opens.
                reduced.x = reduced.x
                os._exit(len(reduced.jacobian) != 3)
            assert os.waitpid(child, 0)[1] == 0
    finally:
        done.set()
        for thread in threads:
            thread.join(60)


def test_threads_have_structures_and_patterns_of_their_own():
    names = list(ZOO)

    def work(k: int) -> tuple:
        atoms = ZOO[names[k % len(names)]]
        reduced = wyckoff.reduce(atoms, 1e-3)
        pattern = wyckoff.pattern(reduced, (20, 50, 0.2), fwhm=0.4)
        value, gradient = pattern.objective(pattern.profile + 1)(pattern.x)
        return reduced.space_group.number, value, tuple(gradient), wyckoff.find(atoms, 1e-3).number

    alone = [work(k) for k in range(len(names))]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        for k, answer in enumerate(pool.map(work, range(4 * len(names)))):
            assert answer == alone[k % len(names)]


def test_one_pattern_and_one_objective_are_shared_by_threads():
    pattern = wyckoff.pattern(PBSO4, (20, 60, 0.1))
    objective = pattern.objective(pattern.profile + 1)
    x = pattern.x
    expected = objective(x)
    switching = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            for value, gradient in pool.map(lambda _: objective(x), range(200)):
                assert value == expected[0] and (gradient == expected[1]).all()
    finally:
        sys.setswitchinterval(switching)


def test_no_module_has_state_that_calls_change():
    """What free-threaded Python asks for: module variables are constants."""
    before = {}
    modules = [module for name, module in sys.modules.items() if name.split(".")[0] == "wyckoff"]
    assert len(modules) > 8
    for module in modules:
        before[module] = {name: (id(value), repr(value) if isinstance(value, (list, dict, set, tuple)) else None)
                          for name, value in vars(module).items() if not name.startswith("__")}
    reduced = wyckoff.reduce(ZOO["corundum"], 1e-3)
    pattern = wyckoff.pattern(reduced, (20, 60, 0.1))
    pattern.objective(pattern.profile)(pattern.x)
    reduced.subgroups()
    wyckoff.match(PBSO4, PBSO4)
    for module, names in before.items():
        after = {name: (id(value), repr(value) if isinstance(value, (list, dict, set, tuple)) else None)
                 for name, value in vars(module).items() if not name.startswith("__")}
        assert after == names, module.__name__


def test_python_ends_without_a_word():
    """Objects that live to the end, alone, in cycles and in threads, are freed or left without noise."""
    script = f"""
import threading, time, wyckoff
reduced = wyckoff.reduce({str(PBSO4)!r})
pattern = wyckoff.pattern(reduced, (20, 60, 0.1))
objective = pattern.objective(pattern.profile)
ring = [reduced, pattern, objective]
ring.append(ring)
reduced.ring = ring
def work():
    while True:
        objective(pattern.x)
threading.Thread(target=work, daemon=True).start()
time.sleep(0.2)
"""
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    assert told.returncode == 0 and told.stdout == told.stderr == ""


def test_an_interrupt_leaves_the_library_usable():
    script = f"""
import _thread, os, threading, wyckoff
reduced = wyckoff.reduce({str(PBSO4)!r})
threading.Timer(0.5, _thread.interrupt_main).start()
try:
    while True:
        reduced.x = reduced.x
except KeyboardInterrupt:
    pass
child = os.fork()
if child == 0:
    reduced.x = reduced.x
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0 and len(reduced.x) == len(reduced)
print("usable")
"""
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    assert told.stdout.strip() == "usable", told.stderr
