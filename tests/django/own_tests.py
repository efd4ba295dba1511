"""Runs Django's own tests of e-mail backends with ours, against the emulator.

    python -m tests.django.own_tests DIRECTORY

DIRECTORY is `tests` of Django's source archive, of the version that is installed. `NOT_APPLICABLE` has the tests that
are about something else than the backend, each with the reason; every other test must pass.
"""

from __future__ import annotations

import importlib
import sys
import unittest
from pathlib import Path
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.test import SimpleTestCase, override_settings

from compiler.django import EmailBackend
from compiler.sender.emulator import Emulator, ReceivedMessage
from tests.django.project import set_up

NOT_APPLICABLE = {
    "test_send_long_lines": "how long lines are encoded is up to Mailjet",
    "test_message_cc_header": "compares the headers that Mailjet writes",
    "test_recipient_without_domain": "Mailjet does not deliver to an address without a domain: it is an error",
    "test_fail_silently_arg_accepted": "expects a backend that does not support fail_silently; ours does",
    "test_lazy_addresses": "uses addresses without a domain; test_normalize has lazy ones with a domain",
}


def build_mail(received: ReceivedMessage) -> bytes:
    """What a recipient sees of a message, in the form that Django gives its mails."""
    addresses: dict[str, Any] = {
        header: [each.email for each in received.recipients if each.kind in kinds]
        for header, kinds in (("to", ("private", "to")), ("cc", ("cc",)))
    }
    name, email = received.sender.name, received.sender.email
    sender = f"{name} <{email}>" if name else email
    mail = EmailMultiAlternatives(received.subject or "", received.text or "", sender, **addresses)
    if received.html is not None:
        mail.attach_alternative(received.html, "text/html")
    return mail.message().as_bytes()


class Mailbox:
    """The emulator as the mailbox that Django's tests look into."""

    emulator: Emulator
    email_backend = "compiler.django.EmailBackend"
    backend_class = EmailBackend

    def get_mailbox_content(self) -> list[Any]:
        parse = sys.modules["mail.tests"].message_from_bytes
        return [parse(build_mail(message)) for message in self.emulator.messages]

    def flush_mailbox(self) -> None:
        self.emulator.clear()

    def create_backend(self, **arguments: Any) -> EmailBackend:
        arguments = {"alias": "test_alias", **arguments}
        return EmailBackend(**{name: value for name, value in arguments.items() if value is not None})


def find_tests(directory: Path) -> Any:
    """Django's base class for the tests of each backend."""
    sys.path.insert(0, str(directory))
    for module in ("mail.test_backends", "mail.tests"):
        try:
            tests = importlib.import_module(module)
        except ModuleNotFoundError:
            continue
        for name in ("SharedEmailBackendTests", "BaseEmailBackendTests"):
            if hasattr(tests, name):
                return getattr(tests, name)
    raise SystemExit(f"{directory} has no tests of e-mail backends")


def main() -> int:
    """Runs the tests; returns the exit status."""
    set_up()
    base = find_tests(Path(sys.argv[1]))
    names = [name for name in dir(base) if name.startswith("test_")]
    omitted = {
        name: unittest.skip(reason)(getattr(base, name)) for name, reason in NOT_APPLICABLE.items() if name in names
    }
    case: Any = type("EmailBackendTests", (Mailbox, base, SimpleTestCase), omitted)
    with Emulator() as emulator:
        anymail = {
            "MAILJET_API_KEY": emulator.api_key,
            "MAILJET_SECRET_KEY": emulator.secret_key,
            "MAILJET_API_URL": emulator.url,
            "COMPATIBILITY": ["empty-body"],
        }

        def clear(self: Any) -> None:
            emulator.clear()
            super(case, self).setUp()

        case.emulator, case.setUp = emulator, clear
        with override_settings(ANYMAIL=anymail):
            suite = unittest.defaultTestLoader.loadTestsFromTestCase(case)
            result = unittest.TextTestRunner(verbosity=2).run(suite)
    return 0 if result.wasSuccessful() and result.testsRun > len(omitted) else 1


if __name__ == "__main__":
    sys.exit(main())
