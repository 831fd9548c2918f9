"""Interface text in the reader's language: gettext catalogues, one per package and language.

Sources carry English message ids; `locale/<language>/<package>.po` carries the words shown.
The catalogues are read as they are (no compiled copy that could go stale).
"""

from __future__ import annotations

import contextlib
import gettext as _gettext
import io
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Iterator

Language = Literal["zh-CN", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
DEFAULT: Language = "zh-CN"
LOCALE_DIR = Path(__file__).parents[1] / "locale"

_current: ContextVar[Language] = ContextVar("kaishu_language", default=DEFAULT)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for a marked, untranslated text
    """Mark `message` for the catalogues and return it unchanged."""
    return message


@lru_cache(maxsize=len(LANGUAGES))
def translations(language: Language) -> _gettext.NullTranslations:
    """All catalogues of `language`, merged; what they lack stays English."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    # One catalogue of all: a chain of them would be asked one by one, for every word of a page.
    merged: Any = None
    for path in sorted((LOCALE_DIR / language).glob("*.po")):
        with path.open("rb") as source:
            catalogue = read_po(source)
        if merged is None:
            merged = catalogue
        else:
            for message in catalogue:
                if message.id and message.id not in merged:
                    merged[message.id] = message
    if merged is None:
        return _gettext.NullTranslations()
    compiled = io.BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return _gettext.GNUTranslations(compiled)


def current() -> Language:
    """The language in use here."""
    return _current.get()


def activate(language: Language) -> None:
    """Use `language` from here on, in this context (a command's whole run)."""
    _current.set(language)


@contextlib.contextmanager
def use(language: Language) -> Iterator[None]:
    """Use `language` inside the block."""
    token = _current.set(language)
    try:
        yield
    finally:
        _current.reset(token)


def gettext(message: str) -> str:
    """`message` in the language in use."""
    return _one(_current.get(), message) if message else ""


def ngettext(singular: str, plural: str, n: int) -> str:
    """The form for `n` things, in the language in use."""
    return _form(_current.get(), singular, plural, n)


# The same few words are asked for on every page.
@lru_cache(maxsize=8192)
def _one(language: Language, message: str) -> str:
    return translations(language).gettext(message)


@lru_cache(maxsize=8192)
def _form(language: Language, singular: str, plural: str, n: int) -> str:
    return translations(language).ngettext(singular, plural, n)
