"""Whether the time of an answer tells a guesser what is right: kinds of wrong guesses, in turn."""

from __future__ import annotations

import itertools
import re
import urllib.parse
import urllib.request
from statistics import median
from typing import Any

from benches import load

KINDS = ("number of no case", "number of a case", "no number at all")
# So many of each kind; their medians may differ by as much as two halves of one kind do.
EACH = 400
LEAST = 0.03


def measure(port: int, number: str, each: int = EACH) -> dict[str, Any]:
    """Guesses at `/cases/track/`, one after the other, each from an address of its own.

    The server must take the first entry of X-Forwarded-For for the visitor's address.
    """
    page = f"http://127.0.0.1:{port}/cases/track/"
    with urllib.request.urlopen(page) as answer:
        hidden = re.search(r'name="csrfmiddlewaretoken" value="([^"]*)"', answer.read().decode())
        cookie = answer.headers["Set-Cookie"].split(";")[0]
    assert hidden
    tried = {KINDS[0]: "202601010000001", KINDS[1]: number, KINDS[2]: "x" * 15}
    requests = [
        _guess(port, cookie, hidden[1], tried[kind], order * len(KINDS) + place)
        for order in range(each)
        for place, kind in enumerate(KINDS)
    ]
    load.run(port, iter(requests[: 10 * len(KINDS)]), 1)
    found = load.run(port, iter(requests[10 * len(KINDS) :]), 1)
    times = {kind: found.seconds[place :: len(KINDS)] for place, kind in enumerate(KINDS)}
    medians = {kind: median(seconds) for kind, seconds in times.items()}
    middle = median(found.seconds)
    apart = max(abs(a - b) for a, b in itertools.combinations(medians.values(), 2)) / middle
    noise = max(
        abs(median(seconds[::2]) - median(seconds[1::2])) / middle for seconds in times.values()
    )
    wrong = sum(n for status, n in found.statuses.items() if status != 404)
    said = ", ".join(f"{kind} {seconds * 1000:.2f}" for kind, seconds in medians.items())
    return {
        "work": f"wrong guesses, {each} of each kind in turn, median ms",
        "measured": f"{said}: {apart:.1%} apart, noise {noise:.1%}; {wrong} not 404",
        "target": f"no further apart than noise, or {LEAST:.0%}",
        "met": apart <= max(noise, LEAST) and not wrong,
    }


def _guess(port: int, cookie: str, token: str, number: str, order: int) -> bytes:
    said = {"csrfmiddlewaretoken": token, "number": number, "code": "AAAAAAA-AAAAAAA-AAAAAAA"}
    body = urllib.parse.urlencode(said).encode()
    address = f"10.{order >> 16 & 255}.{order >> 8 & 255}.{order & 255}"
    head = (
        f"POST /cases/track/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n"
        f"X-Forwarded-For: {address}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
