"""Which of many texts may hold something personal or secret: one look at all their characters.

What `privacy` finds without a title's hint holds eleven digits with at most blanks, dashes or points
between them, a sign that is rare elsewhere, or one of a few words. Whatever has none of these need not
be looked at closely, and that is nearly every cell.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

# What stands between groups of digits, as typed; what is there and not seen.
BETWEEN = "- \u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2010\u2011\u2012\u2013\u2014\u2015\u202f\u3000\uff0d\u2212"
UNSEEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
# Every mobile number has so many; identity numbers and cards have more.
_DIGITS = 11
# Secrets and addresses: 密级, 3栋2单元, 12#501室.
_SIGNS = "@＠密栋幢座#＃"
# By their first two characters.
_WORDS = ("内部", "单元", "号楼", "护照", "pa", "PA", "ｐａ", "ＰＡ")
_APART = "\x1f"
_DIGIT, _OPEN, _SIGN, _FIRST, _SECOND = 1, 2, 4, 8, 16
# Characters beyond the basic plane are too rare for a table of their own.
_BASIC = 0x10000


def likely(texts: Sequence[str]) -> list[int]:
    """The places of the texts that may hold something, in order."""
    joined = _APART.join(texts)
    codes: Any = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    if not len(codes):
        return []
    kinds = _kinds()[np.minimum(codes, _BASIC)]
    found = [np.flatnonzero(kinds & _SIGN), _numbers(kinds)]
    first = np.flatnonzero(kinds[:-1] & _FIRST)
    found.append(first[(kinds[first + 1] & _SECOND) > 0])
    places = np.concatenate(found)
    if not len(places):
        return []
    starts = np.fromiter(accumulate((len(one) + 1 for one in texts), initial=0), np.int64)
    return [int(one) for one in np.unique(np.searchsorted(starts, places, side="right") - 1)]


def _numbers(kinds: Any) -> Any:
    """Where runs of digits, and of what may stand between them, begin that have enough digits."""
    inside = np.zeros(len(kinds) + 2, bool)
    inside[1:-1] = kinds & (_DIGIT | _OPEN)
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    begins, ends = edges[0::2], edges[1::2]
    long = ends - begins >= _DIGITS
    if not long.any():
        return begins[:0]
    begins, ends = begins[long], ends[long]
    digits = np.zeros(len(kinds) + 1, np.int64)
    np.cumsum(kinds & _DIGIT, out=digits[1:])
    return begins[digits[ends] - digits[begins] >= _DIGITS]


@lru_cache(maxsize=1)
def _kinds() -> Any:
    """What each character is, by its code."""
    found = np.zeros(_BASIC + 1, np.uint8)
    found[[code for code in range(_BASIC) if chr(code).isdecimal()]] = _DIGIT
    for kind, characters in (
        (_OPEN, BETWEEN + UNSEEN + "."),
        (_OPEN, "．"),
        (_SIGN, _SIGNS + UNSEEN),
        (_FIRST, "".join(word[0] for word in _WORDS)),
        (_SECOND, "".join(word[1] for word in _WORDS)),
    ):
        found[sorted(set(map(ord, characters)))] |= kind
    found[_BASIC] = _SIGN
    return found
