"""Content goes in once, comes out verified, and is never half there."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from kaishu.base.errors import StoreError
from kaishu.base.places import place
from kaishu.packaging.store import Store

CONTENT = b"a large table"
DIGEST = sha256(CONTENT).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    (tmp_path / "table").write_bytes(CONTENT)
    return Store(place("store", root=tmp_path))


def test_content_goes_in_once_and_comes_out(store: Store, tmp_path: Path) -> None:
    assert not store.has(DIGEST)
    assert store.put(tmp_path / "table", DIGEST)
    assert not store.put(tmp_path / "table", DIGEST)
    assert store.has(DIGEST)
    assert store.digests() == {DIGEST}
    assert store.get(DIGEST, tmp_path / "new/copy")
    assert (tmp_path / "new/copy").read_bytes() == CONTENT


def test_what_is_not_there_leaves_nothing(store: Store, tmp_path: Path) -> None:
    assert not store.get(DIGEST, tmp_path / "new/copy")
    assert list((tmp_path / "new").iterdir()) == []


def test_changed_content_is_told_and_not_taken(store: Store, tmp_path: Path) -> None:
    store.put(tmp_path / "table", DIGEST)
    [stored] = [path for path in (tmp_path / "store").rglob("*") if path.is_file()]
    stored.write_bytes(b"somebody else's")
    with pytest.raises(StoreError, match=DIGEST):
        store.get(DIGEST, tmp_path / "new/copy")
    assert list((tmp_path / "new").iterdir()) == []
