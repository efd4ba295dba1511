"""The settings of a sender, from arguments or else the environment, validated before anything is sent.

    value         argument     environment
    API key       api_key      MAILJET_API_KEY, else MJ_APIKEY_PUBLIC (Mailjet's own name)
    secret key    secret_key   MAILJET_SECRET_KEY, else MJ_APIKEY_PRIVATE
    API URL       api_url      MAILJET_API_URL, else that of the target: https://api.mailjet.com/v3 or .../v3.1

Error messages about a key never quote the key.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from compiler.sender.errors import Failure, SettingsError

API_URLS: Mapping[str, str] = {
    "mailjet-v3": "https://api.mailjet.com/v3",
    "mailjet-v3.1": "https://api.mailjet.com/v3.1",
}
"""The default API URL of each target that can be sent to. Its last part is the version of the API."""

DEFAULT_TARGET = "mailjet-v3"
DEFAULT_API_URL = API_URLS[DEFAULT_TARGET]

API_KEY_NAMES = ("MAILJET_API_KEY", "MJ_APIKEY_PUBLIC")
SECRET_KEY_NAMES = ("MAILJET_SECRET_KEY", "MJ_APIKEY_PRIVATE")
API_URL_NAMES = ("MAILJET_API_URL",)

_TITLES = {"api_key": "API key", "secret_key": 'secret key (Mailjet also calls it "API private key")'}
_KEY_HINT = 'copy it again from "API key management" in the account settings'

# Restricted, so that no two URL parsers can disagree on the host.
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]")
_PATH = re.compile(r"[A-Za-z0-9._~/-]*")
_VERSION = re.compile(r"v3(?:\.[0-9]+)?")


@dataclass(frozen=True, slots=True, repr=False)
class SenderSettings:
    """Valid settings. `api_url` has no trailing slash."""

    api_key: str
    secret_key: str
    api_url: str

    def __repr__(self) -> str:
        return f"<Settings for {self.api_url}>"

    @property
    def uses_tls(self) -> bool:
        """Whether calls go over TLS."""
        return self.api_url.startswith("https:")


def load_settings(
    api_key: str | None = None,
    secret_key: str | None = None,
    api_url: str | None = None,
    *,
    target: str = DEFAULT_TARGET,
    allow_plain_http: bool = False,
    environment: Mapping[str, str] | None = None,
) -> SenderSettings:
    """Reads the settings from arguments, then the environment. Raises SettingsError, which names the setting."""
    environment = os.environ if environment is None else environment
    return SenderSettings(
        check_api_key(*_require_setting(api_key, "api_key", API_KEY_NAMES, environment)),
        check_secret_key(*_require_setting(secret_key, "secret_key", SECRET_KEY_NAMES, environment)),
        resolve_api_url(api_url, target, allow_plain_http=allow_plain_http, environment=environment),
    )


def resolve_api_url(api_url: str | None, target: str, *, allow_plain_http: bool, environment: Mapping[str, str]) -> str:
    """The API URL without a trailing slash. Raises SettingsError."""
    check_target(target, "the argument target")
    source, url = _find_setting(api_url, "api_url", API_URL_NAMES, environment)
    return API_URLS[target] if url is None else check_api_url(url, source, target, allow_plain_http=allow_plain_http)


def check_target(target: object, source: str) -> str:
    """Checks the name of a target to send to. Raises SettingsError, which names the source."""
    if not isinstance(target, str) or target not in API_URLS:
        available = ", ".join(API_URLS)
        raise _error(f"{source}: unknown target {target!r} (available: {available})", "other targets cannot be sent to")
    return target


def check_api_url(
    url: object, source: str, target: str = DEFAULT_TARGET, *, allow_plain_http: bool | None = False
) -> str:
    """Checks the API URL of a target, and returns it without a trailing slash.

    Raises SettingsError, which names the source. `allow_plain_http`: whether http:// is allowed to other machines; None
    if the caller has no such option.
    """
    subject = f"the API URL ({source})"
    if not isinstance(url, str):
        raise _error(f"{subject} must be a string, got {type(url).__name__}", _URL_HINT)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _error(f"{subject} is not a valid URL", _URL_HINT) from None
    if "@" in url:
        raise _error(f"{subject} must not contain a user or a password", "pass the keys as api_key and secret_key")
    host = parts.netloc.rsplit(":", 1)[0] if port is not None else parts.netloc
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host) or not url.isprintable():
        raise _error(f"{subject} must start with https:// and a host", _URL_HINT)
    if parts.query or parts.fragment or "?" in url or "#" in url or not _PATH.fullmatch(parts.path):
        raise _error(f"{subject} must end with its path", _URL_HINT)
    url = url.rstrip("/")
    version = url.rsplit("/", 1)[-1]
    if _VERSION.fullmatch(version) and version != API_URLS[target].rsplit("/", 1)[-1]:
        other = next((name for name, api in API_URLS.items() if api.endswith(f"/{version}")), None)
        raise _error(
            f"{subject} is of another API version than the target {target}, which has different payloads",
            f"use {url.removesuffix(version)}{API_URLS[target].rsplit('/', 1)[-1]}"
            + (f", or choose the target {other}" if other else ""),
        )
    if parts.scheme == "http" and not allow_plain_http and not is_loopback(host):
        raise _error(
            f"{subject} must be https: plain http sends the keys unencrypted",
            "use https"
            if allow_plain_http is None
            else "use https, or allow it with allow_plain_http=True (--allow-plain-http on the command line)",
        )
    return url


_URL_HINT = f"for example {DEFAULT_API_URL}"


def is_loopback(host: str) -> bool:
    """Whether the host of a URL is a loopback name or address."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _find_setting(
    argument: str | None, name: str, variables: tuple[str, ...], environment: Mapping[str, str]
) -> tuple[str, str | None]:
    """The source of a setting and its value, None if it is not set. An empty variable counts as not set."""
    if argument is not None:
        return f"the argument {name}", argument
    for variable in variables:
        if environment.get(variable):
            return f"the variable {variable}", environment[variable]
    return "", None


