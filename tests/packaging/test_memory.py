"""The memory setting: read kindly, refused clearly."""

from __future__ import annotations

import pytest

from kaishu.base.errors import UsageError
from kaishu.packaging import engine, memory

MIB = 1024**2


@pytest.mark.parametrize(
    ("stated", "size"),
    [
        ("", 512 * MIB),
        ("512M", 512 * MIB),
        ("2G", 2048 * MIB),
        ("2GiB", 2048 * MIB),
        ("2 gb", 2048 * MIB),
        ("1T", 1024 * 1024 * MIB),
        (str(100 * MIB), 100 * MIB),
    ],
)
def test_a_size_is_read(stated: str, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAISHU_MEMORY", stated)
    assert memory.limit() == size


def test_without_the_setting_there_is_a_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KAISHU_MEMORY", raising=False)
    assert memory.limit() == memory.DEFAULT


@pytest.mark.parametrize("stated", ["much", "1.5G", "-1G", "0", "512", "63M", "5１2M", "9" * 400])
def test_nonsense_is_refused_with_what_to_write(
    stated: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAISHU_MEMORY", stated)
    with pytest.raises(UsageError, match=r"KAISHU_MEMORY.*512M"):
        memory.limit()


def test_the_table_engine_takes_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAISHU_MEMORY", "100M")
    engine.connection.cache_clear()
    try:
        found = engine.connection().execute("SELECT current_setting('memory_limit')").fetchone()
        assert found == ("100.0 MiB",)
    finally:
        engine.connection.cache_clear()
