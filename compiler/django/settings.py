"""Reads this package's settings from Django's, where Anymail would look for them.

    ANYMAIL = {"MAILJET_API_KEY": ...}     first, as each other setting
    ANYMAIL_MAILJET_API_KEY = ...          second
    MAILJET_API_KEY = ...                  third: API key, secret key and URL only

Arguments of the backend (`get_connection(..., api_key=...)`, or OPTIONS in MAILERS) take precedence. An error names the
place of the value, or all places that were searched.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from typing import Any

from django.conf import settings

from compiler.django.compatibility import COMPATIBILITY
from compiler.django.exceptions import AnymailConfigurationError
from compiler.django.normalize import normalize_attribute, resolve_lazy
from compiler.json_io.suggestions import find_nearest
from compiler.sender.errors import SettingsError
from compiler.sender.mailjet import check_timeout
from compiler.sender.settings import (
    API_URLS,
    DEFAULT_TARGET,
    check_api_key,
    check_api_url,
    check_secret_key,
    check_target,
)
from compiler.webhooks import WebhookSecrets
from compiler.webhooks.calls import MAX_BODY_BYTES

MERGE_HEADERS = "merge_headers"
"""The one feature that `compile` does not know, because a message of ours has no such field."""

_SIMILAR = 0.85  # of difflib's ratio: a misspelled name, not the setting of another service

BARE_NAMES = ("MAILJET_API_KEY", "MAILJET_SECRET_KEY", "MAILJET_API_URL")
"""The settings that are also found without a prefix."""

BACKEND_NAMES = (
    *BARE_NAMES,
    "MAILJET_TARGET",
    "SEND_DEFAULTS",
    "MAILJET_SEND_DEFAULTS",
    "IGNORE_UNSUPPORTED_FEATURES",
    "IGNORE_RECIPIENT_STATUS",
    "DEBUG_API_REQUESTS",
    "REQUESTS_TIMEOUT",
    "COMPATIBILITY",
)
WEBHOOK_NAMES = ("WEBHOOK_SECRET", "WEBHOOK_CACHE", "WEBHOOK_MAX_BODY_BYTES")


@dataclass(frozen=True, slots=True, repr=False)
class BackendSettings:
    """The settings of a backend, valid. Its repr shows no key. `default_places`: the setting of each default."""

    api_key: str
    secret_key: str
    api_url: str
    target: str
    timeout: tuple[float, float]
    send_defaults: Mapping[str, Any]
    default_places: Mapping[str, str]
    ignore_unsupported_features: bool | tuple[str, ...]
    ignore_recipient_status: bool
    debug_api_requests: bool
    compatibility: frozenset[str]

    def __repr__(self) -> str:
        return f"<BackendSettings for {self.api_url}>"

    def is_ignored(self, feature: str) -> bool:
        """Whether an unsupported feature is ignored."""
        ignored = self.ignore_unsupported_features
        return ignored if isinstance(ignored, bool) else feature in ignored

    def compile_options(self) -> dict[str, Any]:
        """The options for `compile`."""
        ignored = self.ignore_unsupported_features
        if not isinstance(ignored, bool):
            ignored = tuple(name for name in ignored if name != MERGE_HEADERS)
        return {"send_defaults": self.send_defaults, "ignore_unsupported_features": ignored}


@dataclass(frozen=True, slots=True, repr=False)
class WebhookSettings:
    """The settings of the webhooks, valid. `cache`: the alias of one of Django's caches."""

    secrets: WebhookSecrets
    cache: str
    max_body_bytes: int


