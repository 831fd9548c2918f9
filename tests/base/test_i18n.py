"""Every interface text is there in both languages, and nothing is left over."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict

import pytest
from babel.messages.pofile import read_po
from tests.servers import REPOSITORY

from kaishu.base import i18n

PLACES = re.compile(r"\{(\w*)[^}]*\}")


def messages(language: str) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for path in sorted((i18n.LOCALE_DIR / language).glob("*.po")):
        with path.open("rb") as source:
            for message in read_po(source):
                if message.id:
                    ids = message.id if isinstance(message.id, tuple) else (message.id,)
                    strings = (
                        message.string if isinstance(message.string, tuple) else (message.string,)
                    )
                    found[str(ids[0])] += [(path.name, string) for string in strings]
    return found


def test_the_catalogues_hold_exactly_the_texts_of_the_sources() -> None:
    before = {p: p.read_bytes() for p in i18n.LOCALE_DIR.rglob("*.po")}
    try:
        done = subprocess.run(
            [sys.executable, "scripts/messages.py"],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
        )
        after = {p: p.read_bytes() for p in i18n.LOCALE_DIR.rglob("*.po")}
    finally:
        for path, content in before.items():
            path.write_bytes(content)
    assert done.returncode == 0, done.stdout
    stale = [
        path.name for path in before.keys() | after.keys() if before.get(path) != after.get(path)
    ]
    assert stale == [], "run scripts/messages"


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_translation_names_the_same_places(language: str) -> None:
    for message, translations in messages(language).items():
        for _file, text in translations:
            assert set(PLACES.findall(text)) <= set(PLACES.findall(message)), message


def test_one_text_has_one_translation_everywhere() -> None:
    for message, translations in messages("zh-CN").items():
        assert len({text for _file, text in translations}) == 1, (message, translations)


def test_chinese_texts_use_chinese_punctuation() -> None:
    code = re.compile(r"\[\[.*?\]\]")
    wrong = re.compile(r"[\u4e00-\u9fff][,;:?!]|[,;?!][\u4e00-\u9fff]")
    found = [
        text
        for texts in messages("zh-CN").values()
        for _file, text in texts
        if wrong.search(code.sub("", text))
    ]
    assert found == []


def test_the_language_is_changed_inside_the_block_alone() -> None:
    assert i18n.gettext("Law") == "法律"
    with i18n.use("en"):
        assert i18n.gettext("Law") == "Law"
        assert i18n.ngettext("{n} dataset", "{n} datasets", 2) == "{n} datasets"
    assert i18n.ngettext("{n} dataset", "{n} datasets", 2) == "{n} 个数据集"
