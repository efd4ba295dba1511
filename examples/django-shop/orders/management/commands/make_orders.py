"""`manage.py make_orders`: creates two orders to ship."""

from typing import Any

from django.core.management.base import BaseCommand

from orders.models import Order

_CUSTOMERS = (("Alice Meyer", "alice@example.com"), ("Zoë, Bob & Co.", "bob@example.com"))


class Command(BaseCommand):
    """Creates an order for each of two customers."""

    help = "Creates an order for each of two customers."

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs the command."""
        first = 1001 + Order.objects.count()
        for number, (customer, email) in enumerate(_CUSTOMERS, first):
            order = Order.objects.create(number=f"A-{number}", customer=customer, email=email)
            self.stdout.write(f"{order}: {customer} <{email}>")
