"""The system checks (`manage.py check`): errors in settings before the first mail.

| id | |
|---|---|
| `payload_compiler.E001` | a setting of the backend is missing or invalid |
| `payload_compiler.E002` | a setting of the webhooks is invalid |
| `payload_compiler.W001` | DEBUG_API_REQUESTS is on, and DEBUG is off |
| `payload_compiler.W002` | the webhooks have no WEBHOOK_SECRET |
| `payload_compiler.W003` | an unknown setting |
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as CheckWarning
from django.urls import NoReverseMatch, reverse

from compiler.django.exceptions import AnymailConfigurationError
from compiler.django.settings import BACKEND_NAMES, WEBHOOK_NAMES, read_setting, unknown_message, unknown_settings

BACKEND = "compiler.django.EmailBackend"
_BACKENDS = (BACKEND, "compiler.django.backend.EmailBackend")


def check_settings(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Checks the settings of the backend and of the webhooks, as far as they are in use."""
    found: list[CheckMessage] = []
    try:
        unknown = unknown_settings()
    except AnymailConfigurationError as error:
        return [Error(str(error), id="payload_compiler.E001")]
    found += [CheckWarning(unknown_message(place, name), id="payload_compiler.W003") for place, name in unknown]
    for options in _configured_backends():
        arguments = dict(options)
        for name in BACKEND_NAMES:
            found += _check(name, arguments, "payload_compiler.E001")
        if (
            not settings.DEBUG
            and not _check("DEBUG_API_REQUESTS", dict(options), "")
            and read_setting("DEBUG_API_REQUESTS", dict(options))
        ):
            found.append(
                CheckWarning(
                    "DEBUG_API_REQUESTS prints the contents of all mails",
                    hint="turn it off in production",
                    id="payload_compiler.W001",
                )
            )
    if _has_webhooks():
        errors = [error for name in WEBHOOK_NAMES for error in _check(name, {}, "payload_compiler.E002")]
        found += errors
        if not errors and not read_setting("WEBHOOK_SECRET", {}).pairs:
            found.append(
                CheckWarning(
                    "the webhooks accept every caller",
                    hint='set ANYMAIL = {"WEBHOOK_SECRET": "user:password"}, and use both in the URL at Mailjet',
                    id="payload_compiler.W002",
                )
            )
    return found


def _check(name: str, arguments: dict[str, Any], identifier: str) -> list[CheckMessage]:
    try:
        read_setting(name, arguments)
    except AnymailConfigurationError as error:
        return [Error(str(error), id=identifier)]
    return []


def _configured_backends() -> list[dict[str, Any]]:
    """The options of each mailer that uses our backend: one without options if it is EMAIL_BACKEND."""
    mailers = getattr(settings, "MAILERS", None)  # Django 6.1
    if mailers:
        return [mailer.get("OPTIONS", {}) for mailer in mailers.values() if mailer.get("BACKEND") in _BACKENDS]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", PendingDeprecationWarning)
        return [{}] if settings.EMAIL_BACKEND in _BACKENDS else []


def _has_webhooks() -> bool:
    try:
        path = reverse("anymail:mailjet_tracking_webhook")
    except NoReverseMatch:
        return False
    except Exception:  # a URLconf with errors has a check of its own
        return False
    from django.urls import resolve

    return resolve(path).func.__module__.startswith("compiler.django")