def read_backend_settings(arguments: MutableMapping[str, Any]) -> BackendSettings:
    """The settings of a backend; removes its own from the arguments. Raises AnymailConfigurationError."""
    names = {argument for name in BACKEND_NAMES for argument in _argument_names(name)}
    own = HiddenSettings({name: arguments.pop(name) for name in names & arguments.keys()})
    for argument in arguments:
        if near := get_close_matches(argument, names, 1, _SIMILAR):
            raise AnymailConfigurationError(f"unknown argument {argument!r}: did you mean {near[0]!r}?")
    values = HiddenSettings({name: read_setting(name, own) for name in BACKEND_NAMES})
    if unknown := unknown_settings():
        raise AnymailConfigurationError(unknown_message(unknown[0]))
    defaults, places = {}, {}
    for name in ("SEND_DEFAULTS", "MAILJET_SEND_DEFAULTS"):
        defaults.update(values[name])
        places.update(dict.fromkeys(values[name], _find(name, own)[0]))
    ignored = values["IGNORE_UNSUPPORTED_FEATURES"]
    if ignored is True or (ignored and MERGE_HEADERS in ignored):
        defaults.pop(MERGE_HEADERS, None)
    return BackendSettings(
        api_key=values["MAILJET_API_KEY"],
        secret_key=values["MAILJET_SECRET_KEY"],
        api_url=values["MAILJET_API_URL"],
        target=values["MAILJET_TARGET"],
        timeout=values["REQUESTS_TIMEOUT"],
        send_defaults=defaults,
        default_places=places,
        ignore_unsupported_features=values["IGNORE_UNSUPPORTED_FEATURES"],
        ignore_recipient_status=values["IGNORE_RECIPIENT_STATUS"],
        debug_api_requests=values["DEBUG_API_REQUESTS"],
        compatibility=values["COMPATIBILITY"],
    )


def read_webhook_settings() -> WebhookSettings:
    """The settings of the webhooks. Raises AnymailConfigurationError."""
    return WebhookSettings(*(read_setting(name, {}) for name in WEBHOOK_NAMES))


def read_setting(name: str, arguments: Mapping[str, Any]) -> Any:
    """The valid value of a setting, or its default. Raises AnymailConfigurationError, which names its place."""
    place, value = _find(name, arguments)
    default, check = _SETTINGS[name]
    if name == "MAILJET_API_URL":  # each version of the API has its own
        target = read_setting("MAILJET_TARGET", arguments)
        default, check = API_URLS[target], partial(check_api_url, target=target, allow_plain_http=None)
    if not place or (value is None and default is not _REQUIRED and name != "REQUESTS_TIMEOUT"):
        if default is not _REQUIRED:
            return default
        bare = f" or {name}" if name in BARE_NAMES else ""
        raise AnymailConfigurationError(
            f'{name} is not set: set ANYMAIL = {{"{name}": ...}}, ANYMAIL_{name}{bare} in your Django settings'
        )
    try:
        return check(resolve_lazy(value), place)
    except SettingsError as error:
        message = f"{error.failure.message} ({error.failure.hint})"
    except (TypeError, ValueError) as error:
        message = str(error)
    del value  # error pages show the local variables of each function
    raise AnymailConfigurationError(message)


def unknown_settings() -> list[str]:
    """The members of ANYMAIL that begin with MAILJET_ and are not a setting."""
    names = [name for name in _anymail() if isinstance(name, str) and name.startswith("MAILJET_")]
    return [name for name in names if name not in BACKEND_NAMES]


def misspelled_settings() -> list[tuple[str, str]]:
    """The other members of ANYMAIL that look like a setting of ours, each with the name that was probably meant."""
    known = [name for name in (*BACKEND_NAMES, *WEBHOOK_NAMES) if not name.startswith("MAILJET_")]
    others = [name for name in _anymail() if isinstance(name, str) and name not in known]
    near = [(name, get_close_matches(name, known, 1, _SIMILAR)) for name in others]
    return [(name, matches[0]) for name, matches in near if matches]


def unknown_message(name: str) -> str:
    """What to say about an unknown setting."""
    available = [known for known in BACKEND_NAMES if known.startswith("MAILJET_")]
    near = find_nearest(name, available)
    return f'unknown setting ANYMAIL["{name}"]' + (
        f": did you mean {near!r}?" if near else f" (available: {', '.join(available)})"
    )


class HiddenSettings(dict[str, Any]):
    """A dict of secrets: its repr does not show them."""

    def __repr__(self) -> str:
        return f"<{len(self)} settings>"


def _argument_names(name: str) -> tuple[str, ...]:
    return _ARGUMENTS.get(name, (name.lower(),))


def _find(name: str, arguments: Mapping[str, Any]) -> tuple[str, Any]:
    """The place of a setting and its value; an empty place if it is nowhere."""
    for argument in _argument_names(name):
        if argument in arguments:
            return f"the argument {argument}", arguments[argument]
    anymail = _anymail()
    if name in anymail:
        return f'ANYMAIL["{name}"]', anymail[name]
    for variable in (f"ANYMAIL_{name}", *([name] if name in BARE_NAMES else [])):
        if hasattr(settings, variable):
            return variable, getattr(settings, variable)
    return "", None


