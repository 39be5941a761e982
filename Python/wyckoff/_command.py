"""The command ``wyckoff``: long jobs run as it, in a process of their own, which Ctrl-C ends and no fault of which ends Python."""

from __future__ import annotations

import json
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from typing import Any, Callable, Iterable

import numpy as np

from ._arguments import array, path as path_bytes
from ._crystal import Crystal
from ._errors import Error

_HERE = pathlib.Path(__file__).resolve().parent

#: Sees one line of progress at a time.
Progress = Callable[[str], None]


def command_path() -> str:
    """Where the command is: $WYCKOFF_COMMAND, in the package, in a checkout, on the PATH."""
    named = os.environ.get("WYCKOFF_COMMAND")
    places = [_HERE / "bin" / "wyckoff", _HERE.parent.parent / ".build" / "release" / "wyckoff"]
    for place in [pathlib.Path(named)] if named else places:
        if place.exists():
            return str(place)
    found = shutil.which("wyckoff")
    if found and not named:
        return found
    raise Error("the command wyckoff is not installed", "install the wheel, or set WYCKOFF_COMMAND", named)


@dataclass
class Result:
    """What a job answered.

    Attributes:
        answer: whether it was "yes": done and proven. ``False`` is "no" or "I do not know"; the JSON says why.
        json: the object that the command prints.
        remarks: what it said beside, a line each.
        folder: where its files are, where a folder was asked for.
        command: how to run the same in a terminal.
    """

    answer: bool
    json: Any
    remarks: list[str] = field(default_factory=list)
    folder: pathlib.Path | None = None
    command: list[str] = field(default_factory=list, repr=False)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What pandas.DataFrame takes."""
        return self.json if isinstance(self.json, list) else [self.json]

    @property
    def report(self) -> str | None:
        """The page, where there is one."""
        page = self.folder / "report.html" if self.folder else None
        if page is None or not page.exists():
            pages = sorted(self.folder.glob("*.html")) if self.folder else []
            page = pages[0] if pages else None
        return page.read_text() if page else None

    def __bool__(self) -> bool:
        return self.answer

    def _repr_html_(self) -> str:
        page = self.report
        if page is None:
            return f"<pre>{json.dumps(self.json, indent=1, ensure_ascii=False)[:2000]}</pre>"
        quoted = page.replace("&", "&amp;").replace('"', "&quot;")
        return f'<iframe srcdoc="{quoted}" style="width:100%;height:30em;border:0"></iframe>'


#: Before an option that is left out because it was given as False.
_LEFT_OUT = "without "


class Files:
    """Structures and patterns of Python as files, for as long as a job needs them."""

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory | None = None
        #: What each file holds, in a word for errors.
        self._meaning: dict[str, str] = {}

    def __enter__(self) -> "Files":
        return self

    def __exit__(self, _: Any, reason: BaseException | None, __: Any) -> None:
        if self._folder is not None:
            self._folder.cleanup()
        if isinstance(reason, Error) and any(path in str(reason) for path in self._meaning):
            parts = [None if part is None else self._named(part) for part in (reason.problem, reason.remedy, reason.place)]
            raise Error(parts[0] or "", parts[1], parts[2], reason.code) from None

    def _named(self, text: str) -> str:
        for path, meaning in self._meaning.items():
            text = text.replace(path, meaning)
        return text

    def _new(self, ending: str, meaning: str) -> pathlib.Path:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="wyckoff-")
        path = pathlib.Path(self._folder.name) / f"{len(self._meaning) + 1}{ending}"
        self._meaning[str(path)] = meaning
        return path

    def structure(self, structure: Any) -> str:
        """A path as it is; anything else as JSON with all digits."""
        if isinstance(structure, (str, os.PathLike)):
            return _argument(structure)
        path = self._new(".json", "the structure")
        path.write_text(Crystal.of(structure).text("json"), encoding="utf-8")
        return str(path)

    def structures(self, structures: Iterable[Any]) -> str:
        """Many as one set, one a line."""
        path = self._new(".jsonl", "the structures")
        count = 0
        with open(path, "w", encoding="utf-8") as out:
            for one in structures:
                out.write(Crystal.of(one).text("jsonl"))
                count += 1
        if count == 0:
            raise Error("no structures", "give one at least")
        return str(path)

    def pattern(self, pattern: Any) -> str:
        """A path; arrays (2θ, intensity) or (2θ, intensity, σ) in degrees, as rows or as the columns of one array."""
        if isinstance(pattern, (str, os.PathLike)):
            return _argument(pattern)
        if hasattr(pattern, "two_theta"):
            pattern = (pattern.two_theta, pattern.profile)
        if hasattr(pattern, "to_numpy"):
            pattern = pattern.to_numpy()
        if isinstance(pattern, np.ndarray) and pattern.ndim == 2 and pattern.shape[1] in (2, 3) and len(pattern) > 3:
            pattern = pattern.T
        try:
            columns = [array(column, name) for column, name in zip(pattern, ("the angles", "the intensities", "σ", "?"))]
        except TypeError:
            columns = []
        if len(columns) not in (2, 3) or any(one.ndim != 1 or len(one) != len(columns[0]) for one in columns):
            raise Error("that is no pattern", "give a path, (2θ, intensity) or (2θ, intensity, σ) of one length")
        if not len(columns[0]) or not all(np.isfinite(one).all() for one in columns):
            raise Error("the pattern has no points, or numbers that are not finite", "leave those points out")
        path = self._new(".xye" if len(columns) == 3 else ".xy", "the pattern")
        np.savetxt(path, np.column_stack(columns), fmt="%.10g")
        return str(path)


def _argument(path: str | os.PathLike) -> str:
    """A path as a word that the command takes for no option."""
    text = os.fsdecode(path_bytes(path))
    return f"./{text}" if text.startswith("-") else text


def options(given: dict[str, Any]) -> list[str]:
    """Keywords as the command's options: ``space_group="Pnma"`` is ``--space-group Pnma``, True a flag, a list repeats."""
    words: list[str] = []
    for name, value in given.items():
        option = "--" + name.rstrip("_").replace("_", "-")
        if isinstance(value, (np.ndarray, np.generic)):
            value = value.tolist()
        if value is None:
            continue
        if value is False:
            # A flag that is left out; the command is asked for its name, so that a wrong one is told.
            words.append(f"{_LEFT_OUT}{option}")
        elif value is True:
            words.append(option)
        elif isinstance(value, (list, tuple)):
            for one in value:
                words += [f"{option}={one}"]
        else:
            words.append(f"{option}={value}")
    return words


