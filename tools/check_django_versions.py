"""Tests `compiler.django` with several versions of Django: `python -m tools.check_django_versions`.

Each has a virtual environment of its own, made in a temporary folder, where the tests in `tests/django`, the example
project and Django's own tests of e-mail backends run. The newest version of Django may need a newer Python than this
one: the newest that is found is used. The extra packages come from the package index, as does Django's source archive.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).parent.parent
_UV = (sys.executable, "-m", "uv", "--quiet")
_TEST_PACKAGES = ("hypothesis", "pytest", "pytest-xdist", "trustme")
_WITH_ANYMAIL = "tests/django/test_with_anymail.py"
_TESTS = ("tests/django", "tests/test_django_shop.py")


@dataclass(frozen=True, slots=True)
class Environment:
    """What to install. `django`: a version, empty for the newest; `anymail`: whether django-anymail is there too."""

    django: str
    python: str
    anymail: bool

    def __str__(self) -> str:
        beside = " with django-anymail" if self.anymail else ""
        return f"Django {self.django or '(the newest)'}{beside}, {self.python}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the tests in every environment; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], allow_abbrev=False)
    parser.add_argument("--only", metavar="VERSION", help="only this version of Django, such as 4.2 or newest")
    options = parser.parse_args(arguments)
    environments = [
        Environment("4.2", sys.executable, anymail=False),
        Environment("5.2", sys.executable, anymail=True),
        Environment("", find_newest_python(), anymail=True),
    ]
    chosen = [each for each in environments if options.only in (None, each.django or "newest")]
    if not chosen:
        parser.error(f"unknown version {options.only!r} (available: 4.2, 5.2, newest)")
    failed = [environment for environment in chosen if not check_safely(environment)]
    for environment in failed:
        print(f"failed: {environment}")
    return 1 if failed else 0


def check_safely(environment: Environment) -> bool:
    """Runs the tests in an environment. Returns whether it could be made, and they passed."""
    try:
        return check(environment)
    except subprocess.CalledProcessError as error:
        print(error)
        return False


def check(environment: Environment) -> bool:
    """Runs the tests in an environment, this one if it fits. Returns whether they passed."""
    print(f"\n== {environment}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        python = sys.executable if fits_here(environment) else create(environment, Path(folder) / "environment")
        installed = read_output([python, "-c", "import django; print(django.__version__)"])
        print(f"Django {installed}", flush=True)
        variables = {**os.environ, "TESTS_WITH_ANYMAIL": "1" if environment.anymail else ""}
        tests = [*_TESTS, *([] if environment.anymail else ["--ignore", _WITH_ANYMAIL])]
        pytest = [python, "-m", "pytest", "--quiet", "-p", "no:cacheprovider", "--numprocesses", "auto", "-m", ""]
        passed = run([*pytest, *tests], variables)
        archives = Path(folder) / "archives"
        pip = [python, "-m", "pip", "--quiet", "--disable-pip-version-check"]
        download = [*pip, "download", "--no-deps", "--no-binary", ":all:", "--dest", str(archives)]
        subprocess.run([*download, f"django=={installed}"], check=True)
        (archive,) = archives.glob("*.tar.gz")
        with tarfile.open(archive) as opened:
            opened.extractall(archives, filter="data")
        (own,) = archives.glob("*/tests")
        return run([python, "-m", "tests.django.own_tests", str(own)], variables) and passed


def fits_here(environment: Environment) -> bool:
    """Whether the packages are those of the environment that runs this."""
    try:
        installed = version("django")
        version("django-anymail")
    except PackageNotFoundError:
        return False
    is_here = environment.python == sys.executable and environment.anymail
    return is_here and installed.startswith(f"{environment.django}.")


def create(environment: Environment, folder: Path) -> str:
    """Makes a virtual environment, and returns its Python."""
    subprocess.run([*_UV, "venv", "--seed", "--python", environment.python, str(folder)], check=True)
    python = str(folder / ("Scripts" if os.name == "nt" else "bin") / "python")
    requirement = f"django=={environment.django}.*" if environment.django else "django"
    packages = [*_TEST_PACKAGES, requirement, *(["django-anymail"] if environment.anymail else [])]
    install = [*_UV, "pip", "install", "--python", python, "--editable", f"{ROOT}[django,emulator]", *packages]
    subprocess.run(install, check=True)
    return python


def run(command: Sequence[str], variables: dict[str, str]) -> bool:
    """Runs a command in the checkout. Returns whether it succeeded."""
    return subprocess.run(command, cwd=ROOT, env=variables).returncode == 0


def read_output(command: Sequence[str]) -> str:
    """What a command prints; empty if it does not start or fails."""
    return subprocess.run(command, capture_output=True, text=True).stdout.strip()


def find_newest_python() -> str:
    """The newest Python that is found, on the path or among those of pyenv; this one if there is no newer."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    found = [*map(str, sorted(pyenv.glob("versions/3.*/bin/python"))), *filter(None, map(shutil.which, _NAMES))]
    newest = max(filter(None, map(read_version, found)), default=(sys.version_info[:2], sys.executable))
    return newest[1] if newest[0] > sys.version_info[:2] else sys.executable


def read_version(python: str) -> tuple[tuple[int, ...], str] | None:
    """The version of a Python and its path; None if it does not start, or is not a release."""
    program = "import sys; print(*sys.version_info[:2], sys.version_info.releaselevel)"
    major, minor, level = [*read_output([python, "-c", program]).split(), "", "", ""][:3]
    return ((int(major), int(minor)), python) if level == "final" else None


_NAMES = tuple(f"python3.{minor}" for minor in range(12, 20))

if __name__ == "__main__":
    sys.exit(main())
