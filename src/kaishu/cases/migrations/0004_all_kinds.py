"""Room for all kinds of case, for sealed words and for the chain; the old columns still stand."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

DROP = {
    "sqlite": [
        "DROP TRIGGER IF EXISTS cases_event_no_UPDATE",
        "DROP TRIGGER IF EXISTS cases_event_no_DELETE",
    ],
    "postgresql": ["DROP TRIGGER IF EXISTS cases_event_append_only ON cases_event"],
}


def drop_triggers(_apps: Any, editor: Any) -> None:
    """Earlier events get their place in the chain; 0006 closes the table again."""
    for statement in DROP[editor.connection.vendor]:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_recount")]

    operations = [
        migrations.RunPython(drop_triggers, elidable=False),
        migrations.AddField("case", "access", models.CharField(max_length=64, default="")),
        migrations.AddField("case", "head", models.CharField(max_length=64, default="")),
        migrations.AddField(
            "case",
            "about",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="disputes",
                to="cases.case",
            ),
        ),
        migrations.AddField(
            "case", "provider", models.CharField(max_length=64, blank=True, default="")
        ),
        migrations.AddField("case", "sealed", models.TextField(blank=True, default="")),
        migrations.AddField(
            "case", "applicant_name_index", models.CharField(max_length=32, blank=True, default="")
        ),
        migrations.AddField(
            "case", "uscc_index", models.CharField(max_length=32, blank=True, default="")
        ),
        migrations.AddField(
            "case", "phone_index", models.CharField(max_length=32, blank=True, default="")
        ),
        migrations.AddField(
            "case", "email_index", models.CharField(max_length=32, blank=True, default="")
        ),
        migrations.AddField("case", "started_at", models.DateTimeField(null=True)),
        migrations.AddField("case", "promised", models.BooleanField(default=False)),
        migrations.AddField("case", "extended_by", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("case", "open_due_on", models.DateField(null=True)),
        migrations.AddField("case", "answered_at", models.DateTimeField(null=True)),
        migrations.AddField("case", "ended_at", models.DateTimeField(null=True)),
        migrations.AddField("case", "erased_at", models.DateTimeField(null=True)),
        migrations.AddField("event", "hash", models.CharField(max_length=64, default="")),
        migrations.AddField(
            "answer", "reason_code", models.CharField(max_length=32, blank=True, default="")
        ),
        migrations.AddField("answer", "released", models.BooleanField(default=False)),
        migrations.AddField("delivery", "expires_at", models.DateTimeField(null=True)),
        migrations.AddField("delivery", "fetch_limit", models.PositiveIntegerField(null=True)),
        migrations.AddField("delivery", "fetches", models.PositiveIntegerField(default=0)),
        migrations.AddField("delivery", "revoked_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "staffprofile", "role", models.CharField(max_length=16, default="officer")
        ),
        migrations.AddField(
            "staffprofile", "email", models.EmailField(blank=True, max_length=254, default="")
        ),
    ]
