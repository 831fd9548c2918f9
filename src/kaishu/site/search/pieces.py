"""Text as the pieces by which it is found: overlapping pairs of Chinese characters, other words whole.

公交线路 is 公交 交线 线路: whoever looks for any part of it, from two characters on, looks for pieces
that are there. The browser splits what is typed in the same way (`assets/search.js`).
"""

from __future__ import annotations

import re
import unicodedata

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
# A letter that ends every word of another script, so that the beginning of a word finds it and
# a word never finds its own beginning.
END = "\ua78f"
_RUN = re.compile(f"[{HAN}]+|[^\\W_{HAN}]+")


def pieces(text: str) -> list[str]:
    """The pieces of `text` in their order; a lone Chinese character is its own piece."""
    found = []
    for run in _RUN.findall(_plain(text)):
        if not _is_han(run):
            found.append(run + END)
        elif len(run) == 1:
            found.append(run)
        else:
            found += [run[i : i + 2] for i in range(len(run) - 1)]
    return found


def characters(text: str) -> list[str]:
    """Every Chinese character of `text` once, for searches of one character."""
    return list(dict.fromkeys(one for one in _plain(text) if _is_han(one)))


def _plain(text: str) -> str:
    """One form for what looks alike: full-width letters, ligatures, capitals."""
    return unicodedata.normalize("NFKC", text).lower()


def _is_han(run: str) -> bool:
    return re.match(f"[{HAN}]", run) is not None
