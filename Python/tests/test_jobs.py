"""The jobs of the command from Python."""

import os
import pathlib
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
import wyckoff
from ase.build import bulk
from conftest import DATA, ZOO

PATTERN = DATA / "patterns" / "pbso4-x.dat"
PBSO4 = DATA / "structures" / "pbso4.cif"


def test_index_finds_the_cell_of_pbso4_and_shows_progress():
    steps = []
    found = wyckoff.index(PATTERN, formula="PbSO4", wavelength="CuKa", jobs=1, progress=steps.append)
    assert found.answer and found
    best = found.lattices[0]
    assert best.lattice == "oP" and best.z == 4
    assert sorted(best.cell[:3]) == pytest.approx([5.397, 6.958, 8.478], abs=0.02)
    assert best.probability > 0.9
    assert found.rows[0]["lattice"] == "oP"
    assert steps and all("\n" not in step for step in steps)


JOBS = {
    "solve": lambda **more: wyckoff.solve(PATTERN, "PbSO4", wavelength="CuKa", cell="8.48,5.398,6.959", space_group="Pnma", jobs=1, **more),
    "recover": lambda **more: wyckoff.recover(
        PATTERN, DATA / "starts" / "pbso4-1.cif", wavelength="CuKa", symmetry_from=PBSO4, seed=1, **more),
    "refine": lambda **more: wyckoff.refine(PATTERN, PBSO4, wavelength="CuKa", **more),
    "scan": lambda **more: wyckoff.scan(PBSO4, ["a", "S1.x"], **more),
    "map": lambda **more: wyckoff.map(PBSO4, ["a", "c"], grid="5x5", **more),
}


@pytest.mark.parametrize("job", JOBS.values(), ids=JOBS.keys())
def test_each_job_tells_what_goes_on_while_it_goes_on(job):
    told = []
    begun = time.monotonic()
    assert job(progress=lambda line: told.append((time.monotonic() - begun, line)))
    whole = time.monotonic() - begun
    assert len(told) > 2 and all(line.strip() == line and line and "\n" not in line for _, line in told)
    assert told[0][0] < 0.8 * whole


def commands() -> list[int]:
    """Processes of the command that this one has started; none where there is no /proc."""
    found = []
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            name, rest = stat.read_text().split("(", 1)[1].rsplit(")", 1)
        except OSError:
            continue
        if name == "wyckoff" and int(rest.split()[1]) == os.getpid() and rest.split()[0] != "Z":
            found.append(int(stat.parent.name))
    return found


class Enough(Exception):
    pass


@pytest.mark.parametrize("reason", [KeyboardInterrupt, Enough])
def test_whatever_progress_raises_ends_the_job_and_leaves_nothing(reason, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def stop(_: str) -> None:
        raise reason()

    files = len(os.listdir("/proc/self/fd")) if os.path.exists("/proc/self/fd") else 0
    for _ in range(2):
        with pytest.raises(reason):
            wyckoff.recover(PATTERN, ZOO["rutile"], wavelength="CuKa", symmetry_from=PBSO4, progress=stop)
    assert list(tmp_path.iterdir()) == []
    assert not files or len(os.listdir("/proc/self/fd")) <= files
    assert commands() == []


def test_the_package_runs_as_the_command():
    told = subprocess.run([sys.executable, "-m", "wyckoff", "symmetry", str(PBSO4)], capture_output=True, text=True)
    assert told.returncode == 0 and "P n m a (62)" in told.stdout
    assert subprocess.run([sys.executable, "-m", "wyckoff", "symmetry", "nothing.cif"], capture_output=True).returncode == 2


def test_a_command_that_was_killed_is_told():
    if not os.path.exists("/proc/self/stat"):
        pytest.skip("there is no /proc to find the command in")

    def kill():
        for _ in range(200):
            for process in commands():
                os.kill(process, signal.SIGKILL)
                return
            time.sleep(0.05)

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(wyckoff.Error, match="SIGKILL"):
        wyckoff.solve(PATTERN, "PbSO4", wavelength="CuKa", jobs=1)
    killer.join()


def test_jobs_run_beside_one_another():
    import concurrent.futures

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda other: bool(wyckoff.match(PBSO4, other)), [PBSO4, ZOO["spinel"]] * 6))
    assert answers == [True, False] * 6


