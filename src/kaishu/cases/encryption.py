"""Applicants' words at rest: sealed with the newest key, opened with any, found by blind index.

The keys come from the settings, newest first: a new key is put before the earlier ones, which go
on opening what they have sealed.
"""

from __future__ import annotations

import base64
import os
import unicodedata
from functools import lru_cache
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings

from kaishu.base.compact import packed, unpacked
from kaishu.base.errors import UsageError
from kaishu.base.i18n import gettext as _

_NONCE_BYTES: Final = 12
_SIGNS: Final = str.maketrans("", "", "-()+")


def seal(value: Any) -> str:
    """A JSON value as a token that only a holder of the keys can read."""
    return _ring(_keys()).encrypt(packed(value)).decode()


def unseal(token: str) -> Any:
    """The JSON value in a token. Raises UsageError where no key at hand opens it."""
    try:
        return unpacked(_ring(_keys()).decrypt(token.encode()))
    except InvalidToken as error:
        raise UsageError(
            _("No key in KAISHU_KEYS opens what is stored; give the earlier keys after the new.")
        ) from error


def is_newest(token: str) -> bool:
    """Whether `token` is sealed with the newest key, so that the earlier ones are not needed."""
    try:
        _ring(_keys()[:1]).decrypt(token.encode())
    except InvalidToken:
        return False
    return True


def wrap(value: Any) -> str:
    """A JSON value for a browser to carry for a while, as a token that only we can read.

    AES-GCM (NIST SP 800-38D) under a key made of the secret key: what is read at every request
    and stored nowhere needs no ring of keys, which costs several times as much.
    """
    nonce = os.urandom(_NONCE_BYTES)
    sealed = nonce + _carried(settings.SECRET_KEY).encrypt(nonce, packed(value), None)
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def unwrap(token: str) -> Any:
    """The JSON value in a token of `wrap`. Raises ValueError where it is none of ours."""
    sealed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    try:
        return unpacked(_carried(settings.SECRET_KEY).decrypt(nonce, rest, None))
    except InvalidTag as error:
        raise ValueError("not a token of ours") from error


def blind(purpose: str, text: str) -> str:
    """The index of `text` under the newest key: equal texts, equal indexes; empty for nothing."""
    found = blinds(purpose, text)
    return found[0] if found else ""


def blinds(purpose: str, text: str) -> list[str]:
    """The indexes of `text` under every key, newest first, so that a rotation loses nothing."""
    plain = _folded(text)
    if not plain:
        return []
    message = f"{purpose}:{plain}".encode()
    return [mac(_index_key(key), message).hex()[:32] for key in _keys()]


def keyed(purpose: str, text: str) -> str:
    """A digest of `text` under this installation's secret key, which stays as keys rotate."""
    message = f"{purpose}:{text}".encode()
    return mac(settings.SECRET_KEY.encode(), message).hex()


def mac(key: bytes, message: bytes) -> bytes:
    """HMAC-SHA-256 (RFC 2104), by the library that seals: what it has loaded is at hand."""
    started = _started(key).copy()
    started.update(message)
    return started.finalize()


@lru_cache(maxsize=64)
def _started(key: bytes) -> HMAC:
    return HMAC(key, SHA256())


def _folded(text: str) -> str:
    """Widths, case, blanks and hyphens folded: what people mean as the same."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(plain.translate(_SIGNS).split())


def _keys() -> tuple[str, ...]:
    keys: tuple[str, ...] = tuple(settings.KAISHU_KEYS)
    return keys


@lru_cache(maxsize=8)
def _ring(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


@lru_cache(maxsize=8)
def _carried(secret: str) -> AESGCM:
    return AESGCM(mac(secret.encode(), b"kaishu browser"))


@lru_cache(maxsize=32)
def _index_key(key: str) -> bytes:
    return mac(base64.urlsafe_b64decode(key), b"kaishu blind index")
