"""The signals: those of django-anymail where it is installed, or else ours, with the same arguments.

pre_send    sender=EmailBackend, message, esp_name          before sending; may change the message, or cancel it
post_send   sender=EmailBackend, message, status, esp_name  after sending
tracking    sender=the view, event, esp_name                an `AnymailTrackingEvent`
inbound     sender=the view, event, esp_name                an `AnymailInboundEvent`
"""

from __future__ import annotations

from django.dispatch import Signal

from compiler.django.anymail_classes import find_in_anymail

pre_send: Signal = find_in_anymail("signals", "pre_send", Signal())
post_send: Signal = find_in_anymail("signals", "post_send", Signal())
tracking: Signal = find_in_anymail("signals", "tracking", Signal())
inbound: Signal = find_in_anymail("signals", "inbound", Signal())
