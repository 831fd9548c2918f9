"""What the last whole build left behind, so that the next one knows what changed since."""

from __future__ import annotations

import marshal
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from kaishu.base.files import write_atomically

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class State:
    """Of one build: its release, and all that its bytes are a function of.

    `around` names everything but the datasets' own files, the commit and the day; `contents` is a
    hash of each dataset's folder by key; `ids` and `codes` tell who has each; `narrative` are path
    and title of every page that people wrote; `records` names what search keeps of each dataset,
    `pages` all that its page is made of, by key.
    """

    release: str
    around: str
    contents: dict[str, str]
    ids: dict[str, str]
    codes: dict[str, str]
    narrative: list[tuple[str, str]]
    records: dict[str, str]
    pages: dict[str, str]

    def keep(self, path: Path) -> None:
        """Write it down."""
        write_atomically(path, marshal.dumps(asdict(self)))

    @classmethod
    def read(cls, path: Path) -> State | None:
        """What was written down, or None."""
        try:
            return cls(**marshal.loads(path.read_bytes()))  # noqa: S302 - our own cache
        except (OSError, ValueError, EOFError, TypeError):
            return None
