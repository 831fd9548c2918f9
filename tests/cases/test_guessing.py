"""No answer to a guess tells by its cost what is right."""

from __future__ import annotations

import re
import sys
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.cases.conftest import file_one

from kaishu.cases import numbers
from kaishu.cases.portal import Now


def hashed_and_asked(number: str, code: str) -> tuple[int, int, list[str]]:
    """The status of a guess, how often something was hashed for it, and what was asked."""
    hashes = 0

    def counted(_frame: object, event: str, function: Any) -> None:
        nonlocal hashes
        if event == "c_call" and ("sha" in function.__name__ or "hmac" in function.__name__):
            hashes += 1

    guesser = Client()
    guesser.get("/cases/track/")
    with CaptureQueriesContext(connection) as queries:
        sys.setprofile(counted)
        try:
            answer = guesser.post("/cases/track/", {"number": number, "code": code})
        finally:
            sys.setprofile(None)
    # Without the values, and without the names of savepoints.
    asked = [re.sub(r"'[^']*'|\d+", "?", one["sql"]) for one in queries.captured_queries]
    return answer.status_code, hashes, asked


def test_every_wrong_guess_costs_the_same_look_up_and_the_same_hashing(now: Now) -> None:
    case = file_one(now)
    right = numbers.code_for("0" * 32, str(settings.SECRET_KEY))
    one_off = right.translate(str.maketrans("ABCDEFG2", "BCDEFG2A"))
    first = hashed_and_asked("202601010000001", "WRONG")
    assert first[0] == 404
    assert first[1] > 0
    assert len([sql for sql in first[2] if "cases_case" in sql]) == 1
    # Whoever has guessed before is counted by another statement: from here on all have.
    unknown = hashed_and_asked("202601010000001", right)
    for number, code in (
        (case.number, "WRONG"),
        (case.number, one_off),
        (case.number[:-1] + "xy", right),
        ("x", "?"),
    ):
        assert hashed_and_asked(number, code) == unknown
