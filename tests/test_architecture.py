"""Boundaries: the engine knows nothing about mail, imports follow contracts, and compiling does no I/O."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ENGINE = sorted(file for file in (ROOT / "compiler/engine").rglob("*.py") if file.name != "__main__.py")
MAIL = re.compile(r"\b(mailjet|anymail|e-?mails?|recipients?|subjects?|attachments?|smtp|mime|cc|bcc)\b", re.IGNORECASE)


@pytest.mark.parametrize("file", ENGINE, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_the_engine_does_not_mention_mail(file: Path) -> None:
    assert MAIL.findall(file.read_text(encoding="utf-8")) == []


def test_class_names_are_unique_within_the_package() -> None:
    names: dict[str, list[str]] = {}
    for file in sorted((ROOT / "compiler").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                names.setdefault(node.name, []).append(file.relative_to(ROOT).as_posix())
    assert {name: files for name, files in names.items() if len(files) > 1} == {}


def test_import_contracts_are_kept() -> None:
    process = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
        ],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert (process.returncode, "0 broken" in process.stdout) == (0, True), process.stdout


@pytest.mark.parametrize(
    "call",
    [
        "compiler.compile(message)",
        "compiler.explain(message).result",
        "compiler.split(message)",
        "compiler.compile(compiler.from_email_message(mail))",
        'compiler.decode_events(\'[{"time": 1, "Payload": "{}"}]\')',
        "compiler.decode_response('{\"Sent\": []}', message=message)",
        'compiler.decode_template(\'{"Data": [{"Headers": {"From": "A, B <a@example.com>"}}]}\')',
        "(inbound := compiler.decode_inbound(body), compiler.to_email_message(inbound.output), inbound)[-1]",
    ],
)
def test_compiling_opens_no_socket_or_file(call: str) -> None:
    watch = """
import sys
opened = []
watched = ("open", "socket.connect")
sys.addaudithook(lambda event, arguments: opened.append((event, arguments)) if event in watched else None)
import compiler, email.message, json
message = json.load(sys.stdin)
mail = email.message.EmailMessage()
mail["From"], mail["To"], mail["Subject"] = message["from_email"], message["to"][0], message["subject"]
mail.set_content("x")
body = {"Headers": {"Date": "Fri, 10 Apr 2015 18:06:38 +0200", "From": "=?utf-8?q?=C3=BC?= <a@b\u00fccher.example>"},
        "Text-part": "x", "Attachment1": "YQ=="}
compiler.compile(message | {"tags": ["a", "b"], "to": ["b\\u00fccher", {"email": 5}]})
@@
opened.clear()
result = @@
print(json.dumps([result.ok, [str(event) for event in opened]]))
""".replace("@@", call)
    message = (ROOT / "examples/order-shipped.json").read_text(encoding="utf-8")
    process = subprocess.run([sys.executable, "-c", watch], input=message, capture_output=True, text=True, cwd=ROOT)
    assert json.loads(process.stdout or "null") == [True, []], process.stderr