def test_what_the_package_has_goes_into_jobs_as_it_is():
    simulated = wyckoff.pattern(PBSO4, (15, 70, 0.02), wavelength="CuKa")
    found = wyckoff.index(simulated, formula="PbSO4", wavelength="CuKa", lattices="oP", jobs=1)
    assert sorted(found.lattices[0].cell[:3]) == pytest.approx([5.398, 6.959, 8.482], abs=0.01)
    assert wyckoff.match(wyckoff.reduce(PBSO4), wyckoff.find(PBSO4).standard()).rms < 1e-3
    refined = wyckoff.refine(PATTERN, wyckoff.read(PBSO4), wavelength="CuKa")
    assert refined.rwp < 0.15


def test_recover_gives_the_structure_back_and_keeps_its_folder(tmp_path):
    found = wyckoff.recover(
        PATTERN, DATA / "starts" / "pbso4-1.cif", wavelength="CuKa", symmetry_from=PBSO4, reference=PBSO4, seed=1,
        folder=tmp_path / "result",
    )
    assert found.answer
    assert found.rwp < 0.11
    assert wyckoff.find(found.crystal, 1e-3).number == 62
    assert len(found.atoms()) == 24 and len(found.structure()) == 24
    assert any(clause["outcome"] == "holds" for clause in found.clauses)
    assert found.folder == tmp_path / "result" and (found.folder / "report.html").exists()
    assert "<iframe" in found._repr_html_()
    assert {"name", "value", "uncertainty"} <= set(found.rows[0])
    assert wyckoff.match(found.atoms(), PBSO4).rms < 0.1


def test_recover_takes_several_patterns_of_one_sample():
    found = wyckoff.recover(
        [PATTERN, DATA / "patterns" / "pbso4-n.dat"], DATA / "starts" / "pbso4-1.cif", wavelength=["CuKa", 1.909],
        radiation=["xray", "neutron"], symmetry_from=PBSO4, seed=1,
    )
    assert len(found.best["patterns"]) == 2
    assert wyckoff.match(found.crystal, PBSO4).rms < 0.1


def test_a_pattern_of_arrays_is_refined():
    simulated = wyckoff.pattern(PBSO4, (15, 90, 0.03), wavelength="CuKa", fwhm=0.15, profile="gaussian", background=[200])
    counts = np.random.default_rng(1).poisson(simulated.profile).astype(float)
    result = wyckoff.refine(
        (simulated.two_theta, counts, np.sqrt(counts + 1)), PBSO4, wavelength="CuKa", fwhm=0.15, profile="gaussian",
        free="lattice",
    )
    assert result.rwp < 0.1
    rows = {row["name"]: row for row in result.rows}
    assert rows["a"]["value"] == pytest.approx(8.482, abs=0.005)
    assert result.crystal.cell[0, 0] == pytest.approx(rows["a"]["value"], abs=1e-4) and len(result.atoms()) == 24


def test_a_fit_alone_is_drawn_into_a_file(tmp_path):
    result = wyckoff.refine(PATTERN, PBSO4, wavelength="CuKa", output=tmp_path / "fit.tsv")
    assert result.rwp < 0.15 and (tmp_path / "fit.tsv").exists() and result.crystal is None and result.report is None
    assert "<pre>" in result._repr_html_()


def test_refined_phases_are_structures_and_the_folder_has_the_page(tmp_path):
    anglesite = wyckoff.pattern(PBSO4, (15, 70, 0.03), wavelength="CuKa", fwhm=0.15, background=[50])
    salt = wyckoff.pattern(bulk("NaCl", "rocksalt", a=5.64), (15, 70, 0.03), wavelength="CuKa", fwhm=0.15)
    counts = anglesite.profile / anglesite.profile.max() * 4000 + salt.profile / salt.profile.max() * 3000
    result = wyckoff.refine(
        (salt.two_theta, counts), [wyckoff.read(PBSO4), bulk("NaCl", "rocksalt", a=5.645)], wavelength="CuKa", folder=tmp_path / "out",
    )
    assert [len(one) for one in result.crystals] == [24, 8] and result.crystal is result.crystals[0]
    assert result.crystals[1].cell[0, 0] == pytest.approx(5.64, abs=0.003)
    assert (tmp_path / "out" / "report.html").exists() and "<iframe" in result._repr_html_() and result.folder == tmp_path / "out"


