"""Collect message ids of every package into its catalogues; English ones translate themselves."""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

PACKAGES = Path("src/kaishu")
LANGUAGES = {"zh-CN": "zh_CN", "en": "en"}
# A moment that never changes, so that the files only change with their texts.
FIXED = datetime(2026, 1, 1, tzinfo=UTC)
JINJA = {
    "trimmed": "true",
    "silent": "false",
    "extensions": "kaishu.site.compiler.Once",
}
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}


def collected(package: Path) -> Catalog:
    catalogue = Catalog(project="kaishu", charset="utf-8")
    for path in sorted(package.rglob("*")):
        method = {".py": "python", ".html": "jinja2", ".txt": "jinja2", ".xml": "jinja2"}.get(
            path.suffix
        )
        if method is None or "__pycache__" in path.parts:
            continue
        options = JINJA if method == "jinja2" else {}
        for _line, message, _comments, _context in extract_from_file(
            method, path, KEYWORDS, (), options
        ):
            catalogue.add(message, locations=[(path.as_posix(), 0)])
    return catalogue


def main() -> int:
    missing = 0
    for package in sorted(p for p in PACKAGES.iterdir() if (p / "__init__.py").exists()):
        found = collected(package)
        for language, locale in LANGUAGES.items():
            target = PACKAGES / "locale" / language / f"{package.name}.po"
            old = Catalog(locale=locale)
            if target.exists():
                with target.open("rb") as source:
                    old = read_po(source, locale=locale)
            new = Catalog(locale=locale, project="kaishu", charset="utf-8", fuzzy=False)
            new.header_comment = f"# Interface texts of kaishu.{package.name}."
            new.creation_date = new.revision_date = FIXED
            for message in sorted(found, key=lambda m: str(m.id)):
                if not message.id:
                    continue
                before = old.get(message.id)
                string = before.string if before else ""
                if language == "en" and not (string and all(string)):
                    string = message.id
                new.add(message.id, string, flags=message.flags)
                if not (string and all(string)):
                    missing += 1
                    print(f"{target}: {message.id!r}")
            if len(new):
                output = io.BytesIO()
                write_po(output, new, width=0, omit_header=False, no_location=True)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(output.getvalue())
            elif target.exists():
                target.unlink()
    print(f"{missing} untranslated", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    raise SystemExit(main())
