"""`python -m compiler.engine`: see `compiler.cli.engine_commands`.

The engine must not depend on the command line, so the commands are imported by name when this module runs.
"""

import sys
from importlib import import_module

if __name__ == "__main__":
    sys.exit(import_module("compiler.cli.engine_commands").run())
