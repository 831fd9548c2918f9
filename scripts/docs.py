"""Documentation that the code itself writes: reference pages, and the map in ARCHITECTURE.md.

`scripts/docs` writes them; `scripts/docs --check` names those that are out of date, status 1.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from reference.codes import problem_codes
from reference.commands import commands
from reference.formats import formats
from reference.rules import rules
from reference.source_map import source_map

from kaishu.base import i18n

ROOT = Path(__file__).parents[1]
MAP_BEGIN, MAP_END = "<!-- map: made by scripts/docs -->", "<!-- end of map -->"


def main(arguments: list[str]) -> int:
    """Write, or with --check compare."""
    i18n.activate("zh-CN")
    stale = []
    for path, content in made().items():
        target = ROOT / path
        if target.exists() and target.read_text(encoding="utf-8") == content:
            continue
        stale.append(path)
        if "--check" not in arguments:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(content, encoding="utf-8")
    for path in stale:
        print(path)
    return 1 if stale and "--check" in arguments else 0


def made() -> dict[str, str]:
    """The text of every generated document, by path."""
    architecture = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    before, _, rest = architecture.partition(MAP_BEGIN)
    after = rest.partition(MAP_END)[2]
    return {
        "ARCHITECTURE.md": f"{before}{MAP_BEGIN}\n\n{source_map()}\n{MAP_END}{after}",
        "docs/reference/problem-codes.md": problem_codes(),
        "docs/reference/commands.md": commands(),
        "docs/reference/rules.md": rules(),
        "docs/reference/formats.md": formats(),
    }


if __name__ == "__main__":
    # Commands that need the backend's settings read a portal's folder and make a key in `var`.
    with tempfile.TemporaryDirectory() as var:
        os.environ |= {"KAISHU_ROOT": str(ROOT), "KAISHU_VAR": var}
        raise SystemExit(main(sys.argv[1:]))
