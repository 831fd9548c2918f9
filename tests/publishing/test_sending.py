"""Where a release goes is told by the target's form."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.publishing.sites import ONE, TWO, released

from kaishu.base.errors import UsageError
from kaishu.publishing import sending, to_bucket, to_folder, to_server
from kaishu.publishing.outgoing import difference


@pytest.mark.parametrize(
    ("target", "module"),
    [
        ("s3://bucket/prefix", to_bucket),
        ("user@host:path", to_server),
        ("host:/srv/www", to_server),
        ("rsync://host/module", to_server),
        ("www", to_folder),
        ("/srv/www", to_folder),
        ("./a:b", to_folder),
    ],
)
def test_a_target_is_told_by_its_form(
    target: str, module: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = released(tmp_path / "out", ONE)
    called: list[object] = []
    for one in (to_bucket, to_server, to_folder):
        monkeypatch.setattr(one, "send", lambda *_a, of=one, **_k: called.append(of))
    sending.send(release, target, tmp_path)
    assert called == [module]


def test_another_form_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="ftp://host"):
        sending.send(released(tmp_path / "out", ONE), "ftp://host/www", tmp_path)


def test_the_difference_is_told_by_the_manifests(tmp_path: Path) -> None:
    before = released(tmp_path / "out", ONE)
    found = difference(released(tmp_path / "out", TWO), before.manifest)
    assert found.changed == (
        "assets/site.css", "datasets/a/index.html", "datasets/新/index.html", "index.html",
    )  # fmt: skip
    assert found.gone == ("old/index.html",)
    assert found.lasting == ("pagefind/1a2b.pf_index",)
    assert found.size == sum(len(TWO[path].encode()) for path in found.changed)
