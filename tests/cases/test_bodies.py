"""How long a body may be, by its address."""

from __future__ import annotations

import pytest

from kaishu.cases import bodies
from kaishu.cases.files import inspection
from kaishu.cases.forms_desk import MAX_DELIVERY
from kaishu.cases.intake import MOST_FILES


@pytest.mark.parametrize("path", ["/cases/apply/", "/desk", "/cases/desk/", "/healthz"])
def test_applicants_send_all_their_files_and_little_more(path: str) -> None:
    assert MOST_FILES * inspection.MAX_BYTES < bodies.longest(path) < 120 * 1024 * 1024


def test_an_officer_sends_a_whole_delivery() -> None:
    assert MAX_DELIVERY < bodies.longest("/desk/cases/1/") < 240 * 1024 * 1024
