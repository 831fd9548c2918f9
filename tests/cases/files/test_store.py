"""Files are kept once, by content, for the owner of the process alone."""

from __future__ import annotations

import os
import time

import pytest
from django.conf import settings

from kaishu.cases.files import store


def test_a_file_is_kept_once_and_read_by_its_owner_alone() -> None:
    first, second = store.keep(b"content"), store.keep(b"content")
    assert first == second
    assert store.path(first).read_bytes() == b"content"
    assert store.path(first).stat().st_mode & 0o077 == 0
    assert store.path(first).parent.parent.stat().st_mode & 0o022 == 0
    assert len(list((settings.KAISHU_VAR / "attachments").rglob("*"))) == 2


@pytest.mark.parametrize("name", ["../secret-key", "", "a" * 63, "A" * 64, "a" * 64 + "\n"])
def test_nothing_but_a_digest_names_a_file(name: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        store.path(name)


def test_only_old_files_that_nothing_speaks_of_are_swept() -> None:
    wanted, unwanted, fresh = store.keep(b"1"), store.keep(b"2"), store.keep(b"3")
    old = time.time() - 2 * store.SETTLED_SECONDS
    for digest in (wanted, unwanted):
        os.utime(store.path(digest), (old, old))
    assert list(store.sweep({wanted})) == [unwanted]
    assert store.path(wanted).exists() and store.path(fresh).exists()


def test_a_file_sent_again_is_not_swept() -> None:
    digest = store.keep(b"1")
    old = time.time() - 2 * store.SETTLED_SECONDS
    os.utime(store.path(digest), (old, old))
    store.keep(b"1")
    assert list(store.sweep(())) == []
