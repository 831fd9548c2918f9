"""A proof of work is kept with the case it was spent for, and indexes leave out what is seldom there."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from kaishu.cases.words import Verb, choices


def to_their_cases(apps: Any, _editor: Any) -> None:
    """As `proof.check` makes digests; there are no more than six hours' proofs."""
    cases = apps.get_model("cases", "Case").objects
    for key, digest in apps.get_model("cases", "SpentProof").objects.values_list("key", "digest"):
        cases.filter(idempotency_key=key).update(proof=digest[:32])


class Migration(migrations.Migration):
    dependencies = [("cases", "0011_indexes_that_grow_at_their_end")]

    operations = [
        migrations.AddField("case", "proof", models.CharField(max_length=32, null=True)),
        migrations.RunPython(to_their_cases),
        migrations.DeleteModel("SpentProof"),
        migrations.AddConstraint(
            "case",
            models.UniqueConstraint(
                fields=["proof"], condition=models.Q(proof__isnull=False), name="case_proof_once"
            ),
        ),
        migrations.AlterField(
            "case",
            "about",
            models.ForeignKey(
                "cases.case",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="disputes",
                db_index=False,
            ),
        ),
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["about"], condition=models.Q(about__isnull=False), name="case_about"
            ),
        ),
        # Words alone: no database holds them.
        migrations.AlterField(
            "event", "verb", models.CharField(max_length=16, choices=choices(Verb))
        ),
        migrations.RemoveIndex("case", "case_ended"),
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["ended_at"], condition=models.Q(ended_at__isnull=False), name="case_ended"
            ),
        ),
    ]
