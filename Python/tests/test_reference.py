"""The reference page has every public name, each says what it is, and the type hints hold."""

import html
import re
import subprocess
import sys

import pytest
import wyckoff
import wyckoff.ase
from conftest import ROOT


def test_the_page_has_every_public_name(tmp_path):
    page = tmp_path / "folder" / "index.html"
    subprocess.run([sys.executable, ROOT / "Scripts" / "python-reference", page], check=True, capture_output=True)
    text = html.unescape(page.read_text())
    for module in (wyckoff, wyckoff.ase):
        for name in module.__all__:
            assert f"id='{name}'" in text and getattr(module, name) is not None, name
    for member in ("in_subgroup(subgroup: Subgroup)", "gradient(forces: Any, stress: Any)", "weights: 1/σ² for", "scalar_pressure: float=0.0"):
        assert member in text
    links = set(re.findall(r"href='#(\w+)'", text))
    assert links == set(re.findall(r"<h2 id='(\w+)'", text))


def test_the_type_hints_hold(tmp_path):
    pytest.importorskip("mypy")
    command = [sys.executable, "-m", "mypy", "--python-version", "3.10", "--ignore-missing-imports", "--cache-dir", tmp_path, "wyckoff"]
    told = subprocess.run(command, cwd=ROOT / "Python", capture_output=True, text=True)
    assert told.returncode == 0, told.stdout
    (tmp_path / "user.py").write_text(
        "import wyckoff\nreduced: wyckoff.Reduced = wyckoff.reduce('a.cif')\nname: str = reduced.names[0]\nwrong: int = reduced.names[0]\n"
    )
    told = subprocess.run([*command[:-1], tmp_path / "user.py"], cwd=ROOT / "Python", capture_output=True, text=True)
    assert told.stdout.count("error:") == 1 and "user.py:4" in told.stdout, told.stdout
