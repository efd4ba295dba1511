"""The commands and examples of all pages: each does what is shown.

Those of the pages about Django are in `tests/django/test_docs.py`, which sets up a project; a block that includes a
file of `examples/` has a test where that file is tested.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tomllib
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import pytest

from compiler.json_io import resources
from compiler.pipeline.targets import ENTRY_POINTS
from tests.docs.pages import DJANGO, PAGES, ROOT, Block, read_blocks, read_session, run_command, write_files

BLOCKS = [block for page in PAGES for block in read_blocks(page)]
INCLUDED = re.compile(r'--8<-- "(.*)"\n')
SET_UP = "python3 -m venv "  # CI runs those commands word for word


def blocks_in(*languages: str) -> list[Block]:
    return [block for block in BLOCKS if block.language in languages]


def test_no_command_hides_in_a_block_of_text() -> None:
    commands = [block for block in blocks_in("text") if re.search(r"^(\$ |python |pip |nox |curl )", block.text, re.M)]
    assert list(map(str, commands)) == []


def require_tools(block: Block) -> None:
    """Skips a test whose commands need a program that is not installed; CI has all of them."""
    missing = [name for name in ("curl", "node") if f"{name} " in block.text and shutil.which(name) is None]
    if missing and not os.environ.get("CI"):
        pytest.skip(f"not installed: {', '.join(missing)}")


def test_every_block_has_a_language_that_is_tested() -> None:
    assert {block.language for block in BLOCKS} == {"console", "json", "python", "sh", "text", "toml"}


@pytest.mark.parametrize("block", blocks_in("console"), ids=str)
def test_a_command_prints_what_is_shown(block: Block, tmp_path: Path) -> None:
    require_tools(block)
    write_files(block, tmp_path)
    for command, shown in read_session(block.text):
        assert run_command(command, tmp_path).stdout == shown


@pytest.mark.parametrize("block", blocks_in("toml"), ids=str)
def test_toml_is_valid_and_registers_a_target(block: Block) -> None:
    assert list(tomllib.loads(block.text)["project"]["entry-points"]) == [ENTRY_POINTS]


@pytest.mark.parametrize("block", blocks_in("sh"), ids=str)
def test_a_command_without_output_succeeds(block: Block, tmp_path: Path) -> None:
    require_tools(block)
    write_files(block, tmp_path)
    for command in re.sub(r" *\\\n *", " ", block.text).splitlines():
        if command.startswith("python -m compiler.sender.emulator "):
            run_until_interrupted(command, tmp_path)
        elif command.startswith("curl "):
            run_against_recorder(command, tmp_path)
        elif not command.startswith((SET_UP, "pip install '.[")):  # for those, see below
            for each in (command, *re.findall(r'eval "\$\((.*)\)"', command)):  # eval hides the status
                process = run_command(each, tmp_path)
                assert process.returncode == 0, process.stdout


def run_until_interrupted(command: str, folder: Path) -> None:
    """Runs a server on a free port until it says that it is ready, and interrupts it."""
    arguments = [sys.executable, *shlex.split(command)[1:], "--port", "0"]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=folder, preexec_fn=_allow_interrupt)
    assert process.stdout is not None
    try:
        assert any("http://127.0.0.1" in line for line in process.stdout)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert process.returncode == 0


def _allow_interrupt() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)


class Recorder(BaseHTTPRequestHandler):
    """Stands in Mailjet's place: it keeps what it is asked."""

    requests: ClassVar[list[tuple[str, str, Any]]]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.requests.append((self.path, self.headers["Authorization"], body))
        self.send_response(201)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def run_against_recorder(command: str, folder: Path) -> None:
    """Runs a call of Mailjet's API against a server of our own: it is a POST of JSON, with both keys."""

    class Kind(Recorder):
        requests: ClassVar[list[tuple[str, str, Any]]] = []

    with HTTPServer(("127.0.0.1", 0), Kind) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        local = command.replace("https://api.mailjet.com", f"http://127.0.0.1:{server.server_port}")
        keys = "export MJ_APIKEY_PUBLIC=a MJ_APIKEY_PRIVATE=b no_proxy=127.0.0.1; "
        process = run_command(f"{keys}{local} --silent --show-error --fail", folder)
        server.shutdown()
        thread.join()
    assert process.returncode == 0, process.stdout
    ((path, authorization, body),) = Kind.requests
    assert path.startswith("/v3/REST/")
    assert authorization == "Basic YTpi"
    assert body["Url"].startswith("https://")


@pytest.mark.parametrize("block", blocks_in("python"), ids=str)
def test_a_python_example_prints_what_is_shown(block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    included = INCLUDED.fullmatch(block.text)
    if block.page in DJANGO:
        compile(block.text, str(block), "exec")
    elif included is not None:
        assert (ROOT / included[1]).is_file()
    elif block.page == "golden/README.md":
        assert block.text == (ROOT / "examples/harness-skeleton/harness.py").read_text(encoding="utf-8")
    else:
        write_files(block, tmp_path)
        monkeypatch.chdir(tmp_path)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(block.text, {"__name__": "example"})  # noqa: S102 - the page's own example
        assert printed.getvalue() == (block.following[1] if block.following and block.following[0] == "text" else "")


@pytest.mark.parametrize("block", blocks_in("json"), ids=str)
def test_a_json_example_is_valid(block: Block) -> None:
    document = json.loads(block.text, object_pairs_hook=None if block.page == "docs/diagnostics.md" else _no_duplicates)
    if block.page == "docs/message.md" and "merge_data" not in document:
        fields = resources.validator("message.schema.json")
        assert [error.message for error in fields.iter_errors(document)] == []


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def test_the_message_of_the_readme_is_the_example_file() -> None:
    (shown,) = (block.text for block in BLOCKS if block.page == "README.md" and block.language == "json")
    assert shown == (ROOT / "examples/order-shipped.json").read_text(encoding="utf-8")


def test_the_two_commands_of_the_readme_do_all_the_set_up() -> None:
    commands = [block.text.strip() for block in BLOCKS if block.page == "README.md" and block.language == "sh"]
    assert len(commands) == 2
    for command in commands:
        assert command.startswith(f"{SET_UP}.venv && .venv/bin/pip install ")
    assert commands[0].endswith("-m compiler examples/order-shipped.json")
    assert commands[1].endswith("-m pytest --quiet --numprocesses auto")


def test_the_extras_that_pages_name_exist() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for page in PAGES:
        text = (ROOT / page).read_text(encoding="utf-8")
        named = {
            name for group in re.findall(r"'(?:payload-compiler|\.)\[([\w,]+)\]'", text) for name in group.split(",")
        }
        assert named <= set(project["optional-dependencies"]), page