def _require_setting(
    argument: str | None, name: str, variables: tuple[str, ...], environment: Mapping[str, str]
) -> tuple[object, str]:
    """The value of a setting and its source. Raises SettingsError if it is not set."""
    source, key = _find_setting(argument, name, variables, environment)
    if key is None:
        raise _error(f"the {_TITLES[name]} is not set", f"set {' or '.join(variables)}, or pass {name}")
    return key, source


def check_api_key(key: object, source: str) -> str:
    """Checks an API key. Raises SettingsError, which names the source."""
    subject = f"the {_TITLES['api_key']} (from {source})"
    text = _check_key(key, subject)
    if ":" in text:
        raise _error(f"{subject} contains a colon", f"{_KEY_HINT}; the part before the colon may be the API key")
    return text


def check_secret_key(key: object, source: str) -> str:
    """Checks a secret key. Raises SettingsError, which names the source."""
    return _check_key(key, f"the {_TITLES['secret_key']} (from {source})")


def _check_key(key: object, subject: str) -> str:
    if not isinstance(key, str):
        raise _error(f"{subject} must be a string, got {type(key).__name__}", _KEY_HINT)
    if not key:
        raise _error(f"{subject} is empty", _KEY_HINT)
    if len(key.splitlines()) > 1 or key.splitlines()[0] != key:
        raise _error(f"{subject} contains a line break", f"{_KEY_HINT}; check for a newline at the end of a file")
    if key.strip() != key:
        raise _error(f"{subject} has leading or trailing white space", _KEY_HINT)
    if not key.isprintable() or not _is_latin_1(key):
        raise _error(f"{subject} contains an invalid character", _KEY_HINT)
    return key


def _is_latin_1(text: str) -> bool:
    return all(ord(character) < 256 for character in text)  # the encoding of HTTP basic authentication


def _error(message: str, hint: str) -> SettingsError:
    return SettingsError(Failure(message, hint))
