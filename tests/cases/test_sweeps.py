"""The sweep does what is due, and nothing the second time."""

from __future__ import annotations

import os
import time

from kaishu.base import clock
from kaishu.cases import sweeps
from kaishu.cases.files import store
from kaishu.cases.models import Case
from kaishu.cases.portal import Now
from kaishu.cases.records import Attachment


def test_a_second_sweep_finds_nothing_to_do(case: Case, now: Now) -> None:
    with clock.moved_to(clock.now()):
        sweeps.sweep(now)
        again = sweeps.sweep(now)
    assert {name: count for name, count in again.items() if count} == {}


def test_files_of_no_case_are_swept_and_those_of_a_case_stay(case: Case, now: Now) -> None:
    kept, lost = store.keep(b"kept"), store.keep(b"lost")
    Attachment.objects.create(
        case=case, position=1, digest=kept, media_type="image/png", bytes=4, sealed_name="x"
    )
    old = time.time() - 2 * store.SETTLED_SECONDS
    for digest in (kept, lost):
        os.utime(store.path(digest), (old, old))
    assert sweeps.sweep(now)["files"] == 1
    assert store.path(kept).exists()
