"""Filings of many share a commit; each is whole or not there, and is told which."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from tests.backend.test_postgresql import database_url
from tests.cases.test_races import COUNT, SETTING, Portal, raced

from kaishu.cases import commits
from kaishu.cases.commits import LONGEST, MOST, Committer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["database_url", "raced"]

LONG = 5.0
# Each brings forms of its own, and one that all bring.
SHARED = (
    SETTING
    + """
from kaishu.cases import commits, storage
committer = commits.Committer()
threading.Thread(target=committer.run, daemon=True).start()

def bring(key):
    committer.expect()
    with storage.holding() as rows:
        case = file(key)
    told = threading.Event()
    def then(stored):
        case.told = stored
        told.set()
    committer.bring(rows, then)
    assert told.wait(60)
    return [case.number] if case.told else []

def work(n):
    keys = [f"{sys.argv[1]}{n}{k:030x}" for k in range(12)]
    keys.insert(6, "f" * 32)
    return [number for key in keys for number in bring(key)]

together(work)
"""
)
HELD = (
    SETTING
    + """
from kaishu.cases import storage
call_command("migrate", verbosity=0)
with storage.holding() as rows:
    held = file("a" * 32)
    before = Case.objects.count()
after = Case.objects.count()
stored = storage.store([rows])
with storage.holding() as again:
    file("a" * 32)
twice = storage.store([again])
print(json.dumps({"counts": [before, after, Case.objects.count()], "stored": stored,
    "twice": twice, "number": Case.objects.get().number == held.number}))
"""
)
# Of four, one has the number of another and one its proof of work; each is asked for twice.
FAULTS = (
    SETTING
    + """
from kaishu.cases import numbers, storage
call_command("migrate", verbosity=0)
draw, commits = numbers.new_number, []
def held(key, proof, number=None):
    numbers.new_number = lambda day: number or draw(day)
    filed = filing.Filing(Kind.OPEN_APPLICATION, STATED, dataset, proof=proof)
    with storage.holding() as rows:
        case = filing.file(now, filed, idempotency_key=key)
    return rows, case.number
def counted(commit):
    return lambda *given: commits.append(commit.__name__) or commit(*given)
storage._commit, storage.writing = counted(storage._commit), counted(storage.writing)
first, number = held("1" * 32, "a")
works = [first, held("2" * 32, "b", number)[0], held("3" * 32, "a")[0], held("4" * 32, "d")[0]]
stored = [storage.store(works) for _time in range(2)]
kept = [m.objects.count() for m in (Case, Event, OutgoingMail)]
print(json.dumps({"stored": stored, "kept": kept, "commits": commits}))
"""
)
FULL = (
    SETTING
    + """
from kaishu.cases import storage
call_command("migrate", verbosity=0)
STATED["purpose"] = "究" * 100_000  # more than the free room of any page
def works():
    found = []
    for n in range(3):
        with storage.holding() as rows:
            file(f"{n:032x}")
        found.append(rows)
    return found
