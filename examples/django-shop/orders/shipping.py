"""Sends one message to the customers of all orders that are not shipped yet."""

from compiler.django import AnymailError, AnymailMessage, EmailAddress
from orders.models import Order

MAX_RECIPIENTS = 100  # of a message, at Mailjet


def take_orders() -> list[Order]:
    """Marks orders that are not shipped yet as shipped, and returns them: at most one for each address.

    An order is taken before its mail is sent, and only if no other request took it: so no customer gets two mails.
    """
    taken: dict[str, Order] = {}
    for order in Order.objects.filter(shipped=False).order_by("pk"):
        if len(taken) == MAX_RECIPIENTS:
            break
        address = order.email.lower()
        waiting = Order.objects.filter(pk=order.pk, shipped=False)
        if address not in taken and waiting.update(shipped=True, delivery_status=Order.SENDING):
            taken[address] = order
    return list(taken.values())


def build_message(orders: list[Order]) -> AnymailMessage:
    """One message for many recipients: with merge data, each gets a mail of their own and sees no other address."""
    return AnymailMessage(
        subject="Your order has shipped",
        body="Dear [[var:name]],\n\nyour order [[var:order]] is on its way.\n\nYour Example Shop",
        to=[str(EmailAddress(order.customer, order.email)) for order in orders],
        merge_data={order.email: {"name": order.customer, "order": order.number} for order in orders},
        # Comes back with each tracking event of this recipient: see receivers.py.
        merge_metadata={order.email: {"order": order.number} for order in orders},
    )


def send(message: AnymailMessage, orders: list[Order]) -> None:
    """Sends the message, and stores what became of each order. Raises AnymailError."""
    taken = Order.objects.filter(pk__in=[order.pk for order in orders])
    try:
        message.send()
    except AnymailError as error:
        if error.may_have_sent:
            # For example, there was no response. Sending again could deliver twice, so a person has to decide, unless
            # tracking events arrive: then the mail was sent.
            taken.filter(delivery_status=Order.SENDING).update(delivery_status=Order.UNKNOWN)
        else:
            taken.update(shipped=False, delivery_status="")  # not sent: the next request may try again
        raise
    for order in orders:
        recipient = message.anymail_status.recipients.get(order.email)
        if recipient is None:
            continue
        # Updates of single columns: the first tracking event may have arrived already, and must not be overwritten.
        stored = Order.objects.filter(pk=order.pk)
        stored.update(message_id=recipient.message_id or "")
        stored.filter(delivery_status=Order.SENDING).update(delivery_status=recipient.status or Order.UNKNOWN)
