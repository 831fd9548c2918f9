"""Commands speak the portal's language unless told otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaishu.base import i18n, strict_yaml

if TYPE_CHECKING:
    from pathlib import Path


def portal_value(root: Path, key: str) -> object:
    """One top-level value of `catalog.yaml`, or None where it cannot be read."""
    value = strict_yaml.read(root / "catalog.yaml", file="catalog.yaml").value
    return value.get(key) if isinstance(value, dict) else None


def use_portal_language(root: Path, asked: str | None = None) -> None:
    """Speak `asked`, else the portal's language, else what the terminal suggests."""
    language = asked or portal_value(root, "language")
    if language in i18n.LANGUAGES:
        i18n.activate(language)
