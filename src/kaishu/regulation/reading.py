"""From a strict YAML file to a model; whatever does not fit is a problem at its line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from kaishu.base import problems, strict_yaml
from kaishu.base.i18n import N_
from kaishu.base.i18n import gettext as _

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic_core import ErrorDetails

    from kaishu.base.strict_yaml import Document

SHAPE = problems.error(
    "regulation-file",
    N_("“{key}” is not right: {reason}."),
    N_("Correct the line named here; the files of the package's own library show the form."),
)

M = TypeVar("M", bound=BaseModel)

_QUOTED = re.compile(r"'([^']*)'")
_DAY = N_("a date such as 2026-01-31 is wanted")
_TEXT = N_("a text is wanted")
_LIST = N_("a list is wanted")
_MAPPING = N_("keys with values are wanted")
_YES_NO = N_("true or false is wanted")
_NUMBER = N_("a whole number is wanted")
_OTHER = N_("the value is not allowed")
_REASONS = {
    "missing": N_("the key is missing"),
    "extra_forbidden": N_("the key is not known here"),
    "value_error": _DAY,
    "date_type": _DAY,
    "string_type": _TEXT,
    "string_too_short": N_("it is empty"),
    "tuple_type": _LIST,
    "too_short": N_("the list is empty"),
    "model_type": _MAPPING,
    "bool_type": _YES_NO,
    "int_type": _NUMBER,
}


def read(path: Path, model: type[M], *, file: str) -> tuple[M | None, Document]:
    """The file at `path` as a `model`, or None; the document holds every problem found."""
    document = strict_yaml.read(path, file=file)
    if document.problems:
        return None, document
    try:
        return model.model_validate(document.value), document
    except ValidationError as invalid:
        for error in invalid.errors(include_url=False):
            where = tuple(error["loc"])
            key = ".".join(str(part + 1) if isinstance(part, int) else part for part in where)
            line = document.line(where) or 1
            found = SHAPE.at(file=file, line=line, key=key or file, reason=_reason(error))
            document.problems.append(found)
        return None, document


def _reason(error: ErrorDetails) -> str:
    if error["type"] in ("enum", "literal_error"):
        choices = ", ".join(_QUOTED.findall(str(error.get("ctx", {}).get("expected", ""))))
        return _("one of these is wanted: {choices}").format(choices=choices)
    return _(_REASONS.get(error["type"], _OTHER))
