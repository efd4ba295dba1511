"""A URLconf without the webhooks."""

urlpatterns: list[object] = []
