"""The system checks (`manage.py check`): errors in settings before the first mail.

| id | |
|---|---|
| `payload_compiler.E001` | a setting of the backend is missing, invalid or unknown |
| `payload_compiler.E002` | a setting of the webhooks is invalid |
| `payload_compiler.W001` | DEBUG_API_REQUESTS is on, and DEBUG is off |
| `payload_compiler.W002` | the webhooks have no WEBHOOK_SECRET |
| `payload_compiler.W003` | an unknown setting, probably misspelled |
| `payload_compiler.W004` | an unknown feature to ignore |
| `payload_compiler.W005` | the URL does not look like that of the v3 API |
| `payload_compiler.W006` | the cache for repeated events is not shared (`check --deploy`) |
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as CheckWarning
from django.urls import get_script_prefix, resolve, reverse

import compiler
from compiler.django.exceptions import AnymailConfigurationError, describe
from compiler.django.settings import (
    BACKEND_NAMES,
    WEBHOOK_NAMES,
    BackendSettings,
    misspelled_settings,
    read_backend_settings,
    read_setting,
    unknown_message,
    unknown_settings,
)
from compiler.sender.settings import API_URLS

BACKEND = "compiler.django.EmailBackend"
_LOCAL_CACHES = ("django.core.cache.backends.locmem.", "django.core.cache.backends.dummy.")
_BACKEND_ERROR = "payload_compiler.E001"
_BACKENDS = (BACKEND, "compiler.django.backend.EmailBackend")


def check_settings(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Checks the settings of the backend and of the webhooks, as far as they are in use."""
    try:
        unknown = unknown_settings()
    except AnymailConfigurationError as error:
        return [Error(str(error), id=_BACKEND_ERROR)]
    found: list[CheckMessage] = [Error(unknown_message(name), id=_BACKEND_ERROR) for name in unknown]
    found += [
        CheckWarning(f'unknown setting ANYMAIL["{name}"]: did you mean {near!r}?', id="payload_compiler.W003")
        for name, near in misspelled_settings()
    ]
    for options in _configured_backends():
        errors = [error for name in BACKEND_NAMES for error in _check(name, options, _BACKEND_ERROR)]
        found += errors
        if errors or unknown:
            continue
        try:
            backend = read_backend_settings(dict(options))
        except AnymailConfigurationError as error:
            found.append(Error(str(error), id=_BACKEND_ERROR))
        else:
            found += _check_backend(backend)
    if _has_webhooks():
        errors = [error for name in WEBHOOK_NAMES for error in _check(name, {}, "payload_compiler.E002")]
        found += errors
        if not errors and not read_setting("WEBHOOK_SECRET", {}).pairs:
            hint = 'set ANYMAIL = {"WEBHOOK_SECRET": "user:password"}, and use both in the URL at Mailjet'
            found.append(CheckWarning("the webhooks accept every caller", hint=hint, id="payload_compiler.W002"))
    return found


def check_deployment(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Checks that repeated events can be recognized in production (`manage.py check --deploy`)."""
    if not _has_webhooks():
        return []
    try:
        alias = read_setting("WEBHOOK_CACHE", {})
    except AnymailConfigurationError:  # check_settings reports it
        return []
    backend = settings.CACHES[alias].get("BACKEND", "")
    if not backend.startswith(_LOCAL_CACHES):
        return []
    hint = "use a cache that all processes share, and name it in WEBHOOK_CACHE"
    text = f"the cache {alias!r} cannot recognize repeated events: it is that of a single process, and small"
    return [CheckWarning(text, hint=hint, id="payload_compiler.W006")]


def _check_backend(backend: BackendSettings) -> list[CheckMessage]:
    """Checks valid settings together: a message is compiled with the defaults, which are in every message."""
    found: list[CheckMessage] = []
    message = {"from_email": "a@example.com", "to": ["b@example.com"], "subject": "s", "body": "b"}
    result: compiler.Result = compiler.compile(message, backend.target, backend.compile_options())
    errors = [error for error in result.errors if error.document == "options"]
    found += [Error(describe(error, backend.default_places), id=_BACKEND_ERROR) for error in errors]
    unknown = [warning for warning in result.warnings if warning.params.get("reason") == "unknown-feature"]
    found += [CheckWarning(describe(warning), id="payload_compiler.W004") for warning in unknown]
    if backend.debug_api_requests and not settings.DEBUG:
        text = "DEBUG_API_REQUESTS prints the contents of all mails"
        found.append(CheckWarning(text, hint="turn it off in production", id="payload_compiler.W001"))
    version = API_URLS[backend.target].rpartition("/")[2]
    if not backend.api_url.endswith(f"/{version}"):
        hint = f"for example {backend.api_url}/{version}"
        text = f"MAILJET_API_URL does not end with /{version}"
        found.append(CheckWarning(text, hint=hint, id="payload_compiler.W005"))
    return found


def _check(name: str, arguments: Mapping[str, Any], identifier: str) -> list[CheckMessage]:
    try:
        read_setting(name, arguments)
    except AnymailConfigurationError as error:
        return [Error(str(error), id=identifier)]
    return []


def _configured_backends() -> list[dict[str, Any]]:
    """The options of each mailer that uses our backend: one without options if it is EMAIL_BACKEND."""
    mailers = getattr(settings, "MAILERS", None)  # Django 6.1, which checks their form
    if mailers is not None:
        configured = [mailer for mailer in mailers.values() if isinstance(mailer, Mapping)]
        return [mailer.get("OPTIONS") or {} for mailer in configured if mailer.get("BACKEND") in _BACKENDS]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", PendingDeprecationWarning)
        return [{}] if settings.EMAIL_BACKEND in _BACKENDS else []


def _has_webhooks() -> bool:
    try:
        path = reverse("anymail:mailjet_tracking_webhook")
        match = resolve("/" + path.removeprefix(get_script_prefix()))
    except Exception:  # there are none, or the URLconf has errors, which another check reports
        return False
    return match.func.__module__.startswith("compiler.django")
