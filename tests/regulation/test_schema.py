"""The published schemas accept what the library holds and refuse what the check refuses."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator, ValidationError

from kaishu.base import strict_yaml
from kaishu.regulation import library
from kaishu.regulation.schema import json_schemas


@pytest.mark.parametrize("id_", library.ids())
def test_every_file_of_the_library_fits_its_schema(id_: str) -> None:
    for path in (library.FOLDER / id_).glob("*.yaml"):
        schema = json_schemas()[f"{path.stem}.json"]
        Draft202012Validator.check_schema(schema)
        Draft202012Validator(schema).validate(strict_yaml.read(path, file=path.name).value)


def test_an_unknown_key_does_not_fit() -> None:
    with pytest.raises(ValidationError, match="Additional properties"):
        Draft202012Validator(json_schemas()["rules.json"]).validate({"rule": []})
