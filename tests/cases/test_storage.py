"""Upgrading keeps every case and every mail; what is written in pieces is written whole."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from tests.portals import small_portal

from kaishu.cases import inserts, storage
from kaishu.cases.models import Case
from kaishu.cases.records import Confirmation
from kaishu.cases.storage import writing

if TYPE_CHECKING:
    from pathlib import Path

UPGRADE = """
import json, sys, django
django.setup()
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
call_command("migrate", "auth", verbosity=0)
call_command("migrate", "cases", "0003_recount", verbosity=0)
old = MigrationExecutor(connection).loader.project_state([("cases", "0003_recount")]).apps
fields = json.loads(sys.argv[1])
case = old.get_model("cases", "Case").objects.create(**fields, due_at=fields["received_at"])
for sequence, verb in enumerate(("submit", "grant"), start=1):
    old.get_model("cases", "Event").objects.create(
        case=case, sequence=sequence, at=fields["received_at"], verb=verb, actor="officer"
    )
old.get_model("cases", "Answer").objects.create(
    case=case, outcome="granted", answered_at=fields["received_at"]
)
user = old.get_model("auth", "User").objects.create(username="chief")
old.get_model("cases", "StaffProfile").objects.create(user=user, department="")
call_command("migrate", verbosity=0)
from kaishu.cases import audit, numbers
from kaishu.cases.models import Case, StaffProfile
now = Case.objects.get()
code = numbers.code_for(fields["idempotency_key"], settings.SECRET_KEY)
print(json.dumps({
    "name": now.statement["applicant_name"],
    "found": now.access == numbers.access_of(now.number, code),
    "verbs": [event.verb for event in now.events.all()],
    "wrong": [wrong for _number, wrong in audit.verify()],
    "role": StaffProfile.objects.get().role,
    "stored": "王小明" in str(Case.objects.values().get()),
}))
"""
OLD = {
    "number": "202609300000011", "code_hash": "x", "idempotency_key": "e" * 32,
    "kind": "open-application", "state": "granted", "version": 2, "dataset_key": "mzj/visits",
    "dataset_title": "公园客流明细", "department": "mzj", "applicant_type": "person",
    "applicant_name": "王小明", "phone": "0417-1234567", "wanted": "客流", "purpose": "研究",
    "scene": "论文", "period": "2027年", "security": "加密", "undertaking": "2026-1",
    "regulation": "yingkou-2022", "rule": "open-application", "article": "第二十九条",
    "clock": "answer", "received_at": "2026-09-30T16:00:00+08:00", "due_date": "2026-09-30",
}  # fmt: skip
SEALED = {
    "name": "王小明", "found": True, "verbs": ["file", "grant"], "wrong": [], "role": "operator",
    "stored": False,
}  # fmt: skip

UPGRADE_PROOFS = """
import json, sys, django
django.setup()
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from kaishu.base import clock
call_command("migrate", "cases", "0010_sealed_mails", verbosity=0)
loader = MigrationExecutor(connection).loader
old = loader.project_state([("cases", "0010_sealed_mails")]).apps
fields = json.loads(sys.argv[1])
for letter, second in (("a", 1_800_000_000), ("b", 1_800_000_001)):
    old.get_model("cases", "Case").objects.create(
        **fields, number=letter, access=letter, idempotency_key=letter
    )
    old.get_model("cases", "SpentProof").objects.create(
        digest=letter * 64, key=letter, until=clock.from_timestamp(second)
    )
call_command("migrate", verbosity=0)
from kaishu.cases.models import Case
print(json.dumps(dict(Case.objects.values_list("number", "proof"))))
"""
FILED = {"kind": "correction", "state": "submitted", "received_at": OLD["received_at"]}
SPENT = {"a": "006b49d200" + "a" * 22, "b": "006b49d201" + "b" * 22}
# SQLite uses an index that leaves out nulls where a comparison implies that there is none.
PLANS = """
import json, django
django.setup()
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from kaishu.cases import retention
from kaishu.cases.models import Case
call_command("migrate", verbosity=0)
with CaptureQueriesContext(connection) as asked:
    assert not list(retention.erase())
(erased,) = (one["sql"] for one in asked.captured_queries)
with connection.cursor() as cursor:
    cursor.execute(f"EXPLAIN QUERY PLAN {erased}")
    ended = " ".join(str(row[3]) for row in cursor.fetchall())