def _anymail() -> Mapping[Any, Any]:
    anymail = getattr(settings, "ANYMAIL", {})
    if not isinstance(anymail, Mapping):
        raise AnymailConfigurationError(f"ANYMAIL must be a dict, got {type(anymail).__name__}")
    return anymail


def _check_bool(value: object, place: str) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{place} must be True or False, got {value!r}")
    return value


def _check_features(value: object, place: str) -> bool | tuple[str, ...]:
    if isinstance(value, bool):
        return value
    names = tuple(map(resolve_lazy, value)) if isinstance(value, list | tuple) else ()
    if not isinstance(value, list | tuple) or not all(isinstance(name, str) for name in names):
        raise TypeError(f"{place} must be True, False or a list of features such as 'multiple tags', got {value!r}")
    return names


def _check_defaults(value: object, place: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise TypeError(f"{place} must be a dict, got {type(value).__name__}")
    try:
        named = [(resolve_lazy(name), default) for name, default in value.items()]
        return {name: normalize_attribute(name, default) for name, default in named}
    except (TypeError, ValueError) as error:
        raise TypeError(f"{place} is invalid: {error}") from None


def _check_compatibility(value: object, place: str) -> frozenset[str]:
    if isinstance(value, bool):
        return frozenset(COMPATIBILITY) if value else frozenset()
    if not isinstance(value, list | tuple | set | frozenset):
        raise TypeError(f"{place} must be True, False or a list of names, got {value!r}")
    for name in value:
        if not isinstance(name, str) or name not in COMPATIBILITY:
            raise ValueError(f"{place}: unknown name {name!r} (available: {', '.join(COMPATIBILITY)})")
    return frozenset(value)


def _check_cache(value: object, place: str) -> str:
    if not isinstance(value, str) or value not in settings.CACHES:
        available = ", ".join(map(str, settings.CACHES))
        raise ValueError(f"{place} must be the name of a cache in CACHES (available: {available}), got {value!r}")
    return value


def _check_size(value: object, place: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        raise TypeError(f"{place} must be a positive number of bytes, got {value!r}")
    return value


_REQUIRED = object()
# The default of each setting, and the function that checks its value at a place.
_SETTINGS: Mapping[str, tuple[Any, Callable[[Any, str], Any]]] = {
    "MAILJET_API_KEY": (_REQUIRED, check_api_key),
    "MAILJET_SECRET_KEY": (_REQUIRED, check_secret_key),
    "MAILJET_API_URL": (None, check_api_url),  # see read_setting
    "MAILJET_TARGET": (DEFAULT_TARGET, check_target),
    "SEND_DEFAULTS": ({}, _check_defaults),
    "MAILJET_SEND_DEFAULTS": ({}, _check_defaults),
    "IGNORE_UNSUPPORTED_FEATURES": (False, _check_features),
    "IGNORE_RECIPIENT_STATUS": (False, _check_bool),
    "DEBUG_API_REQUESTS": (False, _check_bool),
    "REQUESTS_TIMEOUT": ((30, 30), check_timeout),
    "COMPATIBILITY": (frozenset(), _check_compatibility),
    "WEBHOOK_SECRET": (WebhookSecrets(), WebhookSecrets.parse),
    "WEBHOOK_CACHE": ("default", _check_cache),
    "WEBHOOK_MAX_BODY_BYTES": (MAX_BODY_BYTES, _check_size),
}
# The arguments of a backend that are not the setting's name in lower case, as in django-anymail.
_ARGUMENTS: Mapping[str, tuple[str, ...]] = {
    "MAILJET_API_KEY": ("api_key",),
    "MAILJET_SECRET_KEY": ("secret_key",),
    "MAILJET_API_URL": ("api_url",),
    "MAILJET_TARGET": ("target",),
    "SEND_DEFAULTS": (),
    "MAILJET_SEND_DEFAULTS": ("send_defaults",),
    "REQUESTS_TIMEOUT": ("timeout", "requests_timeout"),
}
