"""The URLs of the tests' project."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path


def show_page(request: HttpRequest) -> HttpResponse:
    """A page that no test is about."""
    return HttpResponse("a page")


urlpatterns: list[URLPattern | URLResolver] = [
    path("", show_page, name="login"),
    path("anymail/", include("compiler.django.urls")),
]
