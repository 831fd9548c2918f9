"""A pytest plugin that takes one means of enforcement away, to see whether its test notices.

`KAISHU_WITHOUT=<kind>:<name>` with `-p tests.ledger_removal`; a rule, a duty or a basis is named
`<regulation>/<id>`, so that it goes from that text alone.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kaishu.base.problems import Code, Problem, Severity
from kaishu.regulation import assembly

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kaishu.regulation.model import Regulation

VARIABLE = "KAISHU_WITHOUT"
BACKEND = ("/cases/", "/desk/")
KIND, _, NAME = os.environ.get(VARIABLE, "").partition(":")


def matches(address: str, path: str) -> bool:
    """Whether a page's `path` is at `address`, in which `<…>` stands for one part of a path."""
    parts, found = address.strip("/").split("/"), path.strip("/").split("/")
    return len(parts) == len(found) and all(
        one == other or one.startswith("<") for one, other in zip(parts, found, strict=True)
    )


def address_of(route: str) -> str:
    """The address of a route of the backend: `/desk/cases/<number>/` of its `<str:number>`."""
    return "/" + re.sub(r"<\w+:", "<", route)


def _without_check() -> None:
    at = Code.at

    def silent(self: Code, **values: Any) -> Problem:
        problem = at(self, **values)
        if self.id != NAME:
            return problem
        return replace(problem, code="removed", severity=Severity.NOTE, message="", hint="")

    Code.at = silent  # type: ignore[method-assign]


def _without(regulation: Regulation) -> Regulation:
    text, _, id_ = NAME.partition("/")
    if regulation.id != text:
        return regulation
    return {
        "rule": lambda: replace(regulation, rules=_less(regulation.rules, id_)),
        "duty": lambda: replace(regulation, duties=_less(regulation.duties, id_)),
        "basis": lambda: replace(
            regulation, bases=tuple(one for one in regulation.bases if str(one.of) != id_)
        ),
    }[KIND]()


def _less(values: dict[str, Any], key: str) -> dict[str, Any]:
    assert key in values, f"there is no {key} to take away"
    return {name: value for name, value in values.items() if name != key}


def _without_part_of_the_law() -> None:
    assemble: Callable[..., tuple[Regulation | None, list[Problem]]] = assembly.assemble

    def less(folder: Path, shown: str) -> tuple[Regulation | None, list[Problem]]:
        regulation, problems = assemble(folder, shown)
        return _without(regulation) if regulation else None, problems

    assembly.assemble = less


def _without_page() -> None:
    from kaishu.site import pages

    every = pages.all_pages

    def fewer(edition: Any) -> Iterator[Any]:
        return (page for page in every(edition) if not matches(NAME, page.path))

    pages.all_pages = fewer


def pytest_collection() -> None:
    """Addresses of the backend go once Django has been set up."""
    if KIND == "screen" and NAME.startswith(BACKEND):
        from kaishu.backend import urls

        urls.urlpatterns[:] = [
            one for one in urls.urlpatterns if address_of(str(one.pattern)) != NAME
        ]


if KIND == "check":
    _without_check()
elif KIND == "screen":
    if not NAME.startswith(BACKEND):
        _without_page()
elif KIND:
    _without_part_of_the_law()
