"""From what YAML gave to a model: each disagreement as a problem at its line."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from kaishu.base import problems
from kaishu.base.i18n import N_
from kaishu.base.i18n import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic_core import ErrorDetails

    from kaishu.base.strict_yaml import Document

MISSING_KEY = problems.error(
    "missing-key",
    N_("The key “{key}” is missing."),
    N_("Add “{key}”: {title}."),
)
UNKNOWN_KEY = problems.error(
    "unknown-key",
    N_("The key “{key}” is not known here."),
    N_("Check its spelling or remove it. {nearest}"),
)
FURTHER_KEY = problems.warning(
    "further-key",
    N_("The key “{key}” is not one of the Data Package standard; it is published as it stands."),
    N_("Keep it if you need it; otherwise remove it."),
)
WRONG_TYPE = problems.error(
    "wrong-type",
    N_("“{key}” should be {expected}, but is {found}."),
    N_("Correct the value; put a text that looks like a number or a date in quotes."),
)
NOT_IN_VOCABULARY = problems.error(
    "not-in-vocabulary",
    N_("“{key}” has the value {found}, which is not one of its words."),
    N_("Choose one of: {choices}."),
)
BAD_VALUE = problems.error(
    "bad-value",
    N_("“{key}” has the value {found}, which does not fit: {reason}."),
    N_("Correct the value."),
)

M = TypeVar("M", bound=BaseModel)

_EXPECTED = {
    "string_type": N_("a text"),
    "bool_type": N_("true or false"),
    "bool_parsing": N_("true or false"),
    "int_type": N_("a whole number"),
    "tuple_type": N_("a list"),
    "list_type": N_("a list"),
    "dict_type": N_("a mapping of keys and values"),
    "model_type": N_("a mapping of keys and values"),
    "model_attributes_type": N_("a mapping of keys and values"),
    "date_type": N_("a date, as 2026-03-02"),
    "date_parsing": N_("a date, as 2026-03-02"),
    "date_from_datetime_parsing": N_("a date, as 2026-03-02"),
    "date_from_datetime_inexact": N_("a date, as 2026-03-02"),
    "datetime_type": N_("a time, as 2026-03-02T09:00:00+08:00"),
    "datetime_parsing": N_("a time, as 2026-03-02T09:00:00+08:00"),
    "datetime_from_date_parsing": N_("a time, as 2026-03-02T09:00:00+08:00"),
}
_SHAPES = {
    r"^https?://[^\s]+$": N_("an address begins with http:// or https:// and has no blanks"),
    r"^[a-z0-9]+(-[a-z0-9]+)*$": N_("lower-case letters, digits and single hyphens only"),
    r"^[a-z0-9]+([._-][a-z0-9]+)*$": N_("lower-case letters, digits, and . _ - between them only"),
    r"^([01]\d|2[0-3]):[0-5]\d$": N_("a time of day, as 17:30"),
}
_KINDS = (
    (bool, N_("true or false")),
    (int, N_("a number")),
    (float, N_("a number")),
    (str, N_("a text")),
    (list, N_("a list")),
    (dict, N_("a mapping of keys and values")),
)


def validate(
    model: type[M], document: Document, *, file: str, dataset: str | None = None
) -> M | None:
    """`document` as a `model`, or None; each problem found is appended to the document's own."""
    try:
        return model.model_validate(document.value)
    except ValidationError as invalid:
        # A union reports once for each of its members; one line for one place is enough.
        seen = set()
        for error in invalid.errors(include_url=False):
            path = _path(document.value, error["loc"])
            # A list whose items are wrong is also called too short.
            repeats = error["type"] == "too_short" and error["input"]
            if (path, error["type"]) not in seen and not repeats:
                seen.add((path, error["type"]))
                document.problems.append(_problem(model, error, path, document, file, dataset))
        return None


def further_keys(
    model: type[BaseModel], document: Document, *, file: str, dataset: str | None = None
) -> Iterator[problems.Problem]:
    """Top-level keys beyond the model's: a near miss is an error, another one a warning."""
    names = _names(model)
    for key in document.value if isinstance(document.value, dict) else ():
        if key in names or key in STANDARD_KEYS:
            continue
        near = [name for name in (*names, *STANDARD_KEYS) if is_slip(key, name)]
        line = document.line((key,))
        if near:
            nearest = _("Did you mean “{key}”?").format(key=near[0])
            yield UNKNOWN_KEY.at(file=file, dataset=dataset, line=line, key=key, nearest=nearest)
        else:
            yield FURTHER_KEY.at(file=file, dataset=dataset, line=line, key=key)


