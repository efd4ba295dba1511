"""The signals: those of django-anymail where it is installed, or else ours, with the same arguments.

pre_send    sender=EmailBackend, message, esp_name          before sending; may change the message, or cancel it
post_send   sender=EmailBackend, message, status, esp_name  after sending
tracking    sender=the view, event, esp_name                an `AnymailTrackingEvent`
inbound     sender=the view, event, esp_name                an `AnymailInboundEvent`
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable

from django.dispatch import Signal

from compiler.django.anymail_classes import find_in_anymail

pre_send: Signal = find_in_anymail("signals", "pre_send", Signal())
post_send: Signal = find_in_anymail("signals", "post_send", Signal())
tracking: Signal = find_in_anymail("signals", "tracking", Signal())
inbound: Signal = find_in_anymail("signals", "inbound", Signal())


def check_results(results: Iterable[tuple[object, object]]) -> None:
    """Checks what receivers returned. Raises TypeError for a coroutine: Django before 5.0 does not run it."""
    for receiver, result in results:
        if inspect.iscoroutine(result):
            result.close()
            raise TypeError(f"a receiver that is a coroutine function needs Django 5.0: {receiver!r}")
