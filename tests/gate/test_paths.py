"""Paths that no repository of a portal should hold are named with their reason."""

from __future__ import annotations

import pytest

from kaishu.gate.paths import check


@pytest.mark.parametrize(
    "path",
    ["datasets/mzj/parks/data/公园（2026年）.csv", "docs/guides/index.md", ".gitignore",
     "datasets/mzj/parks/datapackage.yaml", "site_src/a b.md"],
)  # fmt: skip
def test_ordinary_paths_pass(path: str) -> None:
    assert list(check([path])) == []


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("datasets/mzj/p\u0430rks/a.csv", "CYRILLIC"),
        ("datasets/mzj/parks/a\u202ecsv.exe", "RIGHT-TO-LEFT"),
        ("datasets/mzj/parks/a\u200b.csv", "ZERO WIDTH"),
        ("datasets/mzj/ｐarks/a.csv", "FULLWIDTH"),
        ("datasets/mzj/parks/e\u0301.csv", "NFC"),
        ("datasets/../etc/a.csv", "超出"),
        ("datasets/mzj/.GIT/config", "超出"),
        ("datasets/mzj/parks/con.csv", "Windows"),
        ("datasets/mzj/parks/a.csv.", "结尾"),
        ("datasets/mzj/parks/a\tb.csv", "U+0009"),
        ("datasets/mzj/parks/a:b.csv", "COLON"),
        (f"datasets/mzj/{'长' * 80}.csv", "过长"),
        (b"datasets/mzj/parks/\xd6\xd0.csv".decode("utf-8", "surrogateescape"), "UTF-8"),
    ],
)
def test_odd_paths_are_refused_with_their_reason(path: str, reason: str) -> None:
    [problem] = check([path])
    assert problem.code == "odd-path"
    assert reason in problem.message
    problem.message.encode()


def test_names_that_some_systems_take_for_one_clash() -> None:
    existing = ["datasets/mzj/parks/data/A.csv"]
    [problem] = check(["datasets/mzj/parks/data/a.csv"], existing)
    assert (problem.code, problem.file) == ("path-clash", "datasets/mzj/parks/data/a.csv")
    assert list(check(["datasets/mzj/parks/data/b.csv"], existing)) == []
