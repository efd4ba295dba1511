"""The tasks of the project: `nox --list` shows them, `nox` runs what a change has to pass before the slow tests.

All but `tests` run in the environment that nox itself is in (see CONTRIBUTING.md), so they start at once. `tests` makes
an environment for each version of Python that the package claims to support.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import nox

PYTHONS = ("3.11", "3.12", "3.13")
"""The versions of Python that the classifiers in pyproject.toml name."""

CHECKS = ("lint", "types", "imports", "wording", "fresh", "rules")
"""The sessions that `check` runs."""

nox.options.default_venv_backend = "none"
nox.options.sessions = [*CHECKS, "docs", "test"]


def run_module(session: nox.Session, module: str, *arguments: str, **environment: str) -> None:
    """Runs a module with the Python of this environment."""
    session.run(sys.executable, "-m", module, *arguments, env=environment, external=True)


@nox.session
def test(session: nox.Session) -> None:
    """The default tier of tests, in about two minutes; arguments after -- are pytest's."""
    run_module(session, "pytest", "--quiet", "--numprocesses", "auto", *session.posargs)


@nox.session
def slow(session: nox.Session) -> None:
    """The slow tests: mutants of the rules, browsers, clusters, many processes."""
    run_module(session, "pytest", "--quiet", "--numprocesses", "auto", "-m", "slow", *session.posargs)


@nox.session(python=PYTHONS, venv_backend="uv|virtualenv")
def tests(session: nox.Session) -> None:
    """The default tier with one version of Python, in an environment of its own."""
    session.install("--quiet", "--editable", ".[test]")
    session.run("python", "-m", "pytest", "--quiet", "--numprocesses", "auto", *session.posargs)


@nox.session
def django(session: nox.Session) -> None:
    """The tests of compiler.django with several versions of Django."""
    run_module(session, "tools.check_django_versions", *session.posargs)


@nox.session
def check(session: nox.Session) -> None:
    """Lint, types, imports, wording, generated files and rules."""
    for name in CHECKS:
        session.notify(name)


@nox.session
def lint(session: nox.Session) -> None:
    """Ruff, and the format of the code."""
    run_module(session, "ruff", "check", ".")
    run_module(session, "ruff", "format", "--check", ".")


@nox.session(name="format")
def format_code(session: nox.Session) -> None:
    """Formats the code, and mends what Ruff can mend."""
    run_module(session, "ruff", "check", "--fix", ".")
    run_module(session, "ruff", "format", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Mypy, strict."""
    run_module(session, "mypy")


@nox.session
def imports(session: nox.Session) -> None:
    """The layers of packages, by import-linter."""
    command = shutil.which("lint-imports", path=f"{sys.exec_prefix}/bin:{sys.exec_prefix}/Scripts") or "lint-imports"
    session.run(command, "--no-logo", external=True)


@nox.session
def wording(session: nox.Session) -> None:
    """The wording of docs, docstrings, comments and messages, and spelling."""
    run_module(session, "tools.check_wording")
    pages = map(str, Path().glob("*.md"))
    run_module(session, "codespell_lib", *pages, "docs", "golden/README.md", "compiler", "schemas", "tools")


@nox.session
def fresh(session: nox.Session) -> None:
    """Whether generated files are fresh."""
    run_module(session, "tools.generate", "--check")


@nox.session
def generate(session: nox.Session) -> None:
    """Writes all generated files."""
    run_module(session, "tools.generate")


@nox.session
def rules(session: nox.Session) -> None:
    """The checker of the rules."""
    run_module(session, "compiler.engine", "check")


@nox.session
def docs(session: nox.Session) -> None:
    """Builds the documentation into site/; a warning is an error."""
    run_module(session, "mkdocs", "build", "--strict", "--quiet", *session.posargs, NO_MKDOCS_2_WARNING="1")


@nox.session
def bench(session: nox.Session) -> None:
    """The benchmarks; arguments after -- are theirs, such as --quick."""
    run_module(session, "tests.benchmarks", *session.posargs)
