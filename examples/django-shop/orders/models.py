"""Orders and replies."""

from django.db import models


class Order(models.Model):
    """An order, and what became of the mail about it.

    `delivery_status`: empty, SENDING, then what the API and the tracking events say, or UNKNOWN.
    """

    SENDING = "sending"
    UNKNOWN = "unknown"

    number = models.CharField(max_length=20, unique=True)
    customer = models.CharField(max_length=100)
    email = models.EmailField()
    shipped = models.BooleanField(default=False)
    message_id = models.CharField(max_length=40, blank=True, db_index=True)
    delivery_status = models.CharField(max_length=20, blank=True)
    opens = models.PositiveIntegerField(default=0)
    last_event = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.number


class Reply(models.Model):
    """A received mail."""

    sender = models.TextField()
    subject = models.TextField(blank=True)
    text = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.subject