def run(
    words: list[str], progress: Progress | bool | None = None, folder: pathlib.Path | None = None,
    form: str = "object",
) -> Result:
    """The command with ``--json``; exit status 0 and 1 are answers, 2 is an error.

    Standard error goes through a terminal of its own, because the command shows its progress to terminals only.

    Args:
        progress: called with each line as the command says it; True for tqdm's bar or a plain line.
        form: "object" for one JSON object, "lines" for one a line.

    Raises:
        Error: with the command's one line.
        KeyboardInterrupt: after the command was told and ended.
    """
    program = command_path()
    _check_left_out(program, words)
    command = [program, *(word for word in words if not word.startswith(_LEFT_OUT))]
    show = _shown(progress)
    master, slave = pty.openpty()
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=slave, start_new_session=True
        )
    except OSError as reason:
        os.close(master)
        raise Error(f"the command cannot be started: {reason.strerror}", "install the wheel", command[0]) from None
    except ValueError:
        os.close(master)
        raise Error("an option or a path has a NUL in it", "leave it out") from None
    finally:
        os.close(slave)
    said: list[str] = []
    output = b""
    try:
        output = _read(process, master, said, show)
    except BaseException:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        raise
    finally:
        os.close(master)
        if process.stdout:
            process.stdout.close()
        show(None)
    status = process.wait()
    lines = [line for line in said if line]
    try:
        content = _parsed(output.decode(), form)
    except ValueError:
        content = None
    if status not in (0, 1):
        raise _error(content, lines, status)
    if not content:
        raise Error("the command printed nothing that is understood", "install package and command from one wheel", command[0])
    return Result(status == 0, content, lines, folder, command)


