"""Sealed words open with any key at hand, and are found by blind index through a rotation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cryptography.fernet import Fernet

from kaishu.base.errors import UsageError
from kaishu.cases import encryption

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper


def test_sealed_words_open_after_a_rotation(settings: SettingsWrapper) -> None:
    token = encryption.seal({"name": "王小明"})
    assert "王" not in token
    settings.KAISHU_KEYS = [Fernet.generate_key().decode(), *settings.KAISHU_KEYS]
    assert encryption.unseal(token) == {"name": "王小明"}


def test_without_the_key_nothing_opens_and_the_remedy_is_named(settings: SettingsWrapper) -> None:
    token = encryption.seal("x")
    settings.KAISHU_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(UsageError, match="KAISHU_KEYS"):
        encryption.unseal(token)


def test_an_index_tells_equal_words_and_no_others() -> None:
    index = encryption.blind("phone", "0417-123 4567")
    assert index == encryption.blind(
        "phone", "（0417）1234567".replace("（", "(").replace("）", ")")
    )
    assert index != encryption.blind("phone", "0417-1234568")
    assert index != encryption.blind("uscc", "0417-123 4567")
    assert encryption.blind("phone", " ") == ""


def test_an_index_made_before_a_rotation_is_still_searched(settings: SettingsWrapper) -> None:
    before = encryption.blind("email", "wang@example.org")
    settings.KAISHU_KEYS = [Fernet.generate_key().decode(), *settings.KAISHU_KEYS]
    found = encryption.blinds("email", "WANG@example.org")
    assert before in found
    assert found[0] != before


def test_what_a_browser_carries_opens_here_alone_and_only_as_it_was(
    settings: SettingsWrapper,
) -> None:
    token = encryption.wrap({"codes": {"1": "AAAA"}})
    assert encryption.unwrap(token) == {"codes": {"1": "AAAA"}}
    assert token != encryption.wrap({"codes": {"1": "AAAA"}})
    # A cookie holds it as it is.
    assert token.replace("-", "").replace("_", "").isalnum()
    for place in range(0, len(token), 5):
        other = "B" if token[place] == "A" else "A"
        with pytest.raises(ValueError):
            encryption.unwrap(token[:place] + other + token[place + 1 :])
    for nonsense in ("", "A", "AAAA", "王小明", "\0", token[:-8], encryption.seal("x")):
        with pytest.raises(ValueError):
            encryption.unwrap(nonsense)
    settings.SECRET_KEY = "x" * 50
    with pytest.raises(ValueError):
        encryption.unwrap(token)


def test_digests_are_those_of_the_standard() -> None:
    # RFC 4231, test cases 2 and 6: a short key, and one longer than a block.
    short = encryption.mac(b"Jefe", b"what do ya want for nothing?")
    assert short.hex() == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    long = encryption.mac(b"\xaa" * 131, b"Test Using Larger Than Block-Size Key - Hash Key First")
    assert long.hex() == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    # What was begun with a key is not used up.
    assert encryption.mac(b"Jefe", b"what do ya want for nothing?") == short
