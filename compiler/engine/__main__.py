"""`python -m compiler.engine`: see `compiler.cli.engine_commands`.

The engine imports nothing of the command line, so the commands are loaded by name, and only when this module is run.
"""

import sys
from importlib import import_module

if __name__ == "__main__":
    sys.exit(import_module("compiler.cli.engine_commands").run())