def is_slip(typed: str, meant: str) -> bool:
    """Whether one slip of the finger (a letter more, less, other, or two swapped) lies between."""
    if abs(len(typed) - len(meant)) > 1 or typed == meant:
        return False
    start = next((n for n, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b), None)
    if start is None:
        return True
    one, other = typed[start:], meant[start:]
    swapped = one[:2] == other[1::-1] and one[2:] == other[2:]
    return swapped or one[1:] == other[1:] or one[1:] == other or one == other[1:]


# Data Package v2, section Package: properties that the model does not read itself.
STANDARD_KEYS = ("$schema", "profile", "homepage", "image", "contributors")


def _problem(
    model: type[BaseModel],
    error: ErrorDetails,
    path: tuple[str | int, ...],
    document: Document,
    file: str,
    dataset: str | None,
) -> problems.Problem:
    kind, found = error["type"], error["input"]
    key = ".".join(str(part) for part in path) or file
    place: dict[str, Any] = {"file": file, "dataset": dataset, "line": document.line(path)}
    if kind == "missing":
        return MISSING_KEY.at(**place, key=key, title=_title(model, path))
    if kind == "extra_forbidden":
        around = _names(_model_at(model, path[:-1]) or model)
        near = difflib.get_close_matches(str(path[-1]), around, n=1, cutoff=0.6)
        nearest = _("Did you mean “{key}”?").format(key=near[0]) if near else ""
        return UNKNOWN_KEY.at(**place, key=key, nearest=nearest)
    if kind in ("enum", "literal_error"):
        choices = error.get("ctx", {}).get("expected", "").replace("'", "").replace(" or ", ", ")
        return NOT_IN_VOCABULARY.at(**place, key=key, found=_shown(found), choices=choices)
    if kind in _EXPECTED:
        expected = _(_EXPECTED[kind])
        return WRONG_TYPE.at(**place, key=key, expected=expected, found=_kind(found))
    return BAD_VALUE.at(**place, key=key, found=_shown(found), reason=_reason(error))


def _reason(error: ErrorDetails) -> str:
    context = error.get("ctx", {})
    if error["type"] == "string_pattern_mismatch":
        pattern = str(context.get("pattern"))
        return _(_SHAPES[pattern]) if pattern in _SHAPES else pattern
    if error["type"] in ("string_too_short", "too_short"):
        return _("it is empty")
    if error["type"] == "string_too_long":
        return _("it is longer than {n} characters").format(n=context.get("max_length"))
    return _("it is not of the form asked for")


def _path(value: Any, location: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Pydantic's location without the parts that name members of a union."""
    path: list[str | int] = []
    for number, part in enumerate(location):
        inside = isinstance(value, dict) and part in value
        inside = inside or (isinstance(value, list) and isinstance(part, int) and part < len(value))
        if inside:
            value = value[part]
            path.append(part)
        elif number == len(location) - 1 and isinstance(value, dict):
            path.append(part)
    return tuple(path)


def _names(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_at(model: type[BaseModel], path: tuple[str | int, ...]) -> type[BaseModel] | None:
    found: type[BaseModel] | None = model
    for part in path:
        if isinstance(part, int) or found is None:
            continue
        fields = {field.alias or name: field for name, field in found.model_fields.items()}
        found = _model_in(fields[part].annotation) if part in fields else None
    return found


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((one for one in map(_model_in, get_args(annotation)) if one), None)


def _title(model: type[BaseModel], path: tuple[str | int, ...]) -> str:
    around = _model_at(model, path[:-1])
    for name, field in around.model_fields.items() if around else ():
        if (field.alias or name) == path[-1] and field.title:
            return _(field.title)
    return str(path[-1]) if path else ""


def _shown(value: Any) -> str:
    text = str(value)
    return f"“{text[:60]}…”" if len(text) > 60 else f"“{text}”"


def _kind(value: Any) -> str:
    if value is None:
        return _("empty")
    return next(
        (_(name) for type_, name in _KINDS if isinstance(value, type_)), _("something else")
    )