def _check_left_out(program: str, words: list[str]) -> None:
    """That each flag that is False is one of the command."""
    left_out = [word[len(_LEFT_OUT):] for word in words if word.startswith(_LEFT_OUT)]
    if not left_out:
        return
    told = subprocess.run([program, words[0], "--experimental-dump-help"], capture_output=True, text=True)
    arguments = json.loads(told.stdout)["command"]["arguments"]
    known = {"--" + name["name"] for argument in arguments for name in argument.get("names", [])}
    unknown = next((option for option in left_out if option not in known), None)
    if unknown is not None:
        raise Error(f"Unknown option '{unknown}'", f"wyckoff {words[0]} --help has them all")


def _parsed(text: str, form: str) -> Any:
    if form == "lines":
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    return json.loads(text) if text.strip() else None


def _error(content: Any, lines: list[str], status: int) -> Error:
    """What the command said in JSON; else in a line of standard error."""
    rows = [row for row in (content if isinstance(content, list) else [content]) if isinstance(row, dict)]
    told = next((row["error"] for row in rows if isinstance(row.get("error"), dict)), None)
    if told is not None:
        return Error(told["problem"], told.get("remedy"), told.get("place"), status)
    if status < 0:
        return Error(f"the command was ended by {signal.Signals(-status).name}", "run it in a terminal", None, status)
    line = next((one for one in reversed(lines) if "rror: " in one), lines[0] if lines else f"exit status {status}")
    problem, _, remedy = re.sub(r"^.*?[Ee]rror: ", "", line).partition("; ")
    return Error(problem, remedy or None, None, status)


def _read(process: subprocess.Popen, master: int, said: list[str], show: Callable[[str | None], None]) -> bytes:
    """Standard output as a whole, lines of standard error into ``said``, they and steps of progress to ``show``."""
    assert process.stdout is not None
    out = process.stdout.fileno()
    output, pending = b"", b""
    open_ones = {out, master}
    while open_ones:
        ready, _, _ = select.select(list(open_ones), [], [], 0.2)
        for one in ready:
            try:
                data = os.read(one, 65536)
            except OSError:  # A terminal whose other side was closed.
                data = b""
            if not data:
                open_ones.discard(one)
            elif one == out:
                output += data
            else:
                pending = _split(pending + data, said, show)
        if out not in open_ones and process.poll() is not None:
            # Nothing writes any more; what is left in the terminal was read.
            ready, _, _ = select.select([master], [], [], 0)
            if not ready:
                break
    if pending.strip():
        _split(pending + b"\n", said, show)
    return output


def _split(data: bytes, said: list[str], show: Callable[[str | None], None]) -> bytes:
    """A step is written over and begins with CR and the sequence that clears the line; what ends with LF stays, and is shown too."""
    *lines, rest = data.split(b"\n")
    for line in lines:
        # A step's text that was never ended stands before the clearing of the next.
        kept = line.split(b"\r\x1b[K")[-1].strip(b"\r").decode(errors="replace").strip()
        if kept:
            said.append(kept)
            show(kept)
    steps = rest.split(b"\r\x1b[K")
    if len(steps) > 1:
        for step in steps[1:]:
            if step.strip():
                show(step.decode(errors="replace").strip())
        rest = b"\r\x1b[K" + steps[-1]
    return rest


def _shown(progress: Progress | bool | None) -> Callable[[str | None], None]:
    if callable(progress):
        return lambda text: progress(text) if text is not None else None
    if not progress:
        return lambda text: None
    try:
        from tqdm.auto import tqdm

        bar = tqdm(bar_format="{desc} [{elapsed}]")
        return lambda text: bar.close() if text is None else bar.set_description_str(text)
    except ImportError:
        return lambda text: print("\r\x1b[K" + (text or ""), end="\n" if text is None else "", file=sys.stderr, flush=True)
