"""The settings follow the portal's catalog.yaml and the environment, and keep the key private."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.portals import small_portal

READ = """
import json
from kaishu.backend import settings as s
print(json.dumps({
    "hosts": s.ALLOWED_HOSTS, "key": s.SECRET_KEY, "language": s.LANGUAGE_CODE,
    "engine": s.DATABASES["default"]["ENGINE"], "debug": s.DEBUG,
    "trusted": getattr(s, "CSRF_TRUSTED_ORIGINS", []),
    "proxy": hasattr(s, "SECURE_PROXY_SSL_HEADER"),
    "secure": getattr(s, "SESSION_COOKIE_SECURE", False) and s.CSRF_COOKIE_SECURE,
}))
"""


def settings(root: Path, **environment: str) -> dict[str, Any]:
    """What a fresh process reads."""
    kept = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    given = {**kept, "KAISHU_ROOT": str(root), "KAISHU_VAR": str(root / "var"), **environment}
    done = subprocess.run(
        [sys.executable, "-c", READ], env=given, capture_output=True, text=True, check=True
    )
    read: dict[str, Any] = json.loads(done.stdout)
    return read


def test_the_portals_own_host_is_allowed_and_further_ones_are_named(tmp_path: Path) -> None:
    root = small_portal(tmp_path)
    assert "data.example.org" in settings(root)["hosts"]
    assert "other.example.org" not in settings(root)["hosts"]
    named = settings(root, KAISHU_ALLOWED_HOSTS="other.example.org,")
    assert "other.example.org" in named["hosts"]
    assert "" not in named["hosts"]
    assert named["trusted"] == ["https://data.example.org"]


def test_the_secret_key_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    root = small_portal(tmp_path)
    first, second = settings(root), settings(root)
    assert first["key"] == second["key"]
    assert len(first["key"]) >= 50
    assert stat.S_IMODE((root / "var" / "secret-key").stat().st_mode) == 0o600


def test_hosts_that_share_a_database_are_given_one_secret_key(tmp_path: Path) -> None:
    root, key = small_portal(tmp_path), "k" * 50
    assert settings(root, KAISHU_SECRET_KEY=key)["key"] == key
    assert not (root / "var" / "secret-key").exists()
    with pytest.raises(subprocess.CalledProcessError):
        settings(root, KAISHU_SECRET_KEY=key[:-1])


def test_a_proxy_is_believed_only_where_it_is_declared(tmp_path: Path) -> None:
    root = small_portal(tmp_path)
    assert not settings(root)["proxy"]
    assert settings(root, KAISHU_BEHIND_PROXY="1")["proxy"]


def test_behind_a_proxy_that_ends_tls_cookies_are_for_https_alone(tmp_path: Path) -> None:
    root = small_portal(tmp_path)
    assert not settings(root)["secure"]
    assert settings(root, KAISHU_BEHIND_PROXY="1")["secure"]


def test_the_database_is_embedded_unless_an_address_is_given(tmp_path: Path) -> None:
    root = small_portal(tmp_path)
    assert settings(root)["engine"].endswith("sqlite3")
    assert settings(root, DATABASE_URL="postgres:///kaishu")["engine"].endswith("postgresql")


def test_the_backend_speaks_the_portals_language_and_never_debugs(tmp_path: Path) -> None:
    root = small_portal(tmp_path)
    assert settings(root)["language"] == "zh-hans"
    catalog = root / "catalog.yaml"
    text = catalog.read_text(encoding="utf-8").replace("language: zh-CN", "language: en")
    catalog.write_text(text, encoding="utf-8")
    assert settings(root)["language"] == "en"
    assert settings(root)["debug"] is False
