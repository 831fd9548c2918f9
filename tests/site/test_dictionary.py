"""A data dictionary says what a table promises of each field: unit, key, values, references."""

from __future__ import annotations

from kaishu.base.i18n import use
from kaishu.packaging.model import PublishedField, PublishedTable
from kaishu.site.dictionary import VALUES, rows

SCHEMA = {
    "fields": [
        {"name": "code", "type": "string", "constraints": {"required": True}},
        {"name": "kind", "type": "string", "categories": [{"value": "1", "label": "男"}, "2"]},
        {
            "name": "depth",
            "type": "number",
            "unit": "米",
            "constraints": {"minimum": 0, "maximum": 9},
        },
        {"name": "line", "type": "string", "constraints": {"unique": True, "required": True}},
        {"name": "note", "type": "string"},
        {"name": "many", "type": "string", "constraints": {"enum": [str(n) for n in range(25)]}},
    ],
    "primaryKey": "code",
    "foreignKeys": [{"fields": ["line"], "reference": {"resource": "lines", "fields": ["id"]}}],
}


def said(schema: dict[str, object]) -> dict[str, tuple[str, ...]]:
    fields = tuple(PublishedField(one["name"], one["type"]) for one in SCHEMA["fields"])  # type: ignore[index]
    table = PublishedTable("depths", None, fields, (), 0, {}, ())
    with use("zh-CN"):
        return {field.name: facts for field, facts in rows(table, schema)}


def test_each_field_is_told_with_what_its_schema_promises() -> None:
    found = said(SCHEMA)
    assert found["code"] == ("主键",)
    assert found["kind"] == ("取值：1（男） / 2",)
    assert found["depth"] == ("单位：米", "不小于 0", "不大于 9")
    assert found["line"] == ("不重复", "不为空", "引用 lines.id")
    assert found["note"] == ()


def test_very_many_values_are_cut_and_counted() -> None:
    words = said(SCHEMA)["many"][0]
    assert words.endswith("等，另有 5 种")
    assert words.count(" / ") == VALUES - 1


def test_a_key_of_several_fields_is_told_as_one() -> None:
    found = said({**SCHEMA, "primaryKey": ["code", "kind"]})
    assert found["code"] == ("联合主键",)
    assert found["kind"][0] == "联合主键"


def test_without_a_schema_nothing_is_claimed() -> None:
    assert set(said({}).values()) == {()}
