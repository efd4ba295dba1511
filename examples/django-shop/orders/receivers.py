"""What Mailjet's webhooks report: tracking events and received mail.

A repeated event is recognized before it gets here. If a receiver raises an exception, the webhook answers 500, and
Mailjet calls again.
"""

import logging
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.dispatch import receiver
from django.utils import timezone

from compiler.django import AnymailInboundEvent, AnymailTrackingEvent, EventType, inbound, tracking
from orders.models import Order, Reply

log = logging.getLogger(__name__)


@receiver(tracking)
def record_event(sender: object, event: AnymailTrackingEvent, **kwargs: Any) -> None:
    """Stores what became of the mail about an order."""
    order = _find_order(event)
    if order is None:
        log.warning("a %s event is of no order", event.event_type)
        return
    when = event.timestamp or timezone.now()
    stored = Order.objects.filter(pk=order.pk)
    with transaction.atomic():
        if event.event_type == EventType.OPENED:
            stored.update(opens=F("opens") + 1)
        # Events may arrive in another order: an older one does not replace a newer one.
        stored.filter(Q(last_event=None) | Q(last_event__lte=when)).update(
            delivery_status=event.event_type, last_event=when
        )


@receiver(inbound)
def store_reply(sender: object, event: AnymailInboundEvent, **kwargs: Any) -> None:
    """Stores a received mail. What it says is untrusted: anyone can write any sender."""
    mail = event.message
    author = mail.from_email.addr_spec if mail.from_email else mail.envelope_sender
    Reply.objects.create(sender=author or "", subject=mail.subject or "", text=mail.text or "")


def _find_order(event: AnymailTrackingEvent) -> Order | None:
    """The order of an event, by its message id, or by its metadata if the id is not stored yet."""
    order = Order.objects.filter(message_id=event.message_id).first() if event.message_id else None
    number = event.metadata.get("order")
    if order is None and isinstance(number, str):
        order = Order.objects.filter(number=number).first()
    return order
