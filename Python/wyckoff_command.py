"""The command ``wyckoff`` of the wheel. Beside the package, so that nothing of it is loaded: the command starts at once."""

import os
import pathlib
import sys


def main() -> None:
    command = pathlib.Path(__file__).resolve().parent / "wyckoff" / "bin" / "wyckoff"
    os.execv(command, ["wyckoff", *sys.argv[1:]])


if __name__ == "__main__":
    main()
