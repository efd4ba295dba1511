"""The settings of a sender: keys and URL, from arguments, then the environment, checked before anything is sent.

    what          argument     environment
    API key       api_key      MAILJET_API_KEY, else MJ_APIKEY_PUBLIC (Mailjet's own name)
    secret key    secret_key   MAILJET_SECRET_KEY, else MJ_APIKEY_PRIVATE
    API URL       api_url      MAILJET_API_URL, else https://api.mailjet.com/v3

What is wrong with a key is told without the key.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from compiler.sender.errors import Failure, SettingsError

DEFAULT_API_URL = "https://api.mailjet.com/v3"

API_KEY_NAMES = ("MAILJET_API_KEY", "MJ_APIKEY_PUBLIC")
SECRET_KEY_NAMES = ("MAILJET_SECRET_KEY", "MJ_APIKEY_PRIVATE")
API_URL_NAMES = ("MAILJET_API_URL",)

# Nothing else, so that no two parsers of URLs can disagree on the host.
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]")
_PATH = re.compile(r"[A-Za-z0-9._~/-]*")
_OTHER_VERSION = re.compile(r"v3\.[0-9]+")


@dataclass(frozen=True, slots=True, repr=False)
class Settings:
    """Settings that will do. `api_url` has no slash at its end."""

    api_key: str
    secret_key: str
    api_url: str

    def __repr__(self) -> str:
        return f"<Settings for {self.api_url}>"

    @property
    def is_encrypted(self) -> bool:
        """Whether calls go over TLS."""
        return self.api_url.startswith("https:")


def settings_of(
    api_key: str | None = None,
    secret_key: str | None = None,
    api_url: str | None = None,
    *,
    allow_plain_http: bool = False,
    environment: Mapping[str, str] | None = None,
) -> Settings:
    """The settings that arguments and the environment give. Raises SettingsError, which names what to set."""
    environment = os.environ if environment is None else environment
    return Settings(
        _key(api_key, "api_key", "API key", API_KEY_NAMES, environment),
        _key(
            secret_key,
            "secret_key",
            'secret key (Mailjet also calls it "API private key")',
            SECRET_KEY_NAMES,
            environment,
        ),
        api_url_of(api_url, allow_plain_http=allow_plain_http, environment=environment),
    )


def api_url_of(api_url: str | None, *, allow_plain_http: bool, environment: Mapping[str, str]) -> str:
    """The API URL, without a slash at its end. Raises SettingsError."""
    source, url = _given(api_url, "api_url", API_URL_NAMES, environment)
    if url is None:
        return DEFAULT_API_URL
    told = f"the API URL ({source})"
    if not isinstance(url, str):
        raise _error(f"{told} should be a string", "give api_url as text")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _error(f"{told} cannot be read as a URL", _URL_HINT) from None
    if "@" in url:
        raise _error(f"{told} holds a user or a password", "give the keys as api_key and secret_key")
    host = parts.netloc.rsplit(":", 1)[0] if port is not None else parts.netloc
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host) or not url.isprintable():
        raise _error(f"{told} should be https:// and a host", _URL_HINT)
    if parts.query or parts.fragment or "?" in url or "#" in url or not _PATH.fullmatch(parts.path):
        raise _error(f"{told} should end with its path", _URL_HINT)
    url = url.rstrip("/")
    if _OTHER_VERSION.fullmatch(url.rsplit("/", 1)[-1]):
        raise _error(
            f"{told} is that of another version of the API, whose payloads are different",
            f"leave it out, which is the same as {DEFAULT_API_URL}",
        )
    if parts.scheme == "http" and not allow_plain_http and not is_loopback(host):
        raise _error(
            f"{told} is plain http, which would show the keys to everybody on the way",
            "give it as https; or allow_plain_http=True, on the command line --allow-plain-http, if you are sure",
        )
    return url


_URL_HINT = f"as an example, {DEFAULT_API_URL}"


def is_loopback(host: str) -> bool:
    """Whether a host, as it stands in a URL, is this machine itself."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _given(
    argument: str | None, name: str, variables: tuple[str, ...], environment: Mapping[str, str]
) -> tuple[str, str | None]:
    """Where a setting comes from, and what it is. An empty variable is none."""
    if argument is not None:
        return f"the argument {name}", argument
    for variable in variables:
        if environment.get(variable):
            return f"the variable {variable}", environment[variable]
    return "", None


def _key(
    argument: str | None, name: str, title: str, variables: tuple[str, ...], environment: Mapping[str, str]
) -> str:
    source, key = _given(argument, name, variables, environment)
    if key is None:
        raise _error(f"the {title} is not set", f"set {' or '.join(variables)}, or give {name}")
    told = f"the {title}, from {source},"
    if not isinstance(key, str):
        raise _error(f"{told} should be a string", f"give {name} as text")
    hint = "copy it again from the account's REST API settings, under API key management"
    if not key:
        raise _error(f"{told} is empty", hint)
    if len(key.splitlines()) > 1 or key.splitlines()[0] != key:
        raise _error(f"{told} has a line break in it", f"{hint}; a file often ends with one")
    if key.strip() != key:
        raise _error(f"{told} has white space around it", hint)
    if not key.isprintable() or not _is_latin(key):
        raise _error(f"{told} has a character in it that no key has", hint)
    if name == "api_key" and ":" in key:
        raise _error(f"{told} has a colon in it", f"{hint}: the part before the colon may be it")
    return key


def _is_latin(text: str) -> bool:
    return all(ord(character) < 256 for character in text)  # what HTTP's basic authentication carries


def _error(message: str, hint: str) -> SettingsError:
    return SettingsError(Failure(message, hint))