limit = lambda pages: connection.cursor().execute(f"PRAGMA max_page_count={pages}")
limit(1)
full = storage.store(works())
limit(4294967294)
print(json.dumps({"full": full, "after": storage.store(works()), "cases": Case.objects.count()}))
"""
)


class Stored:
    """Stands for the database: which works came together, and when."""

    def __init__(self) -> None:
        self.batches: list[list[Any]] = []
        self.goes_on = threading.Event()
        self.goes_on.set()

    def store(self, works: Sequence[Any]) -> list[bool]:
        self.batches.append(list(works))
        self.goes_on.wait(LONG)
        return [work != ["wrong"] for work in works]


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> Stored:
    made = Stored()
    monkeypatch.setattr(commits.storage, "store", made.store)
    return made


@pytest.fixture
def committer(stored: Stored) -> Committer:
    made = Committer()
    threading.Thread(target=made.run, daemon=True).start()
    return made


class Told:
    """What is told of one work."""

    def __init__(self) -> None:
        self.event, self.is_stored = threading.Event(), False

    def __call__(self, is_stored: bool) -> None:
        self.is_stored = is_stored
        self.event.set()


def brought(committer: Committer, *works: Any) -> list[Told]:
    told = [Told() for _work in works]
    for _work in works:
        committer.expect()
    for work, one in zip(works, told, strict=True):
        committer.bring([work], one)
    return told


def test_what_comes_together_is_committed_together_and_each_is_told_its_own(
    committer: Committer, stored: Stored
) -> None:
    told = brought(committer, "a", "wrong", "b")
    assert all(one.event.wait(LONG) for one in told)
    assert [one.is_stored for one in told] == [True, False, True]
    assert [one for batch in stored.batches for one in batch] == [["a"], ["wrong"], ["b"]]
    # Longer than anybody waits a machine may stand still, but not three times.
    assert len(stored.batches) < 3


def test_what_is_alone_waits_for_nobody(
    committer: Committer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commits, "LONGEST", LONG)
    begun = time.monotonic()
    (told,) = brought(committer, "a")
    assert told.event.wait(LONG)
    assert time.monotonic() - begun < LONG / 2


def test_nobody_waits_long_for_who_brings_nothing(
    committer: Committer, monkeypatch: pytest.MonkeyPatch
) -> None:
    committer.expect()
    (told,) = brought(committer, "a")
    assert told.event.wait(LONG)
    monkeypatch.setattr(commits, "LONGEST", LONG)
    (told,) = brought(committer, "b")
    begun = time.monotonic()
    committer.let_go()
    assert told.event.wait(LONG)
    assert time.monotonic() - begun < LONG / 2


def test_so_many_do_not_wait_for_more(
    committer: Committer, stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commits, "LONGEST", LONG)
    committer.expect()
    begun = time.monotonic()
    told = brought(committer, *range(MOST))
    assert all(one.event.wait(LONG) for one in told)
    assert time.monotonic() - begun < LONG / 2
    assert 0 < LONGEST < 0.1


def test_a_fault_in_what_follows_one_work_is_not_the_others(
    committer: Committer, caplog: pytest.LogCaptureFixture
) -> None:
    def fault(_stored: bool) -> None:
        raise ZeroDivisionError

    committer.expect()
    committer.expect()
    told = Told()
    committer.bring(["a"], fault)
    committer.bring(["b"], told)
    assert told.event.wait(LONG)
    assert "ZeroDivisionError" in caplog.text
    assert all(one.event.wait(LONG) for one in brought(committer, "c"))


def test_a_fault_of_the_database_is_told_and_the_next_are_stored(
    committer: Committer, stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(_works: Any) -> list[bool]:
        raise ZeroDivisionError

    monkeypatch.setattr(commits.storage, "store", fault)
    (told,) = brought(committer, "a")
    assert told.event.wait(LONG)
    assert not told.is_stored
    monkeypatch.setattr(commits.storage, "store", stored.store)
    (told,) = brought(committer, "b")
    assert told.event.wait(LONG)
    assert told.is_stored


def test_what_is_held_is_not_there_until_it_is_stored_and_then_once(raced: Portal) -> None:
    (found,) = raced.run(HELD)
    assert found == {"counts": [0, 0, 1], "stored": [True], "twice": [False], "number": True}


def test_where_some_are_at_fault_the_others_are_stored_by_one_more_commit(raced: Portal) -> None:
    (found,) = raced.run(FAULTS)
    assert found["stored"] == [[True, False, False, True], [False] * 4]
    assert found["kept"] == [2, 2, 2]
    assert found["commits"] == ["_commit", "writing"] * 2


@pytest.mark.slow
def test_of_many_who_share_commits_each_is_whole_and_the_same_form_is_one_case(
    raced: Portal,
) -> None:
    found = raced.run(SHARED, processes=3)
    numbers = [number for one in found for number in one["done"]]
    assert len(numbers) == len(set(numbers)) == 3 * 4 * 12 + 1
    (counted,) = raced.run(COUNT)
    assert (counted["cases"], counted["events"], counted["wrong"]) == (145, 145, [])


def test_where_nothing_can_be_written_nothing_is_said_to_be(tmp_path: Path) -> None:
    (found,) = Portal(tmp_path, "").run(FULL)
    assert found == {"full": [False] * 3, "after": [True] * 3, "cases": 3}
