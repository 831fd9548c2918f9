"""Races between real threads and processes: one wins, nothing is doubled, the chains are whole."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tests.backend.test_postgresql import database_url
from tests.portals import small_portal

if TYPE_CHECKING:
    from pathlib import Path

# Threads and processes by the dozen: seconds each.
pytestmark = pytest.mark.slow

__all__ = ["database_url"]

# Several processes of several threads each do the same to the same cases, as fast as they can.
SETTING = """
import json, sys, threading, django
django.setup()
from django.core.management import call_command
from django.db import connection
from kaishu.base.errors import Conflict
from kaishu.cases import actions, audit, filing, portal
from kaishu.cases.models import Case, Event, OutgoingMail
from kaishu.cases.steps import By
from kaishu.cases.words import Actor, Kind
now = portal.now()
dataset = now.dataset("mzj/visits")
STATED = {"applicant_name": "王小明", "email": "w@example.org", "purpose": "研究"}

def file(key):
    filed = filing.Filing(Kind.OPEN_APPLICATION, STATED, dataset)
    return filing.file(now, filed, idempotency_key=key)

def together(work, threads=4):
    done, errors, barrier = [], [], threading.Barrier(threads)
    def run(number):
        barrier.wait()
        try:
            done.extend(work(number))
        except BaseException as error:
            errors.append(repr(error))
        finally:
            connection.close()
    running = [threading.Thread(target=run, args=(n,)) for n in range(threads)]
    [one.start() for one in running]; [one.join() for one in running]
    print(json.dumps({"done": done, "errors": errors}))
"""
MIGRATE = SETTING + 'call_command("migrate", verbosity=0)\nprint("{}")'
FILE_THE_SAME = SETTING + 'together(lambda _n: [file(f"{k:032x}").number for k in range(12)])'
FILE_OTHERS = (
    SETTING + 'together(lambda n: [file(f"{sys.argv[1]}{n}{k:030x}").number for k in range(12)])'
)
DECIDE = (
    SETTING
    + """
def decide(n):
    won = []
    for pk in Case.objects.order_by("pk").values_list("pk", flat=True):
        case = Case.objects.get(pk=pk)
        by = By(Actor.OFFICER, f"{sys.argv[1]}-{n}")
        try:
            if n % 2:
                actions.grant(now, case, by, "同意")
            else:
                actions.refuse(now, case, by, actions.Refusal("理由", "not-held"))
            won.append(case.number)
        except Conflict:
            pass
    return won
together(decide)
"""
)
COUNT = (
    SETTING
    + """
print(json.dumps({
    "cases": Case.objects.count(), "events": Event.objects.count(),
    "mails": OutgoingMail.objects.count(), "wrong": list(audit.verify()),
    "states": sorted(set(Case.objects.values_list("state", flat=True))),
}))
"""
)


class Portal:
    """A portal of its own, on which several processes run at once."""

    def __init__(self, root: Path, url: str) -> None:
        kept = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        self.environment = {
            **kept,
            "KAISHU_ROOT": str(small_portal(root / "portal")),
            "KAISHU_VAR": str(root / "var"),
            "DJANGO_SETTINGS_MODULE": "kaishu.backend.settings",
            **({"DATABASE_URL": url} if url else {}),
        }

    def run(self, script: str, processes: int = 1) -> list[dict[str, list[str]]]:
        """What each process printed; every one of them did all it was to do."""
        running = [
            subprocess.Popen(
                [sys.executable, "-c", script, f"{number:x}"],
                env=self.environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for number in range(processes)
        ]
        found = []
        for process in running:
            printed, said = process.communicate(timeout=300)
            assert process.returncode == 0, said
            found.append(json.loads(printed.splitlines()[-1]))
        assert [error for one in found for error in one.get("errors", [])] == []
        return found


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def raced(request: pytest.FixtureRequest, tmp_path: Path) -> Portal:
    url = request.getfixturevalue("database_url") if request.param == "postgresql" else ""
    portal = Portal(tmp_path, url)
    portal.run(MIGRATE)
    return portal


def test_the_same_forms_from_everywhere_make_one_case_each(raced: Portal) -> None:
    found = raced.run(FILE_THE_SAME, processes=3)
    numbers = {number for one in found for number in one["done"]}
    assert len(numbers) == 12
    [counted] = raced.run(COUNT)
    assert (counted["cases"], counted["events"], counted["mails"]) == (12, 12, 12)
    assert counted["wrong"] == []


def test_of_many_who_decide_at_once_one_wins_each_case(raced: Portal) -> None:
    raced.run(FILE_OTHERS)
    found = raced.run(DECIDE, processes=3)
    won = [number for one in found for number in one["done"]]
    assert len(won) == len(set(won)) == 48
    [counted] = raced.run(COUNT)
    assert (counted["cases"], counted["events"], counted["mails"]) == (48, 96, 96)
    assert counted["wrong"] == []
    assert set(counted["states"]) <= {"granted", "refused"}


def test_many_who_file_at_once_are_all_taken_in(raced: Portal) -> None:
    found = raced.run(FILE_OTHERS, processes=3)
    numbers = [number for one in found for number in one["done"]]
    assert len(numbers) == len(set(numbers)) == 144
    [counted] = raced.run(COUNT)
    assert (counted["cases"], counted["wrong"]) == (144, [])
