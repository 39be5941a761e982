"""The C interface as its header says it is."""

import re
import shutil
import subprocess

import pytest
from conftest import ROOT
from wyckoff._library import _COUNTS, _FALLIBLE, _KINDS, INTERFACE, library

HEADER = ROOT / "Sources" / "CWyckoff" / "wyckoff.h"
FUNCTION = re.compile(r"^[\w *]+?\b(wyckoff_\w+)\(([^;]*)\);", re.M)


def declared() -> dict[str, str]:
    text = re.sub(r"/\*.*?\*/", "", HEADER.read_text(), flags=re.S)
    return {name: " ".join(arguments.split()) for name, arguments in FUNCTION.findall(text)}


def test_every_function_of_the_header_is_in_the_library():
    names = declared()
    assert len(names) > 40
    for name in names:
        assert getattr(library.c, name), name


def test_python_calls_what_the_header_declares():
    names = declared()
    for name, arguments in _FALLIBLE.items():
        stated = names["wyckoff_" + name].split(",")
        assert len(stated) == len(arguments) + 1, name
        assert "wyckoff_error **error" in stated[-1], name
    used = {"wyckoff_" + name for name in [*_FALLIBLE, *_COUNTS, *(f"{kind}_free" for kind in _KINDS)]}
    rest = {"wyckoff_interface", "wyckoff_version", "wyckoff_text_free", "wyckoff_error_free",
            "wyckoff_objective_is_similarity"}
    assert used | rest == set(names)
    assert f"#define WYCKOFF_INTERFACE {INTERFACE}" in HEADER.read_text()


def test_null_and_wrong_counts_are_errors():
    from ctypes import byref, c_int64, c_void_p

    import wyckoff
    from wyckoff._library import call

    for name, arguments in _FALLIBLE.items():
        if name == "structure_create":
            continue
        nothing = [None if kind is c_void_p or "char" in str(kind) or "POINTER" in str(kind) or "LP_" in str(kind) else 0
                   for kind in arguments]
        with pytest.raises(wyckoff.Error) as told:
            call(name, *nothing)
        assert told.value.code == 1, name
    reduced = wyckoff.reduce(([[3, 0, 0], [0, 3, 0], [0, 0, 3]], [[0, 0, 0]], [29]))
    with pytest.raises(wyckoff.Error, match="7 numbers where 1"):
        call("reduced_values", reduced._handle, byref(c_int64()), 7, None, 0)


PROGRAM = r"""
#include <stdio.h>
#include "wyckoff.h"
int main(void) {
    double cell[9] = {4, 0, 0, 0, 4, 0, 0, 0, 4}, places[3] = {0, 0, 0}, x[1];
    const char *species[1] = {"Cu"};
    wyckoff_structure *structure = NULL;
    wyckoff_reduced *reduced = NULL;
    wyckoff_error *error = NULL;
    if (wyckoff_structure_create(cell, 1, places, species, NULL, &structure, &error)) return 1;
    if (wyckoff_reduce(structure, 0.01, &reduced, &error)) return 2;
    if (wyckoff_reduced_values(reduced, x, wyckoff_reduced_count(reduced), NULL, 0, &error)) return 3;
    if (wyckoff_reduce(structure, -1, &reduced, &error) != WYCKOFF_NO_SYMMETRY) return 4;
    printf("%g %s\n", x[0], error->line);
    wyckoff_error_free(error);
    wyckoff_reduced_free(reduced);
    wyckoff_structure_free(structure);
    return 0;
}
"""


def test_a_program_in_c_uses_it(tmp_path):
    compiler = shutil.which("cc") or shutil.which("clang")
    if not compiler:
        pytest.skip("no C compiler is on the PATH")
    path = library.c._name
    (tmp_path / "program.c").write_text(PROGRAM)
    subprocess.run(
        [compiler, "-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", f"-I{HEADER.parent}", "program.c", path, "-o",
         "program", "-Wl,--allow-shlib-undefined", f"-Wl,-rpath,{path.rsplit('/', 1)[0]}"], cwd=tmp_path, check=True,
    )
    told = subprocess.run(["./program"], cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    assert told == "4 a tolerance of -1.0 Å; it must be positive\n"