disputes = Case(pk=1).disputes.exclude(state="granted").explain()
proof = Case.objects.filter(proof="1").explain()
print(json.dumps({"ended": ended, "disputes": disputes, "proof": proof}))
"""
UPGRADE_MAILS = """
import json, django
django.setup()
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from kaishu.cases import encryption
call_command("migrate", "cases", "0009_demand_pieces", verbosity=0)
loader = MigrationExecutor(connection).loader
old = loader.project_state([("cases", "0009_demand_pieces")]).apps
now = timezone.now()
for key, sealed in (("waiting", encryption.seal), ("sent", lambda words: "")):
    old.get_model("cases", "OutgoingMail").objects.create(
        message_id=key, recipient=sealed("wang@example.org"), body=sealed("已受理"),
        subject=key, state=key, created_at=now, not_before=now,
    )
call_command("migrate", verbosity=0)
from kaishu.cases.models import OutgoingMail
with connection.cursor() as cursor:
    cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
    triggers = [name for name, in cursor.fetchall()]
print(json.dumps({
    "mails": {one.subject: [one.recipient, one.body] for one in OutgoingMail.objects.all()},
    "guards": triggers,
}))
"""


def upgraded(tmp_path: Path, script: str, *arguments: str, database_url: str = "") -> Any:
    """What a script prints that brings an earlier edition's database up to date (none: SQLite)."""
    kept = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    environment = {
        **kept,
        "KAISHU_ROOT": str(small_portal(tmp_path / "portal")),
        "KAISHU_VAR": str(tmp_path / "var"),
        "DJANGO_SETTINGS_MODULE": "kaishu.backend.settings",
        **({"DATABASE_URL": database_url} if database_url else {}),
    }
    command = [sys.executable, "-c", script, *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_mails_of_an_earlier_edition_still_go_out(tmp_path: Path) -> None:
    assert upgraded(tmp_path, UPGRADE_MAILS) == {
        "mails": {"waiting": ["wang@example.org", "已受理"], "sent": ["", ""]},
        "guards": ["cases_event_no_delete", "cases_event_no_update"],
    }


def test_proofs_spent_under_an_earlier_edition_stay_spent(tmp_path: Path) -> None:
    assert upgraded(tmp_path, UPGRADE_PROOFS, json.dumps(FILED)) == SPENT


def test_no_table_has_two_indexes_of_the_same_columns(case: Case) -> None:
    with connection.cursor() as cursor:
        for model in apps.get_app_config("cases").get_models():
            found = connection.introspection.get_constraints(cursor, model._meta.db_table)
            held = [
                tuple(one["columns"]) for one in found.values() if one["index"] or one["unique"]
            ]
            assert len(held) == len(set(held)), (model, held)


def test_migrations_make_what_the_models_say() -> None:
    call_command("makemigrations", "cases", check_changes=True, dry_run=True, verbosity=0)


def test_indexes_without_nulls_serve_what_is_asked_of_them(tmp_path: Path) -> None:
    plans = upgraded(tmp_path, PLANS)
    assert "case_about" in plans["disputes"]
    assert "INDEX case_ended" in plans["ended"]
    assert "case_proof_once" in plans["proof"]


def test_cases_of_an_earlier_edition_are_sealed_and_chained(tmp_path: Path) -> None:
    assert upgraded(tmp_path, UPGRADE, json.dumps(OLD)) == SEALED


def test_what_is_written_in_pieces_is_written_whole_or_not_at_all(case: Case) -> None:
    with pytest.raises(ZeroDivisionError), writing():
        Case.objects.filter(pk=case.pk).update(version=9)
        raise ZeroDivisionError
    case.refresh_from_db()
    assert case.version == 1


def test_after_a_row_that_is_refused_statements_are_still_prepared_once() -> None:
    link = sqlite3.connect(":memory:", isolation_level=None)
    link.execute("CREATE TABLE cases_confirmation (id PRIMARY KEY, case_id UNIQUE, confirmed_at)")
    database: Any = SimpleNamespace(connection=link, vendor="sqlite", alias="default")
    prepared: list[int] = []
    link.set_authorizer(lambda what, *_: prepared.append(what) or sqlite3.SQLITE_OK)

    def insert(case: int) -> None:
        row = Confirmation(case_id=case)
        storage._insert(inserts.ready([row]), database)

    insert(1)
    with pytest.raises(sqlite3.IntegrityError) as held:
        insert(1)
    insert(2)
    # The error is still at hand, and with it whatever the insert had open.
    assert held.tb is not None
    assert prepared == [sqlite3.SQLITE_INSERT]
