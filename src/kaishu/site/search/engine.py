"""The one door to Pagefind: records go in over its service protocol, an index comes out.

The protocol is that of `pagefind --service`: JSON messages in Base64, each ended by a comma.
"""

from __future__ import annotations

import base64
import contextlib
import gzip
import hashlib
import json
import os
import re
import subprocess
from importlib.metadata import version
from typing import IO, TYPE_CHECKING, Any

import pagefind_bin  # type: ignore[import-untyped]

from kaishu.base.errors import BuildError
from kaishu.base.i18n import gettext as _
from kaishu.site.search.records import LANGUAGE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from kaishu.site.search.records import Record

ENGINE = f"pagefind {version('pagefind_bin')}"
# What our own page uses; Pagefind writes its own interfaces too.
KEPT = ("pagefind.js", "-worker.js", "-entry.json", ".pf_meta", ".pagefind")
# Words a file of the index: small ones, because a query of Chinese pieces reads several.
_CHUNK = {"PAGEFIND_UNSTABLE_INDEX_CHUNK_SIZE": "4000"}
_ID = re.compile(rb"%s_([0-9a-f]{7,})" % LANGUAGE.encode())


def make(records: Sequence[Record], folder: Path) -> dict[str, str]:
    """Write the index of `records` into `folder`; the SHA-256 of each file by its path there.

    Raises BuildError where Pagefind is not there, refuses a record, or ends before its work is done.
    """
    try:
        process = subprocess.Popen(
            [str(pagefind_bin.get_executable()), "--service"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **_CHUNK},
        )
    except OSError as error:
        raise _failed(str(error)) from error
    with process:
        try:
            _tell(process.stdin, records)  # type: ignore[arg-type]
            files = _heard(process.stdout, len(records) + 2)["files"]  # type: ignore[arg-type]
        except OSError as error:
            raise _failed(str(error)) from error
        finally:
            process.kill()
            # What was not sent yet is not wanted any more.
            with contextlib.suppress(OSError):
                process.stdin.close()  # type: ignore[union-attr]
    # Pagefind says that its files are written before they are, so they are written here.
    written: dict[str, str] = {}
    folders = {""}
    for file in files:
        path: str = file["path"]
        if path.endswith(KEPT) or "/" in path:
            if (parent := path.rpartition("/")[0]) not in folders:
                folders.add(parent)
                (folder / parent).mkdir(parents=True, exist_ok=True)
            content = base64.b64decode(file["content"])
            (folder / path).write_bytes(content)
            written[path] = hashlib.sha256(content).hexdigest()
    return written


def version_of(folder: Path) -> str:
    """What tells this index from any other: a page that holds an older one sees that it is gone."""
    entry = json.loads((folder / "pagefind-entry.json").read_bytes())
    return "".join(one["hash"] for one in entry["languages"].values())


def identifiers(folder: Path, records: Sequence[Record]) -> list[str]:
    """The identifiers by which results of the index in `folder` are told apart, in the order of
    `records`. Raises BuildError where they cannot be told.

    Pagefind's file of all pages lists them; the pages of the first and the last one are compared.
    """
    if not records:
        return []
    (pages,) = folder.glob("*.pf_meta")
    found = [one.decode() for one in _ID.findall(gzip.decompress(pages.read_bytes()))]
    found = found[: len(records)]
    for identifier, record in ((found[0], records[0]), (found[-1], records[-1])):
        fragment = folder / "fragment" / f"{LANGUAGE}_{identifier}.pf_fragment"
        content = gzip.decompress(fragment.read_bytes()).removeprefix(b"pagefind_dcd")
        if json.loads(content)["url"] != record.path:
            raise _failed(_("its pages are in an unknown order"))  # fmt: skip
    return found


def _tell(stdin: IO[bytes], records: Sequence[Record]) -> None:
    """All that Pagefind has to do; it reads on while it works, so nothing waits for it."""
    for number, payload in enumerate(_payloads(records)):
        message = {"message_id": number, "payload": payload}
        stdin.write(base64.b64encode(json.dumps(message).encode()) + b",")
    stdin.flush()


def _payloads(records: Sequence[Record]) -> Iterator[dict[str, Any]]:
    yield {"type": "NewIndex", "config": {}}
    for one in records:
        document = one.document
        yield {"type": "AddFile", "index_id": 0, "url": one.path, "file_contents": document}
    yield {"type": "GetFiles", "index_id": 0}


def _heard(stdout: IO[bytes], expected: int) -> dict[str, Any]:
    """The last of the answers, one to every message. Raises BuildError at an error or an end."""
    blocks: list[bytes] = []
    heard = 0
    while heard < expected:
        block = stdout.read1(1 << 20)  # type: ignore[attr-defined]
        if not block:
            raise _failed(_("Pagefind ended early"))
        blocks.append(block)
        heard += block.count(b",")
    payload: dict[str, Any] = {}
    for answer in b"".join(blocks).split(b",")[:expected]:
        payload = json.loads(base64.b64decode(answer))["payload"]
        if payload["type"] == "Error":
            raise _failed(payload["message"])
    return payload


def _failed(reason: str) -> BuildError:
    return BuildError(_("The search index could not be made: {reason}").format(reason=reason))
