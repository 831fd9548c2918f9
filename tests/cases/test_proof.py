"""Proof of work: right, in time, and of this installation."""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import pytest

from kaishu.base import clock
from kaishu.cases import proof


def unpacked(payload: str) -> dict[str, dict[str, object]]:
    return json.loads(base64.b64decode(payload))


def packed(value: object) -> str:
    return base64.b64encode(json.dumps(value).encode()).decode()


@pytest.fixture(autouse=True)
def one_key(settings: object) -> None:
    settings.SECRET_KEY = "one-key-for-this-module"  # type: ignore[attr-defined]


def test_a_solution_proves_its_work_once_known_by_its_challenge() -> None:
    given = proof.challenge()
    payload = proof.solve(given)
    solved = proof.check(payload)
    assert solved is not None
    assert solved == proof.check(payload)
    other = proof.check(proof.solve(proof.challenge()))
    assert other is not None
    assert other != solved


def test_a_solution_expires() -> None:
    payload = proof.solve(proof.challenge())
    with clock.moved_to(clock.now() + proof.VALID + timedelta(seconds=1)):
        assert proof.check(payload) is None


def test_a_challenge_of_the_visitors_own_making_proves_nothing() -> None:
    payload = unpacked(proof.solve(proof.challenge()))
    easier = json.loads(json.dumps(payload))
    easier["challenge"]["parameters"]["keyPrefix"] = "00"
    later = json.loads(json.dumps(payload))
    later["challenge"]["parameters"]["data"]["until"] += 3600
    wrong = json.loads(json.dumps(payload))
    wrong["solution"]["counter"] += 1
    unsigned = json.loads(json.dumps(payload))
    del unsigned["challenge"]["signature"]
    for forged in (easier, later, wrong, unsigned):
        assert proof.check(packed(forged)) is None


def test_another_installations_solution_proves_nothing(settings: object) -> None:
    payload = proof.solve(proof.challenge())
    settings.SECRET_KEY = "another"  # type: ignore[attr-defined]
    assert proof.check(payload) is None


@pytest.mark.parametrize(
    "payload",
    ["", "none", "x" * 5000, packed([]), packed({}), packed({"challenge": 1, "solution": 2}), "\0",
     packed({"challenge": {"parameters": {}}, "solution": {}}), "é", "[" * 3000],
)  # fmt: skip
def test_nonsense_proves_nothing(payload: str) -> None:
    assert proof.check(payload) is None
