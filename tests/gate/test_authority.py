"""Whose a path is: a department's maintainers their own folder, the operator everything."""

from __future__ import annotations

from kaishu.gate.authority import Authority, check_changes
from kaishu.history.push import Change

AUTHORITY = Authority(frozenset({"ops"}), {"mzj": frozenset({"mz"}), "jtj": frozenset({"jt"})})
NAMES = {"mzj": "民政局", "jtj": "交通运输局"}
ENTRY = "datasets/jtj/permits/datapackage.yaml"


def codes(pusher: str, *paths: str) -> list[tuple[str, str | None]]:
    changes = [Change("0" * 40, path, None) for path in paths]
    return [(one.code, one.file) for one in check_changes(changes, pusher, AUTHORITY, NAMES)]


def test_a_departments_entry_is_changed_by_its_own_people_or_the_operator() -> None:
    assert codes("jt", ENTRY) == codes("ops", ENTRY) == []
    assert codes("mz", ENTRY, ENTRY) == [("not-yours", ENTRY)]


def test_what_is_no_departments_is_the_operators() -> None:
    for path in ("catalog.yaml", "governance/calendar/2027.yaml", "datasets/mzj/README.md"):
        assert codes("mz", path) == [("not-yours", path)]
        assert codes("ops", path) == []
