"""What the regulation asks of entries: sufficient bases, base items shared, priorities, looser terms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from tests.datasets.tables import ROOT
from tests.portals import write
from tests.regulation.made import regulation

from kaishu.base.problems import Severity
from kaishu.base.vocabulary import BasisLevel, Issuer, Openness, Sharing
from kaishu.catalog.load import load
from kaishu.catalog.model import Basis
from kaishu.packaging import law
from kaishu.regulation import library
from kaishu.regulation.model import BasisRule, Listed, Regulation, Sufficient

if TYPE_CHECKING:
    from pathlib import Path

    from kaishu.base.problems import Problem

TODAY = date(2026, 11, 20)
VISITS = "datasets/mzj/visits/datapackage.yaml"
HIGH = (Sufficient(BasisLevel.LAW), Sufficient(BasisLevel.STATE_COUNCIL))


def text(**changes: object) -> Regulation:
    """A text that rules on nothing but what `changes` say."""
    return replace(regulation(10), **changes)


def ruled(of: Openness | Sharing, *suffices: Sufficient) -> Regulation:
    return text(bases=(BasisRule(of, "第十五条", "甲", suffices),))


def found(root: Path, regulation: Regulation, today: date = TODAY) -> list[Problem]:
    return law.check(load(root), regulation, today)


def sharing(root: Path, written: str, path: str = VISITS) -> None:
    """Replace the entry's sharing line."""
    lines = (root / path).read_text().splitlines()
    [place] = [n for n, line in enumerate(lines) if line.startswith("  sharing:")]
    lines[place] = f"  sharing: {written}"
    write(root, path, "\n".join(lines) + "\n")


def test_a_basis_of_a_rank_listed_suffices(root: Path) -> None:
    sharing(root, "{type: none, basis: [{title: 甲法, level: law}]}")
    assert found(root, ruled(Sharing.NONE, *HIGH)) == []


def test_one_sufficient_basis_among_several_is_enough(root: Path) -> None:
    sharing(root, "{type: none, basis: [{title: 乙, level: document}, {title: 甲, level: law}]}")
    assert found(root, ruled(Sharing.NONE, *HIGH)) == []


def test_a_basis_of_too_low_a_rank_is_named_with_what_would_suffice(root: Path) -> None:
    sharing(root, "{type: none, basis: [{title: 乙规, level: rule}]}")
    [problem] = found(root, ruled(Sharing.NONE, *HIGH))
    assert (problem.code, problem.dataset) == ("insufficient-basis", "mzj/visits")
    assert "第十五条" in problem.message
    assert BasisLevel.LAW.label in problem.hint
    assert BasisLevel.STATE_COUNCIL.label in problem.hint
    lines = (root / VISITS).read_text().splitlines()
    assert problem.line is not None
    assert "sharing:" in lines[problem.line - 1]


def test_a_restricted_sharing_without_a_basis_is_named_where_the_text_asks_for_one(
    root: Path,
) -> None:
    sharing(root, "{type: none}")
    [problem] = found(root, ruled(Sharing.NONE, *HIGH))
    assert problem.code == "missing-sharing-basis"
    assert found(root, text()) == []


def test_openness_has_rules_of_its_own(root: Path) -> None:
    [problem] = found(root, ruled(Openness.ON_REQUEST, Sufficient(BasisLevel.STATE_COUNCIL)))
    assert (problem.code, problem.dataset) == ("insufficient-basis", "mzj/visits")


def test_a_rule_on_sharing_says_nothing_of_opening(root: Path) -> None:
    # `unconditional` is a word of both vocabularies.
    assert found(root, ruled(Openness.UNCONDITIONAL, *HIGH)) == []
    [problem] = found(root, ruled(Sharing.CONDITIONAL, Sufficient(BasisLevel.LAW)))
    assert (problem.code, problem.dataset) == ("insufficient-basis", "jtj/permits")


def test_every_text_of_the_chain_in_force_has_to_be_satisfied(root: Path) -> None:
    sharing(root, "{type: none, basis: [{title: 乙规, level: rule}]}")
    above = replace(ruled(Sharing.NONE, *HIGH), short_title="国家", in_force_from=date(2025, 8, 1))
    city = replace(
        ruled(Sharing.NONE, Sufficient(BasisLevel.RULE)), short_title="本市", superiors=(above,)
    )
    [problem] = found(root, city)
    assert "国家" in problem.message
    assert found(root, city, date(2025, 7, 31)) == []


def test_a_portals_own_text_speaks_after_it_has_lapsed(root: Path) -> None:
    sharing(root, "{type: none}")
    lapsed = replace(ruled(Sharing.NONE, *HIGH), in_force_until=date(2026, 1, 1))
    assert [one.code for one in found(root, lapsed)] == ["missing-sharing-basis"]


@pytest.mark.parametrize(
    ("issuer", "enough"),
    [("national", True), ("city", False), ("某市人民政府", True), (None, True)],
)
def test_the_issuer_counts_where_it_is_one_of_the_vocabulary(
    issuer: str | None, enough: bool
) -> None:
    basis = Basis(title="通知", level=BasisLevel.DOCUMENT, issuer=issuer)
    asked = Sufficient(BasisLevel.DOCUMENT, (Issuer.NATIONAL, Issuer.PROVINCIAL))
    assert law.suffices(basis, asked) is enough


