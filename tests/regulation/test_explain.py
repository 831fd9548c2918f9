"""A due date in words, Chinese and English."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from rich.cells import cell_len

from kaishu.base import i18n
from kaishu.base.clock import parse
from kaishu.regulation import explain, library
from kaishu.regulation.calendar import WorkingCalendar
from kaishu.regulation.due import due
from kaishu.regulation.model import Term, TermUnit

CALENDAR = WorkingCalendar.load(None)
DAY = date(2026, 9, 30)
YINGKOU, SHUOZHOU = library.load("yingkou-2022"), library.load("shuozhou-2021")


def text(received: str = "2026-09-30T16:00", close: time | None = None) -> str:
    return explain.as_text(
        due(YINGKOU, "open-application", parse(received), CALENDAR, close), YINGKOU
    )


def test_the_date_comes_first_then_its_ground() -> None:
    lines = text().splitlines()
    assert lines[0] == "开放申请的答复：最迟 2026-10-20（周二）24:00"
    assert "2026年9月30日 16:00（收到当日不计入）" in lines[2]
    assert "《营口市政务数据资源共享开放管理办法》第二十九条" in lines[4]
    assert YINGKOU.rules["open-application"].quote in lines[5]
    assert "暂定" not in text()


def test_each_day_has_a_line_with_its_number_or_none() -> None:
    lines = text().splitlines()
    days = lines[lines.index("逐日计算") + 1 :]
    assert len(days) == 20
    assert days[0].split() == ["2026-10-01", "周四", "不计入", "国庆节"]
    assert days[9].split() == ["2026-10-10", "周六", "第", "3", "日", "调休上班日"]
    assert days[-1].split() == ["2026-10-20", "周二", "第", "10", "日", "工作日"]


def test_columns_stand_under_each_other_though_chinese_is_wide() -> None:
    lines = text().splitlines()
    days = lines[lines.index("逐日计算") + 1 :]
    reasons = [line.split()[-1] for line in days]
    starts = {cell_len(line) - cell_len(reason) for line, reason in zip(days, reasons, strict=True)}
    assert len(starts) == 1


def test_a_close_of_office_is_the_hour_shown() -> None:
    assert "2026-10-20（周二）17:30" in text(close=time(17, 30))


def test_a_provisional_date_says_what_it_waits_for() -> None:
    assert "暂定，待国务院办公厅公布假期安排。" in text("2999-12-17")


def test_a_receipt_before_the_text_was_in_force_is_remarked() -> None:
    assert "不在施行期内" in text("2022-06-09")
    assert "不在施行期内" not in text("2022-06-10")


def test_english_readers_get_english_around_the_quotation() -> None:
    with i18n.use("en"):
        lines = text().splitlines()
    assert lines[0] == "Answer to an application to open: by 2026-10-20 (Tue) 24:00"
    assert lines[-1].split() == ["2026-10-20", "Tue", "day", "10", "Working", "day"]


def test_what_is_not_set_is_said_with_what_is_set_instead() -> None:
    said = explain.not_set(SHUOZHOU, "open-application", DAY)
    assert said.startswith("未规定：《朔州市政务数据资源共享和开放管理办法（试行）》")
    assert "及时答复" in said
    assert "依申请开放数据的交付" in said
    assert "自收到之日起 10 个工作日内" in said
    assert "第二十五条" in said


def test_a_superior_text_that_is_not_at_hand_is_named() -> None:
    alone = replace(YINGKOU, superiors=())
    assert "liaoning-2020" in explain.not_set(alone, "open-delivery", DAY)
    assert "不作推断" in explain.not_set(alone, "open-delivery", DAY)
    without = replace(YINGKOU, superiors=(), within=None)
    assert "不作推断" not in explain.not_set(without, "open-delivery", DAY)


def test_a_text_at_hand_in_part_is_not_said_to_be_silent() -> None:
    said = explain.not_set(library.load("national-2025"), "open-application", DAY)
    assert said == (
        "未规定：所收录的《政务数据共享条例》条文没有规定“开放申请的答复”的期限；未收录的条文不作推断。"
    )


def test_not_set_is_recognisable_in_both_languages() -> None:
    with i18n.use("en"):
        assert "未规定" in explain.not_set(SHUOZHOU, "open-application", DAY)


def test_terms_are_worded_by_their_unit() -> None:
    assert explain.length(Term(10, TermUnit.WORKING_DAY)) == "10 个工作日"
    assert explain.length(Term(1, TermUnit.MONTH)) == "1 个月"
    assert explain.length(Term(30, TermUnit.CALENDAR_DAY)) == "30 日"


def test_an_answer_on_the_spot_is_part_of_the_term() -> None:
    words = explain.term_in_words(YINGKOU.rules["open-application"])
    assert words == "能够当场答复的，当场答复；否则自收到之日起 10 个工作日内"
    assert explain.term_in_words(YINGKOU.rules["share-provision"]) == "未规定"
