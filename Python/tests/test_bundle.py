"""The wheel and the folder run where neither Swift nor the libraries are."""

import os
import pathlib
import shutil
import subprocess
import sys
import time
import venv

import pytest
from conftest import DATA, ROOT

PBSO4 = str(DATA / "structures" / "pbso4.cif")


@pytest.fixture(scope="session")
def bundle(tmp_path_factory) -> pathlib.Path:
    swift = shutil.which("swift")
    if sys.platform != "linux" or swift is None:
        pytest.skip("bundles are made on Linux with Swift at hand")
    toolchain = pathlib.Path(os.path.realpath(swift)).parent.parent
    if not (toolchain / "lib/swift_static/linux/libFoundation.a").exists():
        pytest.skip("the Swift toolchain has no static libraries")
    folder = tmp_path_factory.mktemp("bundle") / "wyckoff"
    subprocess.run([ROOT / "Scripts" / "bundle", folder], check=True)
    return folder


@pytest.fixture(scope="session")
def wheel(bundle, tmp_path_factory) -> pathlib.Path:
    dist = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, ROOT / "Scripts" / "wheel", bundle, dist], check=True)
    return next(dist.glob("*.whl"))


def hidden(command: list[str], **variables: str) -> subprocess.CompletedProcess:
    """Without an environment and, where a mount namespace can be had, with the folders of Swift and of the libraries' packages
    masked."""
    toolchain = pathlib.Path(os.path.realpath(shutil.which("swift"))).parent.parent
    words = ["env", "-i", "PATH=/usr/bin:/bin", *[f"{name}={value}" for name, value in variables.items()], *command]
    script = f'mount -t tmpfs none "{toolchain}" || exit 99; exec "$@"'
    masked = subprocess.run(["unshare", "-m", "sh", "-c", script, "x", *words], capture_output=True, text=True)
    if masked.returncode == 99 or "unshare" in masked.stderr:
        return subprocess.run(words, capture_output=True, text=True)
    return masked


def test_the_command_runs_with_the_toolchain_hidden(bundle, tmp_path):
    moved = tmp_path / "elsewhere"
    shutil.copytree(bundle, moved, symlinks=True)
    told = hidden([str(moved / "bin" / "wyckoff"), "symmetry", PBSO4])
    assert told.returncode == 0 and "P n m a (62)" in told.stdout, told.stderr
    told = hidden([str(moved / "bin" / "wyckoff"), "symmetry", "nothing.cif"])
    assert told.returncode == 2 and "no such file" in told.stderr
    told = hidden([
        str(moved / "bin" / "wyckoff"), "recover", "--pattern", str(DATA / "patterns" / "pbso4-x.dat"), "--wavelength", "CuKa",
        "--start", str(DATA / "starts" / "pbso4-1.cif"), "--symmetry-from", PBSO4, "--seed", "1", "--quiet", "-o",
        str(tmp_path / "out"),
    ])
    assert told.returncode == 0, told.stderr


def test_nothing_is_taken_from_the_system_but_glibc(bundle):
    told = subprocess.run(["ldd", bundle / "bin" / "wyckoff"], check=True, capture_output=True, text=True).stdout
    for line in told.splitlines():
        name, _, path = line.strip().partition(" => ")
        system = name.startswith(("linux-vdso", "/lib", "libc.so", "libm.so", "libgcc_s.so", "libdl.so", "libpthread.so"))
        assert system or path.startswith(str(bundle)), line


def test_licences_stand_beside(bundle):
    documents = bundle / "share/doc/wyckoff"
    listed = (documents / "LIBRARIES").read_text()
    for library in (bundle / "lib/wyckoff").glob("*.so.*"):
        package = next(line for line in listed.splitlines() if line.startswith(library.name)).split(": ")[1]
        assert (documents / f"{package}.txt").exists(), library.name
    for name in ["LICENSE", "swift.txt", "GRDB.swift.txt", "swift-argument-parser.txt"]:
        assert (documents / name).stat().st_size > 500


def test_the_command_starts_soon(bundle):
    least = 1.0
    for _ in range(20):
        begun = time.perf_counter()
        subprocess.run([bundle / "bin" / "wyckoff", "--version"], check=True, capture_output=True)
        least = min(least, time.perf_counter() - begun)
    print(f"\nthe command starts in {1000 * least:.0f} ms")
    assert least < 0.03 or os.getloadavg()[0] > 2 * (os.cpu_count() or 1)


SESSION = """
import wyckoff, numpy, pathlib
from ase.build import bulk
from ase.calculators.emt import EMT
from ase.optimize import BFGS
from wyckoff.ase import SymmetryFilter
from wyckoff._library import _library_path
assert "site-packages" in str(_library_path()), _library_path()
assert "site-packages" in wyckoff.command_path(), wyckoff.command_path()
atoms = bulk("Cu", a=3.7)
atoms.calc = EMT()
assert BFGS(SymmetryFilter(atoms), logfile=None).run(fmax=0.01, steps=30)
print(wyckoff.find(atoms).international, wyckoff.reduce(PATH).space_group, wyckoff.match(PATH, PATH).answer)
"""


def test_the_wheel_works_in_a_fresh_environment(wheel, tmp_path):
    home = tmp_path / "fresh"
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--disable-pip-version-check", wheel],
        check=True,
    )
    # numpy, ASE and the like from the environment of these tests; the package from the wheel.
    import numpy

    peers = str(pathlib.Path(numpy.__file__).parents[1])
    told = hidden([str(python), "-c", f"PATH = {PBSO4!r}\n" + SESSION], PYTHONPATH=peers)
    assert told.returncode == 0, told.stderr
    assert told.stdout.split() == ["Fm-3m", "P", "n", "m", "a", "(62)", "True"]
    told = hidden([str(home / "bin" / "wyckoff"), "--version"])
    assert told.stdout.strip().count(".") == 2
    size = wheel.stat().st_size / 1e6
    print(f"\nthe wheel has {size:.0f} MB")
    assert size < 80
