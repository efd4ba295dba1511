"""The Django project of the tests: its settings, and how it is set up, once for each process."""

from __future__ import annotations

import os
import sys

import django
from django.conf import settings

SECRET = "user:a long password"  # noqa: S105 - a test's
AUTHORIZATION = "Basic dXNlcjphIGxvbmcgcGFzc3dvcmQ="

SETTINGS = {
    "DEBUG": False,
    "SECRET_KEY": "a key for tests, as long as Django wants it to be: 0123456789",
    "ALLOWED_HOSTS": ["*"],
    "ROOT_URLCONF": "tests.django.urls",
    "USE_TZ": True,
    "TIME_ZONE": "Europe/Paris",
    "DEFAULT_FROM_EMAIL": "shop@example.com",
    "SERVER_EMAIL": "server@example.com",
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
    "MIDDLEWARE": [
        "django.middleware.common.CommonMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        *(["django.contrib.auth.middleware.LoginRequiredMiddleware"] if django.VERSION >= (5, 1) else []),
    ],
    "INSTALLED_APPS": [
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "compiler.django",
    ],
    "TEMPLATES": [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    "DATABASES": {name: {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"} for name in ("default", "other")},
    "ANYMAIL": {"WEBHOOK_SECRET": SECRET},
}


def set_up() -> None:
    """Configures Django. django-anymail counts as not installed, unless TESTS_WITH_ANYMAIL is set."""
    if settings.configured:
        return
    if not os.environ.get("TESTS_WITH_ANYMAIL"):
        for name in [name for name in sys.modules if name.partition(".")[0] == "anymail"]:
            del sys.modules[name]
        sys.modules["anymail"] = None  # type: ignore[assignment]
    settings.configure(**SETTINGS)
    django.setup()
