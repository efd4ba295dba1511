"""The views of the webhooks: they hand each event to the receivers of a signal.

If a receiver raises an exception, the other events of the call are still handled, and then the first exception is
raised: Django reports it and answers 500, so that Mailjet calls again, with only that event to handle.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable, Iterator
from typing import Any, ClassVar, TypeVar

from django.contrib.auth import decorators
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.db import connections, transaction
from django.dispatch import Signal
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from compiler.django.event_cache import CachedEvents
from compiler.django.events import AnymailInboundEvent, AnymailTrackingEvent
from compiler.django.exceptions import AnymailInsecureWebhookWarning
from compiler.django.settings import WebhookSettings, read_webhook_settings
from compiler.django.signals import check_results, inbound, tracking
from compiler.webhooks.calls import (
    INBOUND,
    TRACKING,
    Delivery,
    WebhookKind,
    WebhookResponse,
    check_call,
    read_limited,
    too_large,
)

_View = TypeVar("_View", bound=Callable[..., Any])


def _without_transactions(view: _View) -> _View:
    """Makes Django start no transaction for the whole call, in any database."""
    for alias in connections:
        view = transaction.non_atomic_requests(using=alias)(view)
    return view


# Django before 5.1 has no LoginRequiredMiddleware to be exempt from.
_EXEMPT = [
    csrf_exempt,
    _without_transactions,
    *filter(None, [getattr(decorators, "login_not_required", None)]),
]

# Exceptions that Django answers with a status other than 500.
_ANSWERED_BY_DJANGO = (Http404, PermissionDenied, BadRequest, SuspiciousOperation)


@contextlib.contextmanager
def _transactions() -> Iterator[None]:
    """A transaction for one event in each database with ATOMIC_REQUESTS.

    Not one for the whole call: an event that fails would undo what was done for the others, which are not repeated.
    """
    with contextlib.ExitStack() as stack:
        for alias, options in connections.settings.items():
            if options["ATOMIC_REQUESTS"]:
                stack.enter_context(transaction.atomic(using=alias))
        yield


@method_decorator(_EXEMPT, name="dispatch")
class _WebhookView(View):
    esp_name = "Mailjet"
    kind: ClassVar[WebhookKind]
    event_class: ClassVar[type[AnymailTrackingEvent] | type[AnymailInboundEvent]]
    signal: ClassVar[Signal]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answers a call."""
        # Removed, because error reports of Django before 5.1 show it.
        authorization = request.META.pop("HTTP_AUTHORIZATION", None)
        settings = read_webhook_settings()
        response = self._check(request, authorization, settings)
        del authorization
        if response is None:
            body = read_limited(request, settings.max_body_bytes + 1)
            if len(body) > settings.max_body_bytes:
                response = too_large(settings.max_body_bytes)
            else:
                delivery = Delivery(self.kind, body, CachedEvents(settings.cache))
                del body
                response = self._deliver(delivery)
        return HttpResponse(
            response.text, status=response.status, content_type="text/plain", headers=dict(response.headers)
        )

    def _check(
        self, request: HttpRequest, authorization: str | None, settings: WebhookSettings
    ) -> WebhookResponse | None:
        if not settings.secrets.pairs:
            warnings.warn(
                'the webhooks accept every caller: set ANYMAIL = {"WEBHOOK_SECRET": "user:password"}',
                AnymailInsecureWebhookWarning,
                stacklevel=2,
            )
        return check_call(
            request.method or "",
            authorization,
            str(request.META.get("CONTENT_LENGTH") or ""),
            settings.secrets,
            settings.max_body_bytes,
        )

    def _deliver(self, delivery: Delivery) -> WebhookResponse:
        for event, fingerprint in delivery.read_events():
            with delivery.handling(fingerprint), _transactions():
                item = self.event_class(event, fingerprint)
                check_results(self.signal.send(type(self), event=item, esp_name=self.esp_name))
        if not delivery.errors:
            return delivery.response
        (error, *_) = delivery.errors
        if isinstance(error, _ANSWERED_BY_DJANGO):
            raise RuntimeError(f"a receiver raised {type(error).__name__}") from error
        raise error


class MailjetTrackingWebhookView(_WebhookView):
    """Receives tracking events, and sends the signal `tracking` for each."""

    kind = TRACKING
    event_class = AnymailTrackingEvent
    signal = tracking


class MailjetInboundWebhookView(_WebhookView):
    """Receives mail, and sends the signal `inbound`."""

    kind = INBOUND
    event_class = AnymailInboundEvent
    signal = inbound
