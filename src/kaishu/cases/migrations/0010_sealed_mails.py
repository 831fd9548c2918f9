"""A mail's words and whom it goes to are sealed together; events need one index by case, not two."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from kaishu.cases import encryption


def seal_together(apps: Any, _editor: Any) -> None:
    """Mail by mail, so that memory stays small; what is settled has neither."""
    for mail in apps.get_model("cases", "OutgoingMail").objects.exclude(body="").iterator():
        words = {name: encryption.unseal(getattr(mail, name)) for name in ("recipient", "body")}
        mail.sealed = encryption.seal(words)
        mail.save()


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_demand_pieces")]

    operations = [
        migrations.AddField(
            model_name="outgoingmail",
            name="sealed",
            field=models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
        migrations.RunPython(seal_together),
        migrations.RemoveField(model_name="outgoingmail", name="recipient"),
        migrations.RemoveField(model_name="outgoingmail", name="body"),
        # To alter the column, SQLite's table would be made anew, without its triggers.
        migrations.RunSQL(
            "DROP INDEX cases_event_case_id_59b954a1",
            'CREATE INDEX cases_event_case_id_59b954a1 ON cases_event ("case_id")',
            state_operations=[
                migrations.AlterField(
                    model_name="event",
                    name="case",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="cases.case",
                    ),
                ),
            ],
        ),
    ]
