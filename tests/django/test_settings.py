"""Settings: where they are found, what is wrong with them, and the system checks."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import get_connection
from django.test import override_settings
from django.urls import clear_script_prefix, set_script_prefix
from django.utils.functional import SimpleLazyObject, lazystr
from django.utils.translation import gettext_lazy

from compiler.django import AnymailConfigurationError, AnymailMessage, EmailBackend
from compiler.django.checks import check_settings
from compiler.django.compatibility import COMPATIBILITY
from compiler.django.settings import BACKEND_NAMES, WEBHOOK_NAMES, read_backend_settings, read_setting
from compiler.sender.emulator import Emulator

KEYS = {"MAILJET_API_KEY": "key", "MAILJET_SECRET_KEY": "secret"}


def read(**anymail: Any) -> Any:
    with override_settings(ANYMAIL={**KEYS, **anymail}):
        return read_backend_settings({})


def test_the_defaults() -> None:
    found = read()
    assert (found.api_key, found.secret_key, found.api_url) == ("key", "secret", "https://api.mailjet.com/v3")
    assert (found.timeout, found.send_defaults, found.compatibility) == ((30, 30), {}, frozenset())
    assert not any([found.ignore_unsupported_features, found.ignore_recipient_status, found.debug_api_requests])


@pytest.mark.parametrize("name", [*BACKEND_NAMES, *WEBHOOK_NAMES])
def test_each_setting_is_found_in_anymail_before_the_prefixed_name(name: str) -> None:
    values: dict[str, tuple[Any, Any]] = {
        "MAILJET_API_KEY": ("first", "second"),
        "MAILJET_SECRET_KEY": ("first", "second"),
        "MAILJET_API_URL": ("https://first.example/v3", "https://second.example/v3"),
        "MAILJET_TARGET": ("mailjet-v3", "mailjet-v3.1"),
        "SEND_DEFAULTS": ({"tags": ["first"]}, {"tags": ["second"]}),
        "MAILJET_SEND_DEFAULTS": ({"tags": ["first"]}, {"tags": ["second"]}),
        "REQUESTS_TIMEOUT": ((1, 2), (3, 4)),
        "COMPATIBILITY": (frozenset({"empty-body"}), frozenset(COMPATIBILITY)),
        "WEBHOOK_CACHE": ("default", "second"),
        "WEBHOOK_MAX_BODY_BYTES": (1, 2),
    }
    first, second = values.get(name, (True, False))
    if name == "WEBHOOK_SECRET":
        first, second = "first:pair", "second:pair"
    elif name == "WEBHOOK_CACHE":
        second = "default"

    def found() -> Any:
        value = read_setting(name, {})
        return value.pairs[0].decode() if name == "WEBHOOK_SECRET" else value

    with override_settings(ANYMAIL={name: first}, **{f"ANYMAIL_{name}": second}):
        assert found() == first
    with override_settings(ANYMAIL={}, **{f"ANYMAIL_{name}": second}):
        assert found() == second


def test_the_bare_names_come_last() -> None:
    bare = {"MAILJET_API_KEY": "a", "MAILJET_SECRET_KEY": "b", "MAILJET_API_URL": "https://c.example/v3/"}
    with override_settings(ANYMAIL={}, **bare):
        found = read_backend_settings({})
        assert (found.api_key, found.secret_key, found.api_url) == ("a", "b", "https://c.example/v3")
        with override_settings(ANYMAIL_MAILJET_API_KEY="prefixed"):
            assert read_backend_settings({}).api_key == "prefixed"


def test_other_settings_need_a_prefix() -> None:
    with override_settings(ANYMAIL=KEYS, IGNORE_UNSUPPORTED_FEATURES=True, DEBUG_API_REQUESTS=True):
        assert not read_backend_settings({}).ignore_unsupported_features


def test_mailjet_send_defaults_replace_send_defaults_key_by_key() -> None:
    found = read(
        SEND_DEFAULTS={"tags": ["a"], "metadata": {"a": 1}, "track_opens": True},
        MAILJET_SEND_DEFAULTS={"tags": ("b",), "metadata": {"b": 2}},
    )
    assert found.send_defaults == {"tags": ["b"], "metadata": {"b": 2}, "track_opens": True}


def test_arguments_of_the_backend_come_first() -> None:
    with override_settings(ANYMAIL={**KEYS, "MAILJET_SEND_DEFAULTS": {"tags": ["a"]}}):
        arguments: dict[str, Any] = {
            "api_key": "other",
            "secret_key": "another",
            "api_url": "https://other.example/v3",
            "send_defaults": {"tags": ["b"]},
            "timeout": 5,
            "ignore_unsupported_features": ["multiple tags"],
            "ignore_recipient_status": True,
            "debug_api_requests": True,
            "compatibility": ["empty-body"],
        }
        left = {**arguments, "username": None, "password": None}
        found = read_backend_settings(left)
        assert left == {"username": None, "password": None}
        assert found.send_defaults == {"tags": ["b"]}
        assert (found.api_key, found.secret_key, found.timeout) == ("other", "another", (5, 5))
        assert found.ignore_unsupported_features == ("multiple tags",)
        assert found.compatibility == frozenset({"empty-body"})
        assert isinstance(EmailBackend(**arguments), EmailBackend)


def test_defaults_are_converted_like_messages() -> None:
    found = read(SEND_DEFAULTS={"from_email": gettext_lazy("shop@example.com"), "tags": {"b", "a"}})
    assert found.send_defaults == {"from_email": "shop@example.com", "tags": ["a", "b"]}
    assert type(found.send_defaults["from_email"]) is str


@pytest.mark.parametrize("name", ["MAILJET_API_KEY", "MAILJET_SECRET_KEY"])
def test_a_missing_key_is_named_with_the_places_where_it_is_searched(name: str) -> None:
    others = {key: value for key, value in KEYS.items() if key != name}
    with override_settings(ANYMAIL=others), pytest.raises(AnymailConfigurationError) as caught:
        EmailBackend()
    assert str(caught.value) == (
        f'{name} is not set: set ANYMAIL = {{"{name}": ...}}, ANYMAIL_{name} or {name} in your Django settings'
    )
    assert isinstance(caught.value, ImproperlyConfigured)


def test_fail_silently_does_not_silence_settings() -> None:
    with override_settings(ANYMAIL={}), pytest.raises(AnymailConfigurationError):
        get_connection("compiler.django.EmailBackend", fail_silently=True)


WRONG: list[tuple[str, Any, str]] = [
    ("MAILJET_API_KEY", None, 'the API key (from ANYMAIL["MAILJET_API_KEY"]) must be a string, got NoneType'),
    ("MAILJET_API_KEY", 5, "must be a string, got int"),
    ("MAILJET_API_KEY", "", "is empty"),
    ("MAILJET_API_KEY", "hidden:key", "contains a colon"),
    ("MAILJET_SECRET_KEY", "hidden\n", "contains a line break"),
    ("MAILJET_SECRET_KEY", " hidden", "has leading or trailing white space"),
    ("MAILJET_API_URL", 5, 'the API URL (ANYMAIL["MAILJET_API_URL"]) must be a string, got int'),
    ("MAILJET_API_URL", "https://api.mailjet.com/v3.1/", "is of another API version"),
    ("MAILJET_TARGET", "mailjet-v4", "unknown target 'mailjet-v4' (available: mailjet-v3, mailjet-v3.1)"),
    ("MAILJET_TARGET", 5, 'ANYMAIL["MAILJET_TARGET"]: unknown target 5'),
    ("MAILJET_API_URL", "http://api.mailjet.com/v3", "plain http sends the keys unencrypted (use https)"),
    ("MAILJET_API_URL", "https://user:hidden@api.mailjet.com/v3", "must not contain a user or a password"),
    ("SEND_DEFAULTS", [], 'ANYMAIL["SEND_DEFAULTS"] must be a dict, got list'),
    ("SEND_DEFAULTS", {"tags": "x"}, '"tags" attribute must be a list or other iterable, got a string'),
    ("MAILJET_SEND_DEFAULTS", 5, "must be a dict, got int"),
    ("IGNORE_UNSUPPORTED_FEATURES", "yes", "must be True, False or a list of features"),
    ("IGNORE_UNSUPPORTED_FEATURES", [5], "must be True, False or a list of features"),
    ("IGNORE_RECIPIENT_STATUS", "False", "must be True or False, got 'False'"),
    ("DEBUG_API_REQUESTS", 1, "must be True or False, got 1"),
    ("REQUESTS_TIMEOUT", "30", 'ANYMAIL["REQUESTS_TIMEOUT"] must be a positive number of seconds'),
    ("REQUESTS_TIMEOUT", None, "must be a positive number of seconds"),
    ("REQUESTS_TIMEOUT", (1, 2, 3), "must be a positive number of seconds"),
    ("COMPATIBILITY", "empty-body", "must be True, False or a list of names"),
    ("COMPATIBILITY", ["empty"], "unknown name 'empty' (available: cc-or-bcc-alone, empty-body, "),
    ("COMPATIBILITY", [[]], "unknown name [] (available: "),
    ("MAILJET_APIKEY", "hidden", "unknown setting ANYMAIL[\"MAILJET_APIKEY\"]: did you mean 'MAILJET_API_KEY'?"),
    ("MAILJET_ZZZZZZZZZ", "hidden", 'unknown setting ANYMAIL["MAILJET_ZZZZZZZZZ"] (available: MAILJET_API_KEY, '),
]


@pytest.mark.parametrize(("name", "value", "message"), WRONG)
def test_a_wrong_setting_is_named(name: str, value: Any, message: str) -> None:
    with override_settings(ANYMAIL={**KEYS, name: value}), pytest.raises(AnymailConfigurationError) as caught:
        EmailBackend()
    assert message in str(caught.value)
    assert name in str(caught.value)
    assert "hidden" not in str(caught.value)


WRONG_WEBHOOKS = [
    ("WEBHOOK_SECRET", "", "ANYMAIL[\"WEBHOOK_SECRET\"] must be a string 'user:password', got an empty string"),
    ("WEBHOOK_SECRET", [], "got an empty list"),
    ("WEBHOOK_SECRET", "hidden", "must have the form 'user:password'"),
    ("WEBHOOK_SECRET", [":hidden"], "must have the form 'user:password'"),
    ("WEBHOOK_SECRET", ["hidden:"], "must have the form 'user:password'"),
    ("WEBHOOK_SECRET", [b"user:hidden"], "must contain only strings 'user:password', got bytes"),
    ("WEBHOOK_SECRET", {"user": "hidden"}, "must be a string 'user:password' or a list of such strings, got dict"),
    ("WEBHOOK_SECRET", "user:hidden\n", "must not contain line breaks"),
    ("WEBHOOK_CACHE", "other", "must be the name of a cache in CACHES (available: default), got 'other'"),
    ("WEBHOOK_CACHE", [], "must be the name of a cache in CACHES"),
    ("WEBHOOK_MAX_BODY_BYTES", 0, "must be a positive number of bytes, got 0"),
    ("WEBHOOK_MAX_BODY_BYTES", "1", "must be a positive number of bytes, got '1'"),
]


@pytest.mark.parametrize(("name", "value", "message"), WRONG_WEBHOOKS)
def test_a_wrong_setting_of_the_webhooks_is_named(name: str, value: Any, message: str) -> None:
    with override_settings(ANYMAIL={name: value}), pytest.raises(AnymailConfigurationError) as caught:
        read_setting(name, {})
    assert message in str(caught.value)
    assert "hidden" not in str(caught.value)


def test_anymail_must_be_a_dict() -> None:
    with override_settings(ANYMAIL=["MAILJET_API_KEY"]), pytest.raises(AnymailConfigurationError) as caught:
        EmailBackend()
    assert str(caught.value) == "ANYMAIL must be a dict, got list"


def test_no_repr_has_a_key() -> None:
    found = read(MAILJET_API_KEY="hidden-1", MAILJET_SECRET_KEY="hidden-2")  # noqa: S106 - a test's
    with override_settings(ANYMAIL={"WEBHOOK_SECRET": "user:hidden-3"}):
        secrets = read_setting("WEBHOOK_SECRET", {})
    with override_settings(ANYMAIL={"MAILJET_API_KEY": "hidden-1", "MAILJET_SECRET_KEY": "hidden-2"}):
        backend = EmailBackend()
        backend.open()
    assert "hidden" not in f"{found!r} {secrets!r} {backend!r} {backend._local.sender!r}"
    backend.close()


# System checks


def found_by_checks() -> list[tuple[str | None, str]]:
    return [(message.id, message.msg) for message in run_checks() if str(message.id).startswith("payload_compiler")]


OURS = {"EMAIL_BACKEND": "compiler.django.EmailBackend"}


def test_the_check_finds_nothing_in_good_settings() -> None:
    with override_settings(**OURS, ANYMAIL={**settings.ANYMAIL, **KEYS}):
        assert found_by_checks() == []


def test_the_check_reports_every_error_before_the_first_mail() -> None:
    with override_settings(**OURS, ANYMAIL={"WEBHOOK_SECRET": "x", "DEBUG_API_REQUESTS": 1, "MAILJET_URL": "u"}):
        assert [identity for identity, _ in found_by_checks()] == [
            *["payload_compiler.E001"] * 4,
            "payload_compiler.E002",
        ]
        assert "unknown setting" in found_by_checks()[0][1]
        assert "MAILJET_API_KEY is not set" in found_by_checks()[1][1]
    with override_settings(**OURS, ANYMAIL=5):
        assert found_by_checks() == [("payload_compiler.E001", "ANYMAIL must be a dict, got int")]


@pytest.mark.parametrize(
    ("anymail", "identity", "text"),
    [
        ({"SEND_DEFAULTS": {"tgas": ["x"]}}, "E001", 'UnknownField at ANYMAIL["SEND_DEFAULTS"]["tgas"]'),
        ({"MAILJET_SEND_DEFAULTS": {"send_at": 5}}, "E001", 'at ANYMAIL["MAILJET_SEND_DEFAULTS"]["send_at"]'),
        ({"SEND_DEFAULTS": {"esp_extra": {"CustomID": "x"}}}, "E001", '["esp_extra"]["CustomID"]'),
        ({"SEND_DEFAULTS": {"tags": ["a", "b"]}}, "E001", '["tags"][1]'),
        ({"SEND_DEFUALTS": {}}, "W003", "unknown setting ANYMAIL[\"SEND_DEFUALTS\"]: did you mean 'SEND_DEFAULTS'?"),
        ({"WEBHOOK_SECRT": "a:b"}, "W003", "did you mean 'WEBHOOK_SECRET'?"),
        ({"IGNORE_UNSUPPORTED_FEATURES": ["mutliple tags"]}, "W004", "at IGNORE_UNSUPPORTED_FEATURES[0]"),
        ({"MAILJET_API_URL": "https://mail.example"}, "W005", "does not end with /v3"),
        ({"MAILJET_API_URL": "https://mail.example", "MAILJET_TARGET": "mailjet-v3.1"}, "W005", "not end with /v3.1"),
        ({"MAILJET_API_URL": "https://a.example/v3", "MAILJET_TARGET": "mailjet-v3.1"}, "E001", "another API version"),
        ({"MAILJET_TARGET": "mailjet-v3.1", "SEND_DEFAULTS": {"esp_extra": {"Mj-prio": 2}}}, "E001", '["Mj-prio"]'),
    ],
)
def test_the_check_finds_what_every_mail_would_meet(anymail: dict[str, Any], identity: str, text: str) -> None:
    with override_settings(**OURS, ANYMAIL={**settings.ANYMAIL, **KEYS, **anymail}):
        ((found, message),) = found_by_checks()
    assert (found, text in message) == (f"payload_compiler.{identity}", True)


def test_settings_of_other_services_are_not_misspelled() -> None:
    names = ("MAILGUN_API_KEY", "POSTMARK_SEND_DEFAULTS", "SENDGRID_WEBHOOK_SECRET", "IDNA_ENCODER", "X", 5)
    with override_settings(**OURS, ANYMAIL={**settings.ANYMAIL, **KEYS, **dict.fromkeys(names, "x")}):
        assert found_by_checks() == []


def test_a_misspelled_argument_is_an_error() -> None:
    with override_settings(ANYMAIL=KEYS), pytest.raises(AnymailConfigurationError) as caught:
        get_connection("compiler.django.EmailBackend", api_kye="x")
    assert str(caught.value) == "unknown argument 'api_kye': did you mean 'api_key'?"


def test_the_check_warns_of_insecure_settings() -> None:
    with override_settings(**OURS, ANYMAIL={**KEYS, "DEBUG_API_REQUESTS": True}):
        assert [identity for identity, _ in found_by_checks()] == ["payload_compiler.W001", "payload_compiler.W002"]
        with override_settings(DEBUG=True):
            assert [identity for identity, _ in found_by_checks()] == ["payload_compiler.W002"]


def test_the_check_leaves_other_backends_alone() -> None:
    smtp = "django.core.mail.backends.smtp.EmailBackend"
    with override_settings(EMAIL_BACKEND=smtp, ROOT_URLCONF="tests.django.no_urls", ANYMAIL={}):
        assert found_by_checks() == []


def test_the_check_with_a_script_prefix() -> None:
    with override_settings(**OURS, ANYMAIL=KEYS, FORCE_SCRIPT_NAME="/app"):
        set_script_prefix("/app")
        try:
            assert found_by_checks()[0][0] == "payload_compiler.W002"
        finally:
            clear_script_prefix()


@pytest.mark.parametrize("mailers", [{}, {"default": None}, {"default": {"BACKEND": "x", "OPTIONS": None}}])
def test_the_check_with_odd_mailers(mailers: Any) -> None:
    with override_settings(ANYMAIL=settings.ANYMAIL, MAILERS=mailers):
        assert check_settings(None) == []
    own = {"default": {"BACKEND": "compiler.django.EmailBackend", "OPTIONS": None}}
    with override_settings(ANYMAIL=settings.ANYMAIL, MAILERS=own):
        assert [message.id for message in check_settings(None)] == ["payload_compiler.E001"] * 2
    own = {"default": {"BACKEND": "compiler.django.EmailBackend", "OPTIONS": {"api_key": "a", "secret_key": "b"}}}  # type: ignore[dict-item]
    with override_settings(ANYMAIL=settings.ANYMAIL, MAILERS=own):
        assert check_settings(None) == []


def test_the_check_of_a_misspelled_option() -> None:
    options = {"api_key": "a", "secret_key": "b", "api_keyy": "c"}
    mailers = {"default": {"BACKEND": "compiler.django.EmailBackend", "OPTIONS": options}}
    with override_settings(ANYMAIL=settings.ANYMAIL, MAILERS=mailers):
        (found,) = check_settings(None)
    assert (found.id, found.msg) == ("payload_compiler.E001", "unknown argument 'api_keyy': did you mean 'api_key'?")


def test_lazy_features() -> None:
    assert read(IGNORE_UNSUPPORTED_FEATURES=[gettext_lazy("multiple tags")]).is_ignored("multiple tags")


@pytest.mark.parametrize(
    ("backend", "found"), [("locmem.LocMemCache", True), ("dummy.DummyCache", True), ("db.DatabaseCache", False)]
)
def test_the_check_of_a_deployment_wants_a_cache_that_is_shared(backend: str, found: bool) -> None:
    caches = {"default": {"BACKEND": f"django.core.cache.backends.{backend}", "LOCATION": "x"}}
    with override_settings(**OURS, CACHES=caches, ANYMAIL={**settings.ANYMAIL, **KEYS}):
        messages = run_checks(include_deployment_checks=True)
    assert ("payload_compiler.W006" in [message.id for message in messages]) == found


def test_lazy_settings(project: Emulator) -> None:
    lazy = {name: SimpleLazyObject(partial(str, value)) for name, value in settings.ANYMAIL.items()}
    with override_settings(ANYMAIL={**lazy, "SEND_DEFAULTS": {lazystr("tags"): ["a"]}}):
        message = AnymailMessage("Hello", "Hi!", to=["alice@example.com"])
        assert message.send() == 1
    assert message.anymail_status.status == {"sent"}
    assert project.messages[0].payload["Mj-campaign"] == "a"
