"""Keys and URLs from arguments and the environment; error messages never quote a key."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.sender import MailjetSender, SettingsError
from compiler.sender.settings import DEFAULT_API_URL, SenderSettings, is_loopback, load_settings

KEYS = {"MAILJET_API_KEY": "public", "MAILJET_SECRET_KEY": "private"}


def url_of(url: str | None, **kwargs: Any) -> str:
    return load_settings("public", "private", url, environment={}, **kwargs).api_url


def test_arguments_win_over_the_environment_which_wins_over_the_default() -> None:
    environment = {**KEYS, "MAILJET_API_URL": "https://here.example/v3"}
    assert load_settings(environment=environment) == SenderSettings("public", "private", "https://here.example/v3")
    settings = load_settings("a", "b", "https://there.example/v3/", environment=environment)
    assert settings == SenderSettings("a", "b", "https://there.example/v3")
    assert load_settings(environment=KEYS).api_url == DEFAULT_API_URL == "https://api.mailjet.com/v3"


def test_mailjet_s_own_names_of_the_variables_are_known_too() -> None:
    environment = {"MJ_APIKEY_PUBLIC": "public", "MJ_APIKEY_PRIVATE": "private"}
    assert load_settings(environment=environment) == SenderSettings("public", "private", DEFAULT_API_URL)
    assert load_settings(environment={**environment, "MAILJET_API_KEY": "first"}).api_key == "first"
    assert load_settings(environment={**environment, "MAILJET_API_KEY": ""}).api_key == "public"


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({}, "MAILJET_API_KEY"),
        ({"MAILJET_API_KEY": "public"}, "MAILJET_SECRET_KEY"),
        ({"MAILJET_API_KEY": "public", "MAILJET_SECRET_KEY": ""}, "MAILJET_SECRET_KEY"),
        ({"MAILJET_SECRET_KEY": "private"}, "MAILJET_API_KEY"),
    ],
)
def test_a_missing_key_is_reported_with_its_name(environment: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=f"is not set.*set {named}"):
        load_settings(environment=environment)


def test_the_environment_of_the_process_is_the_one_that_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MAILJET_API_KEY", "MAILJET_SECRET_KEY", "MJ_APIKEY_PUBLIC", "MJ_APIKEY_PRIVATE", "MAILJET_API_URL"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(SettingsError, match="MAILJET_API_KEY"):
        MailjetSender()
    monkeypatch.setenv("MAILJET_API_KEY", "public-1")
    monkeypatch.setenv("MAILJET_SECRET_KEY", "private-1")
    monkeypatch.setenv("MAILJET_API_URL", "https://here.example/v3")
    with MailjetSender() as sender:
        assert repr(sender) == "<MailjetSender for https://here.example/v3>"


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("", "is empty"),
        ("s3cr3t\n", "line break"),
        ("s3cr3t\r\nX-Header: 1", "line break"),
        ("s3cr3t\u2028", "line break"),
        (" s3cr3t", "white space"),
        ("s3cr3t\t", "white space"),
        ("s3cr\x003t", "invalid character"),
        ("s3cr3t\u20ac", "invalid character"),
        ("s3cr3t\ud800", "invalid character"),
        (b"s3cr3t", "must be a string, got bytes"),
        (17, "must be a string, got int"),
    ],
)
def test_a_key_that_cannot_be_one_is_reported_without_the_key(key: Any, expected: str) -> None:
    for keys in ((key, "private"), ("public", key)):
        with pytest.raises(SettingsError, match=expected) as caught:
            load_settings(*keys, environment={})
        assert "s3cr" not in str(caught.value) + repr(caught.value) + str(caught.value.to_dict())
        assert caught.value.failure.hint


def test_an_api_key_with_both_keys_in_it_is_reported() -> None:
    with pytest.raises(SettingsError, match="colon"):
        load_settings("public:private", "private", environment={})
    assert load_settings("public", "pri:vate", environment={}) == SenderSettings("public", "pri:vate", DEFAULT_API_URL)


def test_a_latin_1_key_is_carried_as_basic_authentication_has_it() -> None:
    assert load_settings("püblic", "private", environment={}).api_key == "püblic"


@given(st.text(min_size=3), st.text(min_size=3), st.text(min_size=3))
def test_no_error_of_settings_holds_a_key(api_key: str, secret_key: str, url: str) -> None:
    api_key, secret_key = f"{api_key}\u1e9e1", f"{secret_key}\u1e9e2"
    for keys in ((api_key, "private"), ("public", secret_key), (api_key, secret_key)):
        with pytest.raises(SettingsError) as caught:
            load_settings(*keys, environment={})
        for text in (str(caught.value), repr(caught.value), str(caught.value.to_dict())):
            assert api_key not in text
            assert secret_key not in text
    with pytest.raises(SettingsError) as caught:
        url_of(f"https://{secret_key}@{url}")
    assert secret_key not in str(caught.value)


def test_settings_show_no_key() -> None:
    assert repr(load_settings(environment=KEYS)) == f"<Settings for {DEFAULT_API_URL}>"


@pytest.mark.parametrize(
    "url",
    [
        "https://api.mailjet.com/v3",
        "https://api.us.mailjet.com/v3",
        "https://localhost:8443",
        "http://localhost:8025/v3",
        "http://127.0.0.1/v3",
        "http://127.9.9.9:1/v3",
        "http://[::1]:8025/v3",
    ],
)
def test_valid_urls(url: str) -> None:
    assert url_of(url) == url_of(f"{url}/") == url


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", "must start with https:// and a host"),
        ("api.mailjet.com/v3", "must start with https:// and a host"),
        ("ftp://api.mailjet.com/v3", "must start with https:// and a host"),
        ("https:///v3", "must start with https:// and a host"),
        ("https://api mailjet.com/v3", "must start with https:// and a host"),
        ("https://api.mailjet.com\\@evil.example/v3", "a user or a password"),
        ("https://public:private@api.mailjet.com/v3", "a user or a password"),
        ("https://api.mailjet.com/v3?key=1", "end with its path"),
        ("https://api.mailjet.com/v3#", "end with its path"),
        ("https://api.mailjet.com/v3\r\nX: 1", "must start with https:// and a host"),
        ("https://api.mailjet.com/v%33", "end with its path"),
        ("https://api.mailjet.com:port/v3", "not a valid URL"),
        ("https://[::1/v3", "not a valid URL"),
        ("https://api.mailjet.com/v3.1", "another API version"),
        ("https://api.mailjet.com/v3.1/", "another API version"),
        (17, "must be a string, got int"),
    ],
)
def test_invalid_urls(url: Any, expected: str) -> None:
    with pytest.raises(SettingsError, match=expected) as caught:
        url_of(url)
    assert "private" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "http://api.mailjet.com/v3",
        "http://localhost.evil.example/v3",
        "http://127.0.0.1.evil.example/v3",
        "http://0.0.0.0/v3",
        "http://10.0.0.1/v3",
        "http://2130706433/v3",
    ],
)
def test_plain_http_to_another_machine_is_refused_unless_it_is_allowed(url: str) -> None:
    with pytest.raises(SettingsError, match=r"plain http.*allow_plain_http=True"):
        url_of(url)
    assert url_of(url, allow_plain_http=True) == url


@given(st.from_regex(r"[A-Za-z0-9.:\[\]@%\\/-]{1,30}", fullmatch=True))
def test_plain_http_goes_to_no_host_but_this_machine(host: str) -> None:
    from urllib3.util import parse_url  # urllib3 makes the connection, so its parser decides the host

    try:
        url = url_of(f"http://{host}")
    except SettingsError:
        return
    connected = parse_url(url).host
    assert connected is not None
    assert is_loopback(connected)


@pytest.mark.parametrize("timeout", [0, -1, float("inf"), float("nan"), None, "30", True])
def test_a_timeout_is_a_number_of_seconds(timeout: Any) -> None:
    with pytest.raises(SettingsError, match="number of seconds"):
        MailjetSender("public", "private", timeout=timeout)
