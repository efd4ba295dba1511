"""The pages of the shop: JSON only."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from compiler.django import AnymailAPIError, AnymailError
from orders.models import Order, Reply
from orders.shipping import build_message, send, take_orders


@require_GET
def list_orders(request: HttpRequest) -> JsonResponse:
    """The orders, and what became of their mails."""
    fields = ("number", "customer", "email", "shipped", "message_id", "delivery_status", "opens", "last_event")
    return JsonResponse({"orders": list(Order.objects.order_by("pk").values(*fields))})


@require_GET
def list_replies(request: HttpRequest) -> JsonResponse:
    """The received mails."""
    return JsonResponse({"replies": list(Reply.objects.order_by("pk").values("sender", "subject", "text"))})


# A program calls this, without a cookie, so there is nothing to forge. It has no login either, to keep the example
# short: a real shop needs one here, and with a login by cookie it must not be exempt.
@csrf_exempt
@require_POST
def ship_orders(request: HttpRequest) -> JsonResponse:
    """Ships what is not shipped yet, with one message to all its customers."""
    orders = take_orders()
    numbers = [order.number for order in orders]
    if orders:
        try:
            send(build_message(orders), orders)
        except AnymailError as error:
            problems = [{"code": problem.code, "path": problem.path} for problem in error.diagnostics]
            answer = {
                "orders": numbers,
                "error": str(error),
                "problems": problems,  # a path such as /to/1 is about the second of the orders
                "may_have_sent": error.may_have_sent,
            }
            return JsonResponse(answer, status=502 if isinstance(error, AnymailAPIError) else 422)
    return JsonResponse({"orders": numbers, "remaining": Order.objects.filter(shipped=False).count()})
