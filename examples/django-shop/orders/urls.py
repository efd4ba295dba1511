"""The URLs of the app."""

from django.urls import path

from orders import views

urlpatterns = [
    path("orders/", views.list_orders),
    path("orders/ship/", views.ship_orders),
    path("replies/", views.list_replies),
]