def test_scan_tells_minima_of_atoms():
    result = wyckoff.scan(ZOO["rutile"], "O1.x" if "O1.x" in wyckoff.reduce(ZOO["rutile"]).names else "a")
    assert result.answer or result.json["axes"]
    truth = [minimum for minimum in result.minima if minimum["isTruth"]]
    assert len(truth) == 1 and truth[0]["position"] == pytest.approx(0.305, abs=1e-4)
    assert result.rows[0]["name"] == "O1.x" and "distinctMinima" in result.rows[0]


def test_map_gives_its_values():
    result = wyckoff.map(ZOO["rutile"], ["a", "c"], grid="7x9")
    assert result.values.shape == (7, 9) and np.isfinite(result.values).all()
    assert result.values.min() == pytest.approx(0, abs=1e-9)
    x, y = np.unravel_index(result.values.argmin(), result.values.shape)
    assert result.x[x] == pytest.approx(4.594, abs=1e-3) and result.y[y] == pytest.approx(2.959, abs=1e-3)


def test_match_takes_two_or_many():
    atoms = ZOO["perovskite, shuffled"]
    moved = atoms.copy()
    moved.rattle(0.02, seed=2)
    one = wyckoff.match(atoms, moved)
    assert one.answer and 0 < one.rms < 0.05
    many = wyckoff.match(atoms, [moved, ZOO["spinel"], atoms])
    assert [row["isMatch"] for row in many.rows] == [True, False, True]
    assert not wyckoff.match(atoms, ZOO["spinel"]).answer


def test_validate_judges_each_record():
    good, bad = ZOO["corundum"], bulk("Cu", a=1.2)
    result = wyckoff.validate([good, bad])
    assert [row["passed"] for row in result.rows] == [True, False]
    assert not result.answer
    assert result.summary
    assert wyckoff.validate(good).answer
    failed = {clause["name"] for clause in result.rows[1]["clauses"] if clause["outcome"] == "fails"}
    assert "contacts" in failed or "density" in failed


def test_bad_usage_is_told_in_one_line():
    for call in [
        lambda: wyckoff.index("nothing.xy"), lambda: wyckoff.index(PATTERN, lattices="xX"),
        lambda: wyckoff.scan(PBSO4, "nonsense"), lambda: wyckoff.solve(PATTERN, "Qq2"),
        lambda: wyckoff.validate("not-there"), lambda: wyckoff.match(PBSO4, PBSO4, unheard_of=1),
        lambda: wyckoff.index(([1, 2, 3], [1, 2])),
    ]:
        with pytest.raises(wyckoff.Error) as told:
            call()
        assert str(told.value) and "\n" not in str(told.value)


def test_an_interrupt_ends_the_job():
    def interrupt():
        time.sleep(1.0)
        os.kill(os.getpid(), signal.SIGINT)

    # Where the tests run in the background of a shell, interrupts are ignored from the start.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        threading.Thread(target=interrupt).start()
        begun = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            wyckoff.solve(PATTERN, "PbSO4", wavelength="CuKa", jobs=1)
        assert time.monotonic() - begun < 8
    finally:
        signal.signal(signal.SIGINT, before)


def test_subgroups_free_what_the_group_holds():
    reduced = wyckoff.reduce(bulk("SiC", "zincblende", a=4.36))
    subgroups = reduced.subgroups(kind="translationengleiche")
    assert {one.index for one in subgroups} >= {2, 3, 4}
    tetragonal = next(one for one in subgroups if one.space_group.number == 119)
    lowered = reduced.in_subgroup(tetragonal)
    assert lowered.names[:2] == ["a", "c"]
    assert wyckoff.find(lowered.crystal, 1e-4).number == 216
    x = lowered.x
    x[1] *= 1.03
    lowered.x = x
    assert wyckoff.find(lowered.crystal, 1e-4).number == 119
    assert len(wyckoff.find(bulk("SiC", "zincblende", a=4.36)).subgroups(index=2)) > 0


def test_the_ladder_tells_every_group():
    moved = ZOO["rutile"].copy()
    moved.rattle(0.01, seed=3)
    ladder = wyckoff.find(moved, 1e-4, ladder=True).ladder
    assert ladder[0].space_group.number == 1 and ladder[-1].space_group.number == 136
    assert ladder[-1].max_displacement > 0


def test_notebooks_show_tables():
    reduced = wyckoff.reduce(PBSO4)
    assert "Pb1.x" in reduced._repr_html_() and "<table>" in wyckoff.find(PBSO4)._repr_html_()
    assert "P n m a" in repr(reduced)
