"""The settings. What differs between machines, and every secret, comes from environment variables (see README.md)."""

import os
from pathlib import Path
from typing import Any

BASE_DIR = Path(__file__).resolve().parent.parent

SECRET_KEY = os.environ.get("SECRET_KEY", "for development only")
DEBUG = os.environ.get("DEBUG", "1") == "1"
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "127.0.0.1,localhost").split(",")

INSTALLED_APPS = [
    "compiler.django",  # the system checks: manage.py check finds errors in the settings below
    "orders",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
ROOT_URLCONF = "shop.urls"

DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("DATABASE", str(BASE_DIR / "db.sqlite3")),
        "OPTIONS": {"timeout": 30},  # seconds: webhook calls and pages may write at the same time
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The webhooks recognize repeated events with this cache. An application with several processes needs one that they
# share, such as Redis or the database: this one is in the memory of a single process.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

USE_TZ = True
TIME_ZONE = "UTC"

# With Django 6.1 or newer: MAILERS = {"default": {"BACKEND": "compiler.django.EmailBackend"}}
EMAIL_BACKEND = "compiler.django.EmailBackend"
DEFAULT_FROM_EMAIL = "Example Shop <orders@example.com>"

# A variable that is not set is left out: then manage.py check names it, or the default applies.
_FROM_ENVIRONMENT = ("MAILJET_API_KEY", "MAILJET_SECRET_KEY", "MAILJET_API_URL", "WEBHOOK_SECRET")
ANYMAIL: dict[str, Any] = {
    **{name: os.environ[name] for name in _FROM_ENVIRONMENT if name in os.environ},
    # The tag of every message. Mailjet allows one, and the tags of a message are added to these, so no message of this
    # project sets its own.
    "SEND_DEFAULTS": {"tags": ["shop"]},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {
        "compiler": {"handlers": ["console"], "level": "INFO"},  # such as rejected webhook calls
        "orders": {"handlers": ["console"], "level": "INFO"},
    },
}
