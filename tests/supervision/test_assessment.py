"""The self-assessment: every line is a number with its computation, or says why there is none."""

from __future__ import annotations

from pathlib import Path

from tests.portals import small_portal
from tests.supervision.made import facts

from kaishu.base.i18n import LANGUAGES, use
from kaishu.supervision.assessment import LINES, Section, Unmeasured, assess


def test_every_section_has_lines_and_no_id_stands_twice() -> None:
    assert list(LINES) == list(Section)
    ids = [line.id for lines in LINES.values() for line in lines]
    assert len(ids) == len(set(ids))
    assert all(LINES.values())


def test_every_line_says_how_or_why_in_both_languages(tmp_path: Path) -> None:
    given = facts(small_portal(tmp_path / "portal"))
    said = {}
    for language in LANGUAGES:
        with use(language):
            said[language] = [
                (line.title, line.measure.how if line.measure else line.why)
                for line in assess(given)
            ]
    assert all(title and words for lines in said.values() for title, words in lines)
    for chinese, english in zip(said["zh-CN"], said["en"], strict=True):
        assert chinese[0] != english[0]
        assert chinese[1] != english[1]


def test_what_is_not_measured_has_no_number(tmp_path: Path) -> None:
    lines = list(assess(facts(small_portal(tmp_path / "portal"))))
    named = {line.id for section in LINES.values() for line in section
             if isinstance(line, Unmeasured)}  # fmt: skip
    assert {line.id for line in lines if line.measure is None} == named
    assert {"ratings", "continuity", "showcase"} <= named
