"""What a review approves: said the same in other words it is the same, a changed byte is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.portals import small_portal

from kaishu.base import strict_yaml
from kaishu.catalog.content import content_hash, structure_hash
from kaishu.catalog.load import load

PARKS = "datasets/mzj/parks/datapackage.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_portal(tmp_path / "portal")


def hashes(root: Path, key: str = "mzj/parks") -> tuple[str, str]:
    dataset = load(root).by_key[key]
    return content_hash(dataset), structure_hash(dataset)


def test_spelling_does_not_count(root: Path) -> None:
    before = hashes(root)
    path = root / PARKS
    raw = strict_yaml.read(path, file=PARKS).value
    path.write_text("# 说明\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert hashes(root) == before
    path.unlink()
    backwards = dict(reversed(raw.items()))
    path.with_suffix(".json").write_text(json.dumps(backwards), encoding="utf-8")
    assert hashes(root) == before


def test_a_byte_of_the_data_is_content_and_no_structure(root: Path) -> None:
    before = hashes(root)
    data = root / "datasets/mzj/parks/data/parks.csv"
    data.write_text(data.read_text(encoding="utf-8") + "3,西公园\n", encoding="utf-8")
    after = hashes(root)
    assert after[0] != before[0]
    assert after[1] == before[1]


@pytest.mark.parametrize(
    ("old", "new", "structure"),
    [
        ("title: 城市公园名单", "title: 公园名单", False),
        ("name: name, type: string, title: 名称", "name: name, type: string, title: 公园名称", False),
        ("name: name, type: string", "name: name, type: any", True),
        ("primaryKey: code", "primaryKey: name", True),
        ("{type: unconditional}\n  sharing", "{type: unconditional, mode: [api]}\n  sharing", True),
    ],
)  # fmt: skip
def test_openness_and_schema_are_structure_and_words_are_not(
    root: Path, old: str, new: str, structure: bool
) -> None:
    before = hashes(root)
    path = root / PARKS
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    after = hashes(root)
    assert after[0] != before[0]
    assert (after[1] != before[1]) is structure


def test_a_schema_in_a_file_of_its_own_counts(root: Path) -> None:
    path = root / PARKS
    text = path.read_text(encoding="utf-8")
    head, _, rest = text.partition("    schema:\n")
    tail = rest[rest.index("catalogue:") :]
    path.write_text(f"{head}    schema: schema.json\n{tail}", encoding="utf-8")
    schema = root / "datasets/mzj/parks/schema.json"
    schema.write_text('{"fields": [{"name": "code", "type": "integer"}]}', encoding="utf-8")
    before = hashes(root)
    schema.write_text('{"fields": [{"name": "code", "type": "string"}]}', encoding="utf-8")
    after = hashes(root)
    assert after[0] != before[0]
    assert after[1] != before[1]