def test_a_withdrawn_entry_is_not_judged(root: Path) -> None:
    sharing(root, "{type: none}\n  withdrawn: {date: 2026-01-01, reason: 重复}")
    assert found(root, ruled(Sharing.NONE, *HIGH)) == []


def test_a_base_item_must_be_shared_unconditionally(root: Path) -> None:
    ruling = text(base_items=Listed("第十九条", "甲", ("人口",)))
    content = (root / VISITS).read_text()
    write(root, VISITS, content.replace("title: 公园编号}", "title: 公园编号, base_item: true}"))
    [problem] = found(root, ruling)
    assert (problem.code, problem.field, problem.resource) == (
        "restricted-base-item", "park", "visits",
    )  # fmt: skip
    assert "第十九条" in problem.message
    assert found(root, text()) == []
    sharing(root, "{type: unconditional}")
    assert found(root, ruling) == []


def test_a_priority_theme_without_open_data_is_named(root: Path) -> None:
    ruling = text(priority=Listed("第三十一条", "甲", ("道路", "社会")))
    [problem] = found(root, ruling)
    assert (problem.code, problem.severity) == ("priority-not-open", Severity.NOTE)
    assert "道路运行" in problem.message
    assert found(root, text()) == []


def test_a_theme_marked_in_the_catalogue_is_a_priority_where_the_text_has_any(root: Path) -> None:
    catalog = (root / "catalog.yaml").read_text()
    write(root, "catalog.yaml", catalog.replace("name: 道路运行", "name: 道路运行, priority: true"))
    ruling = text(priority=Listed("第三十一条", "甲", ("社会",)))
    assert [one.code for one in found(root, ruling)] == ["priority-not-open"]
    assert found(root, text()) == []


def test_a_priority_field_that_nothing_speaks_of_is_named(root: Path) -> None:
    ruling = text(priority=Listed("第三十一条", "甲", ("气象", "公园", "社会")))
    [problem] = found(root, ruling)
    assert (problem.code, problem.severity) == ("priority-field", Severity.NOTE)
    assert "气象" in problem.message


def test_a_term_looser_than_the_one_above_is_noted(root: Path) -> None:
    strict, loose = regulation(10), regulation(15)
    [problem] = found(root, replace(loose, superiors=(strict,)))
    assert problem.code == "looser-term"
    assert "15" in problem.message
    assert "10" in problem.message
    assert found(root, replace(strict, superiors=(loose,))) == []


@pytest.mark.parametrize("text", library.ids())
def test_the_examples_restrictions_rest_on_bases_that_every_text_accepts(text: str) -> None:
    problems = law.check(load(ROOT), library.load(text), TODAY)
    assert [one for one in problems if one.severity is not Severity.NOTE] == []


@pytest.mark.parametrize(
    ("text", "articles"),
    [
        ("shaoyang-2022", {"第十一条"}),
        ("yichuan-2020", {"第二十九条", "第十四条"}),
        ("yingkou-2022", set()),
    ],
)
def test_the_terms_looser_than_the_national_ones_are_named(text: str, articles: set[str]) -> None:
    chain = library.load(text)
    problems = [one for one in law.check(load(ROOT), chain, TODAY) if one.code == "looser-term"]
    assert len(problems) == len(articles)
    for article in articles:
        cited = f"{chain.short_title}{article}"
        assert any(cited in one.message for one in problems)


def test_the_national_text_takes_no_rule_of_a_city_for_a_refusal_to_share(root: Path) -> None:
    sharing(root, "{type: none, basis: [{title: 甲市办法, level: rule, issuer: city}]}")
    codes = {one.message for one in found(root, library.load("yingkou-2022"))}
    assert any("国家条例" in message for message in codes)
    sharing(
        root,
        "{type: none, basis: [{title: 国务院决定, level: state-council}, {title: 乙法, level: law}]}",
    )
    left = found(root, library.load("yingkou-2022"))
    assert [one for one in left if one.severity is not Severity.NOTE] == []


@pytest.mark.parametrize(
    ("id_", "of"),
    [
        ("liaoning-2020", Sharing.CONDITIONAL),
        ("liaoning-2020", Sharing.NONE),
        ("national-2025", Sharing.NONE),
        ("shaoyang-2022", Sharing.CONDITIONAL),
        ("shaoyang-2022", Sharing.NONE),
        ("shuozhou-2021", Sharing.NONE),
        ("yichuan-2020", Sharing.CONDITIONAL),
        ("yichuan-2020", Sharing.NONE),
        ("yingkou-2022", Sharing.NONE),
    ],
)
def test_each_text_asks_for_a_basis_of_the_classes_it_names(
    root: Path, id_: str, of: Sharing
) -> None:
    own = replace(library.load(id_), superiors=())
    sharing(root, f"{{type: {of}, conditions: 因履行职责需要}}")
    named = [one.code for one in found(root, own) if one.dataset == "mzj/visits"]
    assert named == ["missing-sharing-basis"]
