"""The URLs: the shop's own, and those that Mailjet calls."""

from django.urls import include, path

urlpatterns = [
    path("", include("orders.urls")),
    path("anymail/", include("compiler.django.urls")),  # mailjet/tracking/ and mailjet/inbound/
]
