"""One round of django-anymail 4.1 making the payload of a message, run by an interpreter that has it.

Standard input is JSON: the message and the effort. Standard output is JSON: the seconds and peak memory of Anymail,
and of reading and writing the message as JSON, so that figures of two interpreters can be compared. The message object
is built before timing; only Anymail's payload and its JSON are timed, without network. `anymail` runs this.
"""

from __future__ import annotations

import base64
import json
import sys
import warnings
from collections.abc import Callable
from importlib import import_module
from typing import Any

from tests.benchmarks.memory import extra_bytes
from tests.benchmarks.timing import Effort, fastest

_ATTRIBUTES = ("merge_data", "merge_global_data", "metadata", "tags", "track_clicks", "track_opens")


def payload_maker(message: dict[str, Any]) -> Callable[[], str]:
    """A function that builds the payload of a message as JSON text, as Anymail does before posting it."""
    backend = import_module("anymail.backends.mailjet").EmailBackend()
    mail = import_module("django.core.mail").EmailMultiAlternatives(
        message["subject"],
        message.get("body", ""),
        message["from_email"],
        message["to"],
        headers=message.get("extra_headers"),
        reply_to=message.get("reply_to"),
    )
    for part in message.get("alternatives", ()):
        mail.attach_alternative(part["content"], part["mimetype"])
    for file in message.get("attachments", ()):
        mail.attach(file["filename"], base64.b64decode(file["content"]), file.get("mimetype"))
    for name in _ATTRIBUTES:
        if name in message:
            setattr(mail, name, message[name])

    def make() -> str:
        return str(backend.build_message_payload(mail, backend.send_defaults).serialize_data())

    return make


def _configure() -> None:
    keys = {"MAILJET_API_KEY": "key", "MAILJET_SECRET_KEY": "secret"}
    import_module("django.conf").settings.configure(ANYMAIL=keys, DEFAULT_CHARSET="utf-8")
    import_module("django").setup()


def main() -> None:
    """Measures one round and prints the figures."""
    warnings.simplefilter("ignore")  # Django 2.1 imports deprecated modules
    _configure()
    request = json.load(sys.stdin)
    message = request["message"]
    make, text = payload_maker(message), json.dumps(message)
    seconds, json_seconds = fastest(
        [make, lambda: (json.loads(text), json.dumps(message))], Effort(**request["effort"])
    )
    figures = {"seconds": seconds, "json_seconds": json_seconds}
    if request["with_memory"]:
        figures["memory"] = extra_bytes(make)
    json.dump(figures, sys.stdout)


if __name__ == "__main__":
    main()
