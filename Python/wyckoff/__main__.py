"""``python -m wyckoff`` is the command ``wyckoff``."""

import os
import sys

from wyckoff import Error, command_path

if __name__ == "__main__":
    try:
        command = command_path()
    except Error as reason:
        sys.exit(f"error: {reason}")
    os.execv(command, [command, *sys.argv[1:]])
