"""The clause ledgers: every article accounted for, and every means proved by taking it away."""

from __future__ import annotations

import importlib
import os
import pkgutil
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.exports.exported import small_catalogue
from tests.ledger_removal import VARIABLE, address_of, matches
from tests.portals import small_portal
from tests.site.made import AS_OF, edition_of

import kaishu
from kaishu.backend.urls import urlpatterns
from kaishu.base import problems
from kaishu.cli.main import COMMANDS
from kaishu.exports.write import write
from kaishu.regulation import library
from kaishu.regulation.model import Disposition, MeansKind, RuleId
from kaishu.site import pages

if TYPE_CHECKING:
    from kaishu.regulation.model import Clause, Means

ROOT = Path(__file__).parents[2]
ARTICLES = {
    "liaoning-2020": 28, "national-2025": 12, "shaoyang-2022": 34, "shuozhou-2021": 36,
    "yichuan-2020": 46, "yingkou-2022": 40,
}  # fmt: skip
OF_A_TEXT = (MeansKind.RULE, MeansKind.DUTY, MeansKind.BASIS)
CHECKING = ("catalog", "gate", "packaging", "regulation", "supervision")
CLAUSES = [(id_, clause) for id_ in library.ids() for clause in library.load(id_).ledger]


def removal(id_: str, means: Means) -> str:
    """What to take away: from one text alone where the means is part of it."""
    name = f"{id_}/{means.name}" if means.kind in OF_A_TEXT else means.name
    return f"{means.kind.value}:{name}"


REMOVALS = sorted(
    {(removal(id_, means), means.test) for id_, clause in CLAUSES for means in clause.means}
)
TESTS = sorted({test for _what, test in REMOVALS} | {c.test for _id, c in CLAUSES if c.test})


def run(*arguments: str, without: str = "") -> subprocess.CompletedProcess[str]:
    """pytest in a process of its own, with or without one means of enforcement."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")
    }
    if without and not arguments[0].startswith("tests/cases/"):
        # Only the tests of cases need another plugin; all others start twice as fast alone.
        environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider",
         "-p", "tests.ledger_removal", *arguments],
        cwd=ROOT, env={**environment, VARIABLE: without}, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("id_", library.ids())
def test_each_article_has_its_entry_in_order(id_: str) -> None:
    regulation = library.load(id_)
    assert [one.article for one in regulation.ledger] == [one.label for one in regulation.articles]
    assert len(regulation.ledger) == ARTICLES[id_]


@pytest.mark.parametrize(("id_", "clause"), CLAUSES, ids=lambda one: getattr(one, "article", one))
def test_an_entry_is_one_sentence_and_has_what_its_disposition_asks(
    id_: str, clause: Clause
) -> None:
    assert re.fullmatch(r"[^。\n]+。", clause.note)
    enforced = clause.disposition is Disposition.ENFORCED
    apart = clause.disposition is Disposition.ORGANISATIONAL
    assert (bool(clause.means), clause.apart is not None) == (enforced, apart)
    assert bool(clause.where) == (not apart)
    assert (clause.test is not None) == (clause.disposition is Disposition.RECORDED)


def test_each_check_named_is_one_of_the_codes() -> None:
    for module in pkgutil.walk_packages(kaishu.__path__, "kaishu."):
        if module.name.split(".")[1] in CHECKING:
            importlib.import_module(module.name)
    named = {
        means.name
        for _id, clause in CLAUSES
        for means in clause.means
        if means.kind is MeansKind.CHECK
    }
    assert len(named) >= 10
    assert named <= set(problems.all_codes())


def test_each_place_named_is_a_page_a_file_or_a_command(tmp_path: Path) -> None:
    edition = edition_of(small_portal(tmp_path / "portal"), tmp_path / "packages")
    made = small_catalogue(tmp_path / "site")
    write(made.catalog, made.packages, made.updated, AS_OF, made.folder)
    paths = {page.path for page in pages.all_pages(edition)}
    addresses = (
        {f"/{path}" for path in paths}
        | {f"/{file.name}" for file in made.folder.iterdir() if file.is_file()}
        | {address_of(str(one.pattern)) for one in urlpatterns}
    )
    for id_, clause in CLAUSES:
        for place in clause.where:
            if place.startswith("/"):
                assert place in addresses, (id_, clause.article)
            else:
                program, command, *rest = place.split()
                assert (program, command in COMMANDS) == ("kaishu", True), (id_, clause.article)
                assert command != "due" or set(rest) <= set(RuleId), (id_, clause.article)
        for means in clause.means:
            if means.kind is MeansKind.SCREEN:
                found = means.name in addresses or any(matches(means.name, one) for one in paths)
                assert found, (id_, clause.article, means.name)


@pytest.mark.slow
def test_each_test_named_is_there() -> None:
    done = run("--collect-only", *TESTS)
    assert done.returncode == 0, done.stdout[-3000:]
    assert set(TESTS) <= set(done.stdout.splitlines())


@pytest.mark.slow
def test_each_test_named_passes() -> None:
    done = run(*TESTS)
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.slow
@pytest.mark.parametrize(("without", "test"), REMOVALS)
def test_a_means_taken_away_is_missed_by_its_test(without: str, test: str) -> None:
    done = run(test, without=without)
    assert done.returncode == 1, f"{test} does not notice that {without} is gone\n{done.stdout}"


@pytest.mark.slow
@pytest.mark.parametrize(
    "without",
    ["check:missing-basis", "rule:yingkou-2022/correction", "screen:/departments/<department>/"],
)
def test_nothing_else_goes_with_it(without: str) -> None:
    own = {test for what, test in REMOVALS if what == without}
    files = {test.partition("::")[0] for test in own}
    others = [test for test in TESTS if test.partition("::")[0] in files and test not in own]
    assert own
    assert others
    done = run(*others, without=without)
    assert done.returncode == 0, done.stdout[-3000:]
