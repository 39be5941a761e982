"""The one exception of the package."""

from __future__ import annotations


class Error(Exception):
    """What went wrong, in one line: ``place: problem; remedy``.

    Attributes:
        problem: one clause.
        remedy: what can be done about it, or None where the problem says it.
        place: the file, site or option at fault, or None.
        code: that of the C interface; 0 where the error does not come from there.
    """

    def __init__(self, problem: str, remedy: str | None = None, place: str | None = None, code: int = 0):
        self.problem, self.remedy, self.place, self.code = problem, remedy, place, code
        line = (f"{place}: " if place else "") + problem + (f"; {remedy}" if remedy else "")
        super().__init__(" ".join(line.split("\n")))

    def __reduce__(self):
        return Error, (self.problem, self.remedy, self.place, self.code)
