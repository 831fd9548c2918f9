"""Proof of work (ALTCHA): the visitor's browser does a second's sums, a flood of forms takes days.

The challenge stands in the page, signed by this installation; nothing is asked of another host.
Each solution is good for one form (`Case.proof`), until it expires.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from functools import lru_cache
from typing import Any

import altcha
from django.conf import settings

from kaishu.base import clock
from kaishu.base.compact import canonical, unpacked
from kaishu.cases.encryption import mac

# Two bytes of zeros: 65,536 hashes on average, about a second in a browser.
PREFIX = "0000"
# As long as a form may take to be filled in.
VALID = timedelta(hours=6)


def challenge() -> str:
    """A new challenge as JSON, for the page."""
    until = clock.now() + VALID
    made = altcha.create_challenge(
        "SHA-256",
        1,
        key_prefix=PREFIX,
        data={"until": int(until.timestamp())},
        hmac_secret=_secret(),
    )
    return json.dumps(made.to_dict(), separators=(",", ":"))


def check(payload: str) -> str | None:
    """The digest of the challenge that `payload` solves (base64 of JSON, as ALTCHA's); None: none.

    It begins with the second in which the challenge expires, so that digests of one time lie
    together in an index.
    """
    if not payload or len(payload) > 4000:
        return None
    try:
        sent = unpacked(base64.b64decode(payload))
        given, solution = sent["challenge"], sent["solution"]
        said, signature = given["parameters"], given["signature"]
        if not hmac.compare_digest(_signature(said), signature) or said["keyPrefix"] != PREFIX:
            return None
        # From here on the parameters are our own.
        counter = solution["counter"].to_bytes(4, "big")
        work = bytes.fromhex(said["salt"]) + bytes.fromhex(said["nonce"]) + counter
        key = hashlib.sha256(work).hexdigest()
        until = clock.from_timestamp(said["data"]["until"])
    except (ValueError, KeyError, TypeError, RecursionError, AttributeError, OverflowError):
        return None
    if not key.startswith(PREFIX) or key != solution.get("derivedKey") or until < clock.now():
        return None
    # The challenge is what is spent: another solution of the same one is no new work.
    return f"{said['data']['until']:010x}{hashlib.sha256(signature.encode()).hexdigest()[:22]}"


def solve(challenge_json: str) -> str:
    """What a browser would send back; for tests and the load generator."""
    given = altcha.Challenge.from_dict(json.loads(challenge_json))
    solution = altcha.solve_challenge(given)
    if solution is None:
        raise TimeoutError
    return altcha.Payload(given, solution).to_base64()


def _signature(parameters: dict[str, Any]) -> str:
    """ALTCHA's own signature of the parameters, which are plain words and numbers."""
    return mac(_secret().encode(), canonical(parameters)).hex()


def _secret() -> str:
    return _made_of(settings.SECRET_KEY)


@lru_cache(maxsize=8)
def _made_of(secret: str) -> str:
    return hashlib.sha256(f"proof of work:{secret}".encode()).hexdigest()
