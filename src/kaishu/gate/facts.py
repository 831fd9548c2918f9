"""What the gate must know of every dataset to judge one of them, kept by the descriptor's object.

A descriptor that did not change is never read twice: the facts lie beside the gate's settings, and
may be deleted at any time.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from kaishu.base import problems, strict_yaml
from kaishu.base.files import write_atomically
from kaishu.base.i18n import N_
from kaishu.catalog.load import DESCRIPTORS, DUPLICATE_ID
from kaishu.catalog.rules import DUPLICATE_CODE, TAKEN_ALIAS
from kaishu.gate.settings import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from kaishu.history.push import Bare, Entry

FILE = f"{FOLDER}/facts.json"

STILL_NAMED = problems.error(
    "still-named",
    N_("{other} names this dataset as related or as its successor, and it is gone."),
    N_("Withdraw the dataset by its entry, or ask for the other entry to be changed first."),
)


@dataclass(frozen=True, slots=True)
class Facts:
    """Of one descriptor: `id`, `code`, the datasets that it names, and its former addresses."""

    id: str | None
    code: str | None
    names: tuple[str, ...]
    aliases: tuple[str, ...]


def read(repository: Path, bare: Bare, tree: Iterable[Entry]) -> dict[str, Facts]:
    """The facts of every dataset in `tree`, by `<department>/<name>`."""
    descriptors = {
        f"{parts[1]}/{parts[2]}": one.blob
        for one in tree
        if len(parts := one.path.split("/")) == 4
        and parts[0] == "datasets"
        and parts[3] in DESCRIPTORS
    }
    kept = _kept(repository / FILE)
    missing = [blob for blob in dict.fromkeys(descriptors.values()) if blob not in kept]
    for blob, content in bare.contents(missing):
        kept[blob] = _facts(content)
    return {key: kept[blob] for key, blob in descriptors.items() if blob in kept}


def keep(repository: Path, bare: Bare, tree: Iterable[Entry]) -> None:
    """Write the facts of `tree` down for the next push, and forget all others."""
    entries = list(tree)
    read_now = read(repository, bare, entries)
    blobs = {
        "/".join(one.path.split("/")[1:3]): one.blob
        for one in entries
        if one.path.split("/")[-1] in DESCRIPTORS
    }
    content = {blobs[key]: asdict(facts) for key, facts in read_now.items() if key in blobs}
    write_atomically(repository / FILE, json.dumps(content).encode())


def check(
    changed: Iterable[str], gone: Iterable[str], facts: Mapping[str, Facts]
) -> Iterator[problems.Problem]:
    """What `changed` datasets and those that are `gone` break elsewhere."""
    ids: dict[str, list[str]] = {}
    codes: dict[str, list[str]] = {}
    named: dict[str, list[str]] = {}
    claimed: dict[str, list[str]] = {}
    for key, one in facts.items():
        if one.id:
            ids.setdefault(one.id, []).append(key)
        if one.code:
            codes.setdefault(one.code, []).append(key)
        for name in one.names:
            named.setdefault(name, []).append(key)
        for alias in one.aliases:
            claimed.setdefault(alias, []).append(key)
    for key in sorted(set(changed) & facts.keys()):
        mine = facts[key]
        place: dict[str, Any] = {"dataset": key, "file": f"datasets/{key}/datapackage.yaml"}
        for other in ids.get(mine.id or "", ()):
            if other != key:
                yield DUPLICATE_ID.at(**place, other=other)
        for other in codes.get(mine.code or "", ()):
            if other != key:
                yield DUPLICATE_CODE.at(**place, code=mine.code, other=other)
        for other in claimed.get(key, ()):
            yield TAKEN_ALIAS.at(**place, alias=key, other=other)
        for alias in mine.aliases:
            for other in (*([alias] if alias in facts else []), *claimed[alias]):
                if other != key:
                    yield TAKEN_ALIAS.at(**place, alias=alias, other=other)
    for key in sorted(gone):
        for other in named.get(key, ()):
            yield STILL_NAMED.at(dataset=key, file=f"datasets/{key}", other=other)


def _facts(content: bytes) -> Facts:
    value = strict_yaml.parse(content, file="datapackage.yaml").value
    raw = _mapping(value)
    entry = _mapping(raw.get("catalogue"))
    successor = _mapping(entry.get("withdrawn")).get("successor")
    related, stated = entry.get("related"), entry.get("aliases")
    aliases = stated if isinstance(stated, list) else []
    names = [*(related if isinstance(related, list) else []), successor]
    return Facts(
        id=_text(raw.get("id")),
        code=_text(entry.get("code")),
        names=tuple(name for name in names if isinstance(name, str)),
        aliases=tuple(one for one in aliases if isinstance(one, str)),
    )


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _kept(path: Path) -> dict[str, Facts]:
    try:
        content = json.loads(path.read_bytes())
        return {
            blob: Facts(one["id"], one["code"], tuple(one["names"]), tuple(one["aliases"]))
            for blob, one in content.items()
        }
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}
