"""A filing writes to fewer places: proofs are kept by the time they expire, and nothing is sought by LIKE."""

from typing import Any

from django.db import migrations


def by_time(apps: Any, _editor: Any) -> None:
    """As `proof.check` makes digests; there are no more than six hours' proofs."""
    model = apps.get_model("cases", "SpentProof")
    spent = list(model.objects.all())
    model.objects.all().delete()
    for one in spent:
        one.digest = f"{int(one.until.timestamp()):010x}{one.digest[:54]}"
    model.objects.bulk_create(spent)


def without_patterns(_apps: Any, editor: Any) -> None:
    """For each column of text with an index, Django gives PostgreSQL another that only LIKE uses."""
    if editor.connection.vendor != "postgresql":
        return
    with editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()"
            " AND tablename LIKE %s AND indexname LIKE %s",
            [r"cases\_%", r"%\_like"],
        )
        for (name,) in cursor.fetchall():
            editor.execute(f"DROP INDEX {editor.quote_name(name)}")


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_sealed_mails")]

    operations = [
        migrations.RunPython(by_time),
        migrations.RemoveField(model_name="spentproof", name="until"),
        migrations.RunPython(without_patterns),
    ]
