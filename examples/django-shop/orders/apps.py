"""The configuration of the app."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """Connects the receivers."""

    name = "orders"

    def ready(self) -> None:
        """Imports the receivers, which connects them."""
        from orders import receivers  # noqa: F401 - imported for its effect
