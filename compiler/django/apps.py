"""The app, for `INSTALLED_APPS`: it registers the system checks. Sending and receiving work without it."""

from __future__ import annotations

from django.apps import AppConfig
from django.core import checks


class PayloadCompilerConfig(AppConfig):
    """The app `compiler.django`, with a unique label."""

    name = "compiler.django"
    label = "payload_compiler"
    verbose_name = "Payload compiler"

    def ready(self) -> None:
        """Registers the system checks."""
        from compiler.django.checks import check_deployment, check_settings

        checks.register(check_settings)
        checks.register(check_deployment, deploy=True)
