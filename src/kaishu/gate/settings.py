"""How one repository's gate is set: its branch, its operators, kinds and sizes of files.

`kaishu/gate.yaml` lies in the bare repository, out of every pusher's reach.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from kaishu.base import strict_yaml
from kaishu.base.errors import InvalidFiles
from kaishu.base.i18n import gettext as _

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "kaishu"
FILE = f"{FOLDER}/gate.yaml"
# While this file is there, no push is taken.
CLOSED = f"{FOLDER}/closed"
MEGABYTE = 1024 * 1024

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]

KINDS: dict[str, int] = {
    "csv": 100, "tsv": 100, "json": 50, "ndjson": 100, "geojson": 50, "xlsx": 20, "xls": 20,
    "ods": 20, "parquet": 100, "yaml": 4, "yml": 4, "md": 1, "txt": 1, "py": 1, "html": 1, "css": 1,
    "js": 1, "svg": 1, "png": 2, "jpg": 2, "jpeg": 2, "webp": 2, "ico": 1, "pdf": 20, "po": 1,
    "docx": 5, "toml": 1, "sh": 1,
}  # fmt: skip
# Files without a suffix that a portal's repository usually has.
NAMES = (
    ".gitignore", ".gitattributes", ".gitkeep", ".editorconfig", "LICENSE", "CODEOWNERS", "Makefile",
)  # fmt: skip


class Settings(BaseModel):
    """gate.yaml. `kinds` gives the largest size of each kind of file in megabytes.

    `allowed_signers` is a file of ssh keys (ssh-keygen's ALLOWED SIGNERS), below the repository:
    where it is set, every commit on the portal's branch is signed by its pusher.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    branch: Text = "main"
    operators: Annotated[tuple[Text, ...], Field(min_length=1)]
    kinds: dict[str, Annotated[int, Field(ge=1)]] = Field(default_factory=lambda: dict(KINDS))
    push_megabytes: Annotated[int, Field(ge=1)] = 500
    allowed_signers: Text | None = None
    portal: Text | None = None

    @property
    def ref(self) -> str:
        """The full name of the protected branch."""
        return f"refs/heads/{self.branch}"


def read(repository: Path) -> Settings:
    """The settings of a bare repository. Raises InvalidFiles where they are not right."""
    document = strict_yaml.read(repository / FILE, file=FILE)
    if not document.problems:
        try:
            return Settings.model_validate(document.value)
        except ValidationError as invalid:
            keys = ", ".join(".".join(map(str, one["loc"])) for one in invalid.errors())
            raise InvalidFiles(
                _("{file} is not right: {keys}.").format(file=FILE, keys=keys), []
            ) from None
    raise InvalidFiles(_("The gate has no settings that can be read."), document.problems)


def as_yaml(settings: Settings) -> str:
    """The file's text, for a new gate."""
    kept = settings.model_dump(exclude_none=True, mode="json")
    text: str = yaml.safe_dump(kept, allow_unicode=True, sort_keys=False)
    return text
