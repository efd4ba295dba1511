"""The tables of orders and replies."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Creates the tables."""

    initial = True
    dependencies: ClassVar[list[tuple[str, str]]] = []
    operations: ClassVar = [
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True)),
                ("customer", models.CharField(max_length=100)),
                ("email", models.EmailField(max_length=254)),
                ("shipped", models.BooleanField(default=False)),
                ("message_id", models.CharField(blank=True, db_index=True, max_length=40)),
                ("delivery_status", models.CharField(blank=True, max_length=20)),
                ("opens", models.PositiveIntegerField(default=0)),
                ("last_event", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Reply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sender", models.TextField()),
                ("subject", models.TextField(blank=True)),
                ("text", models.TextField(blank=True)),
            ],
        ),
    ]
