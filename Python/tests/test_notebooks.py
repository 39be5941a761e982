"""The notebooks of Docs/python run, and their assertions hold."""

import pytest
from conftest import ROOT

FOLDER = ROOT / "Docs" / "python"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_runs(path):
    nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed")
    nbformat = pytest.importorskip("nbformat")
    notebook = nbformat.read(path, as_version=4)
    assert len(notebook.cells) > 3
    nbclient.NotebookClient(
        notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(FOLDER)}}
    ).execute()


def test_the_page_names_every_notebook():
    page = (FOLDER / "README.md").read_text()
    for path in FOLDER.glob("*.ipynb"):
        assert path.name in page


@pytest.mark.parametrize("page", [FOLDER / "README.md", ROOT / "README.md"], ids=["page", "README"])
def test_the_lines_of_a_page_run(page, monkeypatch):
    monkeypatch.chdir(ROOT)
    code = page.read_text().split("```python\n")[1].split("```")[0]
    exec(compile(code, str(page), "exec"), {})
