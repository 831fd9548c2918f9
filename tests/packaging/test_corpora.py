"""Real tables get their known verdicts, and keep Frictionless's when they are damaged.

They are tried where `KAISHU_CORPORA` names the folder of reference data; a table of our own always.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.packaging.cases import DAMAGE
from tests.packaging.test_parity import CASES, ORDINARILY, judged

from kaishu.packaging import faults, verdict

ROWS = 60
OWN = {"path": "own/t.csv", "inferred": {"fields": [["年份", "year"], ["数值", "number"]]},
       "tasks": [{"name": "t", "fields": 2, "errors": {"type-error": 1}}]}  # fmt: skip


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of tables with what is known of them, `expected/`."""
    named = os.environ.get("KAISHU_CORPORA")
    if named:
        return Path(named)
    made = tmp_path_factory.mktemp("corpora")
    (made / "own").mkdir()
    (made / "own/t.csv").write_text("年份,数值\n2025,1.5\n2026,多\n", encoding="utf-8")
    (made / "expected/tables").mkdir(parents=True)
    (made / "expected/packages").mkdir()
    (made / "expected/tables/own.json").write_text(json.dumps([OWN]), encoding="utf-8")
    (made / "expected/packages/packages.json").write_text("[]", encoding="utf-8")
    return made


def tables(root: Path) -> list[tuple[Path, dict[str, Any], dict[str, int]]]:
    """Folders and resources, with the errors known of them by type."""
    found = []
    for file in sorted((root / "expected/tables").glob("*.json")):
        for one in json.loads(file.read_text(encoding="utf-8")):
            described = one["inferred"]
            path = root / one["path"]
            fields = [{"name": name, "type": type_} for name, type_ in described["fields"]]
            encoding = described.get("encoding", "utf-8")
            resource: dict[str, Any] = {"name": "t", "path": path.name, "encoding": encoding}
            if len(fields) == one["tasks"][0]["fields"]:
                resource["schema"] = {"fields": fields}
            if described.get("dialect"):
                resource["dialect"] = described["dialect"]
            found.append((path.parent, resource, one["tasks"][0]["errors"]))
    return found


@pytest.mark.parametrize("large", [0, 2**62])
def test_tables_have_the_errors_that_are_known_of_them(
    root: Path, monkeypatch: pytest.MonkeyPatch, large: int
) -> None:
    monkeypatch.setattr(verdict, "LARGE", large)
    monkeypatch.setattr(verdict, "WORTHWHILE", large)
    seen = 0
    for folder, resource, errors in tables(root):
        found = verdict.problems(folder, [resource], dataset="a/b")
        told = Counter(one.code for one in found if one.code != "more-errors")
        assert told == errors, (folder, resource["path"])
        seen += 1
    assert seen


@pytest.mark.parametrize("large", [0, 2**62])
def test_packages_have_the_errors_that_are_known_of_them(
    root: Path, monkeypatch: pytest.MonkeyPatch, large: int
) -> None:
    monkeypatch.setattr(verdict, "LARGE", large)
    monkeypatch.setattr(verdict, "WORTHWHILE", large)
    known = json.loads((root / "expected/packages/packages.json").read_text(encoding="utf-8"))
    for one in known:
        path = root / one["path"]
        if path.suffix != ".json" or one["top_errors"]:
            continue
        resources = json.loads(path.read_text(encoding="utf-8"))["resources"]
        names = {task["name"]: task["errors"] for task in one["tasks"]}
        listed = [{**given, "name": name} for given, name in zip(resources, names, strict=True)]
        chosen = [given for given in listed if str(given.get("path", "")).endswith(".csv")]
        found = verdict.problems(path.parent, chosen, dataset="a/b")
        told = Counter((p.resource, p.code) for p in found if p.code != "more-errors")
        wanted = {(given["name"], code): number for given in chosen
                  for code, number in names[given["name"]].items()}  # fmt: skip
        assert told == wanted, path


@pytest.mark.slow
def test_damaged_tables_keep_the_verdict_of_frictionless(root: Path, tmp_path: Path) -> None:
    whole = [(folder, resource) for folder, resource, _errors in tables(root)
             if resource["path"].endswith(".csv")]  # fmt: skip
    count: Counter[str] = Counter()

    @settings(
        max_examples=CASES // 3, deadline=None, database=None, derandomize=CASES == ORDINARILY,
        suppress_health_check=[HealthCheck.too_slow],
    )  # fmt: skip
    @given(st.data())
    def compare(data: st.DataObject) -> None:
        folder, resource = data.draw(st.sampled_from(whole))
        raw = (folder / resource["path"]).read_bytes().splitlines(keepends=True)
        start = data.draw(st.integers(1, max(len(raw) - ROWS, 1)))
        text = b"".join([raw[0], *raw[start : start + ROWS]]).decode(
            resource["encoding"], "replace"
        )
        for _time in range(data.draw(st.integers(0, 2))):
            at = data.draw(st.integers(0, len(text)))
            text = text[:at] + data.draw(st.sampled_from(DAMAGE)) + text[at:]
        (tmp_path / "t.csv").write_bytes(text.encode(resource["encoding"], "replace"))
        found = judged(tmp_path, [{**resource, "path": "t.csv"}])
        count.update(way for way in found if found[way])

    compare()
    assert count["engine"] >= CASES // 20
    assert faults.WAYS
