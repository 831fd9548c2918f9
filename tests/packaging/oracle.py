"""What Frictionless itself says of a file and reads from it, asked without a word of ours."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import frictionless
from frictionless import system

from kaishu.base.problems import Problem


def by_frictionless(folder: Path, resource: dict[str, Any]) -> tuple[list[Any], list[Any] | None]:
    """The errors by type, row and field of Frictionless on the file, and the values it reads."""
    given = {"encoding": "utf-8", **resource, "type": "table"}
    try:
        with system.use_context(trusted=False, standards="v2"):
            package = frictionless.Package.from_descriptor(
                json.loads(json.dumps({"name": "p", "resources": [given]})), basepath=str(folder)
            )
            report = package.validate(limit_errors=1000)
    except frictionless.FrictionlessException as refused:
        return [(one.type, None) for one in refused.reasons or [refused.error]], None
    except Exception as failure:
        # Frictionless fails at some files; what is said of them then is ours.
        return [type(failure).__name__], None
    found = [(one.type, getattr(one, "row_number", None)) for one in report.errors]
    for task in report.tasks:
        found += [(one.type, _row(one), getattr(one, "field_name", None)) for one in task.errors]
    if found:
        return found, None
    with system.use_context(trusted=False, standards="v2"):
        table = frictionless.resources.TableResource.from_descriptor(
            json.loads(json.dumps(given)), basepath=str(folder)
        )
        with table:
            return [], [list(row.to_dict().values()) for row in table.row_stream]


def _row(error: Any) -> int | None:
    return 1 if error.type.endswith(("-label", "-header")) else getattr(error, "row_number", None)


def compare_errors(found: Sequence[Problem], expected: Sequence[Any], context: Any) -> None:
    """Problems are those that `by_frictionless` tells of, in the same order."""
    told = [(one.code, one.row, one.field) for one in found]
    if expected and isinstance(expected[0], str):
        assert [code for code, _row, _field in told] == ["table-error"], (told, expected, context)
        return
    wanted = [one if len(one) == 3 else (*one, None) for one in expected]
    assert [one[:2] for one in told] == [one[:2] for one in wanted], (told, wanted, context)
    for (_code, _at, field), (_type, _number, name) in zip(told, wanted, strict=True):
        assert not name or field == name, (told, wanted, context)
