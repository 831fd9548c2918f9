"""Compressed files are made once, and take no more memory than they may."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

from kaishu.backend.compression import Compressed


def test_a_file_is_compressed_once(tmp_path: Path) -> None:
    path = tmp_path / "page"
    path.write_text("text" * 500)
    compressed = Compressed()
    first = compressed.of(path, "hash")
    path.unlink()
    assert compressed.of(path, "hash") == first
    assert gzip.decompress(first) == b"text" * 500


def test_those_used_long_ago_make_room(tmp_path: Path) -> None:
    path = tmp_path / "noise"
    compressed = Compressed(limit=2500)
    for n in range(10):
        path.write_bytes(random.Random(n).randbytes(1000))
        compressed.of(path, str(n))
    held = sum(len(one) for one in compressed._kept.values())
    assert held <= 2500
    assert "9" in compressed._kept
    assert "0" not in compressed._kept
