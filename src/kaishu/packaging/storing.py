"""A data file put into a store: its content by its hash, the hash into the descriptor as it is
written, the file's name into `.gitignore`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import yaml

from kaishu.base import strict_yaml
from kaishu.base.errors import InvalidFiles, NotFound, UsageError
from kaishu.base.files import sha256, write_atomically
from kaishu.base.i18n import gettext as _
from kaishu.catalog.load import DESCRIPTORS
from kaishu.packaging import stored
from kaishu.packaging.store import COPIES

if TYPE_CHECKING:
    from kaishu.catalog.model import ContentStore, Portal
    from kaishu.packaging.store import Store

IGNORED = ".gitignore"


@dataclass(frozen=True, slots=True)
class Put:
    """What came of it: the dataset's folder, the file's path in it, its SHA-256, its store."""

    folder: Path
    path: str
    digest: str
    store: str


def put(root: Path, portal: Portal, file: Path, store: str | None = None) -> Put:
    """Put `file`, which a descriptor of the portal in `root` names, into the portal's store `store`
    (default: the first), and write its hash and size into the descriptor.

    Raises UsageError where there is no such store, NotFound where no resource names the file,
    InvalidFiles where the descriptor cannot be changed, StoreError where the store refuses. The
    descriptor is changed only once the content is in the store.
    """
    declared = _declared(portal, store)
    folder, path, descriptor, number = _resource(root, file)
    digest, size = sha256(file), file.stat().st_size
    text = descriptor.read_text(encoding="utf-8")
    stated: dict[str, str | int] = {"hash": f"sha256:{digest}", "bytes": size}
    changed = with_facts(text, number, stated)
    _written(changed, descriptor, number, stated)
    into: Store = stored.open_store(declared)
    # Content that is there may have been harmed, so it is put in again.
    into.put(file, digest, known=())
    write_atomically(descriptor, changed.encode())
    _ignore(folder, path)
    copy = stored.copy_of(digest, root / COPIES)
    if not copy.is_file():
        # This machine's own copy, by which a later version may replace the file.
        stored.link(file, copy)
        stored.hide(root / COPIES)
    return Put(folder, path, digest, declared.id)


def with_facts(text: str, number: int, facts: dict[str, str | int]) -> str:
    """The descriptor `text` (YAML or JSON) with `facts` in its resource `number` (from 0).

    Everything else stays as it is written, comments included. A new key comes after `path`.
    """
    resource = _value(_value(yaml.compose(text), "resources"), number)
    if not isinstance(resource, yaml.MappingNode):
        raise InvalidFiles(_("The descriptor has no such resource."))
    keys = {key.value: (key, value) for key, value in resource.value}
    named, path = keys["path"]
    quote = '"' if named.style == '"' else ""
    edits: list[tuple[int, int, str]] = []
    for name, fact in facts.items():
        written = f'"{fact}"' if isinstance(fact, str) else str(fact)
        if name in keys:
            old = keys[name][1]
            edits.append((old.start_mark.index, old.end_mark.index, written))
        elif resource.flow_style:
            at = path.end_mark.index
            edits.append((at, at, f", {quote}{name}{quote}: {written}"))
        else:
            end = text.find("\n", path.end_mark.index)
            at = len(text) if end < 0 else end
            edits.append((at, at, f"\n{' ' * named.start_mark.column}{name}: {written}"))
    # What comes later in the text is changed first; of two at one place, the later goes in first.
    edits.reverse()
    edits.sort(key=lambda one: -one[0])
    for start, end, words in edits:
        text = text[:start] + words + text[end:]
    return text


def _declared(portal: Portal, store: str | None) -> ContentStore:
    for one in portal.stores:
        if store in (None, one.id):
            return one
    if portal.stores:
        names = ", ".join(one.id for one in portal.stores)
        raise UsageError(
            _("There is no store “{store}” in catalog.yaml; there are: {names}.").format(
                store=store, names=names
            )
        )
    raise UsageError(
        _(
            "catalog.yaml declares no store. Add one, such as: "
            "stores: [{id: main, url: s3://bucket/prefix}]"
        )
    )


def _resource(root: Path, file: Path) -> tuple[Path, str, Path, int]:
    """The dataset's folder, the file's path in it, the descriptor, and the resource's number."""
    try:
        inner = file.resolve().relative_to((root / "datasets").resolve())
    except ValueError:
        inner = Path(file.name)
    if len(inner.parts) < 3:
        raise NotFound(
            _("{file} lies in no dataset's folder. Move it to datasets/<department>/<dataset>/.")
            .format(file=file)
        )  # fmt: skip
    folder = root / "datasets" / inner.parts[0] / inner.parts[1]
    path = PurePosixPath(*inner.parts[2:]).as_posix()
    for name in DESCRIPTORS:
        descriptor = folder / name
        raw = strict_yaml.read(descriptor, file=name).value if descriptor.is_file() else None
        resources = raw.get("resources") if isinstance(raw, dict) else None
        for number, one in enumerate(resources if isinstance(resources, list) else ()):
            if isinstance(one, dict) and one.get("path") == path:
                return folder, path, descriptor, number
    raise NotFound(
        _("No resource of the dataset has path: {path}. Describe the file in datapackage.yaml.")
        .format(path=path)
    )  # fmt: skip


def _written(text: str, descriptor: Path, number: int, facts: dict[str, str | int]) -> None:
    """Raises InvalidFiles where `text` does not say what it should."""
    document = strict_yaml.parse(text.encode(), file=descriptor.name)
    raw = document.value
    if document.problems or any(
        raw["resources"][number].get(name) != fact for name, fact in facts.items()
    ):
        raise InvalidFiles(
            _("{file} could not be changed by itself. Write into the resource: {facts}").format(
                file=descriptor,
                facts=", ".join(f"{name}: {fact}" for name, fact in facts.items()),
            ),
            document.problems,
        )


def _ignore(folder: Path, path: str) -> None:
    """Have git ignore the local copy."""
    file = folder / IGNORED
    before = file.read_text(encoding="utf-8") if file.is_file() else ""
    line = "/" + re.sub(r"([\\*?\[\]!# ])", r"\\\1", path)
    if line not in before.splitlines():
        between = "" if not before or before.endswith("\n") else "\n"
        write_atomically(file, f"{before}{between}{line}\n".encode())


def _value(node: yaml.Node | None, key: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for name, value in node.value if name.value == key), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int):
        found: yaml.Node = node.value[key]
        return found
    return None
