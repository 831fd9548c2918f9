"""Demands are found by the pieces of their names, those of before too."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from kaishu.cases import duplicates, encryption


def fill(apps: Any, _editor: Any) -> None:
    """Case by case, so that memory stays small."""
    piece_of = apps.get_model("cases", "DemandPiece")
    demands = apps.get_model("cases", "Case").objects.filter(kind="open-demand")
    for case in demands.exclude(sealed="").exclude(state="withdrawn").iterator():
        title = encryption.unseal(case.sealed)["statement"].get("title", "")
        hashes = sorted(duplicates.hashes(title))
        piece_of.objects.bulk_create(
            piece_of(case=case, piece=one, size=len(hashes)) for one in hashes
        )


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_records")]

    operations = [
        migrations.CreateModel(
            name="DemandPiece",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("piece", models.BigIntegerField()),
                ("size", models.PositiveSmallIntegerField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pieces",
                        to="cases.case",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["piece", "case", "size"], name="piece_found")],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
