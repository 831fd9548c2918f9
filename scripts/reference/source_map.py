"""The map in ARCHITECTURE.md: every package and module with what it is for."""

from __future__ import annotations

import ast
import re
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "kaishu"
# From the reader's side down to what everything stands on.
LAYERS = (
    "cli", "backend", "publishing", "site", "cases", "gate", "supervision", "exports",
    "packaging", "catalog", "regulation", "history", "base",
)  # fmt: skip


def source_map() -> str:
    """Every package and module with the first sentence of its docstring."""
    found = {path.name for path in SOURCE.iterdir() if (path / "__init__.py").exists()}
    lines = []
    for package in (*LAYERS, *sorted(found - set(LAYERS))):
        if package not in found:
            continue
        folder = SOURCE / package
        lines += [f"**`{package}`** {first_sentence(folder / '__init__.py')}", ""]
        for path in sorted(folder.rglob("*.py")):
            inner = path.relative_to(folder)
            if path == folder / "__init__.py" or "migrations" in inner.parts:
                continue
            name = inner.parent if path.name == "__init__.py" else inner.with_suffix("")
            lines.append(f"- `{name.as_posix()}` {first_sentence(path)}")
        lines.append("")
    return "\n".join(lines)


def first_sentence(path: Path) -> str:
    """The first sentence of a module's docstring, on one line."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    paragraph = " ".join(docstring.split("\n\n")[0].split())
    match = re.match(r".+?[.。](?=\s|$)", paragraph)
    return match.group() if match else paragraph
