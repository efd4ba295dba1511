"""The URLs of the webhooks, with django-anymail's names: `path("anymail/", include("compiler.django.urls"))`."""

from django.urls import path

from compiler.django.views import MailjetInboundWebhookView, MailjetTrackingWebhookView
from compiler.webhooks.calls import INBOUND, TRACKING

app_name = "anymail"
urlpatterns = [
    path(TRACKING.path, MailjetTrackingWebhookView.as_view(), name="mailjet_tracking_webhook"),
    path(INBOUND.path, MailjetInboundWebhookView.as_view(), name="mailjet_inbound_webhook"),
]
