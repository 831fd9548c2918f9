"""Folders of files, on this machine or on S3: the one door for stores, shared caches and sites.

Credentials for S3 come from the environment alone, as Amazon's own tools read them
(`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_ENDPOINT_URL` for other services, …).
"""

from __future__ import annotations

import contextlib
import importlib
import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import unquote, urlsplit

from kaishu.base.errors import StoreError, UsageError
from kaishu.base.files import write_atomically
from kaishu.base.i18n import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# `s3://bucket/prefix`, `file:///folder`, or a folder's path; never with credentials in it.
FORM = r"s3://[^\s/@:]+(/[^\s@:]*)?|file:///.+|(?![\w+.-]+://).+"
_S3 = "s3://"
_DELETED_AT_ONCE = 1000


class Place(Protocol):
    """A folder of files; `name` is a path relative to it, with forward slashes.

    Every method raises StoreError where the place cannot be used.
    """

    url: str

    def read(self, name: str) -> bytes | None:
        """The file's content, or None where there is none."""

    def has(self, name: str) -> bool:
        """Whether there is such a file."""

    def get(self, name: str, target: Path) -> bool:
        """Copy the file to `target`; False where there is none."""

    def put(self, source: Path, name: str, headers: Mapping[str, str] | None = None) -> None:
        """Copy a file into the place; it is there whole or not at all."""

    def write(self, name: str, content: bytes, headers: Mapping[str, Any] | None = None) -> None:
        """Write a file; it is there whole or not at all."""

    def copy(self, source: str, name: str) -> bool:
        """Copy a file of the place within it; False where there is none, or it is too large."""

    def names(self, below: str = "") -> dict[str, str]:
        """Every file's name → the ETag of its content, empty where the place has none."""

    def remove(self, names: Iterable[str]) -> None:
        """Remove files; those that are not there are passed over."""


def place(url: str, *, root: Path | None = None, endpoint: str | None = None) -> Place:
    """The place at `url`; a relative path is taken from `root`.

    Raises UsageError where `url` is of no form known here, or S3's support is not installed.
    """
    if not re.fullmatch(FORM, url):
        raise UsageError(
            _(
                "“{url}” is no place for files: write s3://bucket/prefix, or a folder's path, "
                "without credentials."
            ).format(url=url)
        )
    if url.startswith(_S3):
        return Bucket(url, endpoint)
    path = Path(unquote(urlsplit(url).path)) if url.startswith("file://") else Path(url)
    return Folder(url, (root or Path()) / path.expanduser())


class Folder:
    """A folder of this machine, or one that it mounts."""

    def __init__(self, url: str, path: Path) -> None:
        self.url, self.path = url, path

    def read(self, name: str) -> bytes | None:
        """See Place."""
        with self._told():
            try:
                return (self.path / name).read_bytes()
            except FileNotFoundError:
                return None

    def has(self, name: str) -> bool:
        """See Place."""
        with self._told():
            return (self.path / name).is_file()

    def get(self, name: str, target: Path) -> bool:
        """See Place."""
        with self._told():
            try:
                shutil.copyfile(self.path / name, target)
            except FileNotFoundError:
                return False
            return True

    def put(self, source: Path, name: str, headers: Mapping[str, str] | None = None) -> None:
        """See Place; a folder keeps no headers."""
        with self._told():
            target = self.path / name
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, part = tempfile.mkstemp(dir=target.parent, prefix=".part-")
            os.close(handle)
            try:
                shutil.copyfile(source, part)
                Path(part).chmod(0o644)
                Path(part).replace(target)
            finally:
                Path(part).unlink(missing_ok=True)

    def write(self, name: str, content: bytes, headers: Mapping[str, Any] | None = None) -> None:
        """See Place; a folder keeps no headers."""
        with self._told():
            write_atomically(self.path / name, content)

    def copy(self, source: str, name: str) -> bool:
        """See Place."""
        with self._told():
            if not (self.path / source).is_file():
                return False
            self.put(self.path / source, name)
            return True

    def names(self, below: str = "") -> dict[str, str]:
        """See Place."""
        with self._told():
            top = self.path / below
            return {
                one.relative_to(self.path).as_posix(): ""
                for one in top.rglob("*")
                if one.is_file() and not one.name.startswith(".part-")
            }

    def remove(self, names: Iterable[str]) -> None:
        """See Place."""
        with self._told():
            for name in names:
                (self.path / name).unlink(missing_ok=True)

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise _failure(self.url, error) from error


class Bucket:
    """A bucket on S3 or a service that speaks as S3 does, or what lies below a prefix in it."""

    def __init__(self, url: str, endpoint: str | None = None) -> None:
        self.url, self.endpoint = url, endpoint
        self._base = url.removeprefix(_S3).rstrip("/")
        try:
            s3fs: Any = importlib.import_module("s3fs")
        except ImportError:
            raise UsageError(
                _("{url} needs the support of S3, which is not installed; install kaishu[s3].")
                .format(url=url)
            ) from None  # fmt: skip
        self._failures: tuple[type[Exception], ...] = (
            OSError,
            importlib.import_module("botocore.exceptions").BotoCoreError,
        )
        # A listing that is remembered would hide what others write.
        self._fs: Any = s3fs.S3FileSystem(
            endpoint_url=endpoint, use_listings_cache=False, skip_instance_cache=True
        )

    def __reduce__(self) -> tuple[type[Bucket], tuple[str, str | None]]:
        """Another process makes its own connection."""
        return type(self), (self.url, self.endpoint)

    def read(self, name: str) -> bytes | None:
        """See Place."""
        with self._told():
            try:
                content: bytes = self._fs.cat_file(self._at(name))
            except FileNotFoundError:
                return None
            return content

    def has(self, name: str) -> bool:
        """See Place."""
        with self._told():
            try:
                return bool(self._fs.info(self._at(name), refresh=True)["type"] == "file")
            except FileNotFoundError:
                return False

    def get(self, name: str, target: Path) -> bool:
        """See Place."""
        with self._told():
            try:
                self._fs.get_file(self._at(name), str(target))
            except FileNotFoundError:
                return False
            return True

    def put(self, source: Path, name: str, headers: Mapping[str, str] | None = None) -> None:
        """See Place; `headers` are S3's own names of them, such as ContentType."""
        with self._told():
            self._fs.put_file(str(source), self._at(name), **(headers or {}))

    def write(self, name: str, content: bytes, headers: Mapping[str, Any] | None = None) -> None:
        """See Place; `headers` as of `put`, `Metadata` included."""
        with self._told():
            self._fs.pipe_file(self._at(name), content, **(headers or {}))

    def copy(self, source: str, name: str) -> bool:
        """See Place; type and headers are those of `source`. Nothing passes through this machine."""
        bucket, key = self._key(source)
        with self._told():
            try:
                self._fs.call_s3(
                    "copy_object",
                    Bucket=bucket,
                    Key=self._key(name)[1],
                    CopySource={"Bucket": bucket, "Key": key},
                )
            except FileNotFoundError:
                return False
            return True

    def names(self, below: str = "") -> dict[str, str]:
        """See Place."""
        with self._told():
            top = f"{self._base}/{below}".rstrip("/")
            try:
                found: dict[str, Any] = self._fs.find(top, detail=True)
            except FileNotFoundError:
                self._bucket_is_there()
                return {}
            if not found:
                self._bucket_is_there()
            return {
                path.removeprefix(f"{self._base}/"): str(facts.get("ETag", "")).strip('"')
                for path, facts in found.items()
            }

    def remove(self, names: Iterable[str]) -> None:
        """See Place."""
        bucket = self._key("")[0]
        keys = [{"Key": self._key(name)[1]} for name in names]
        with self._told():
            for start in range(0, len(keys), _DELETED_AT_ONCE):
                part = {"Objects": keys[start : start + _DELETED_AT_ONCE], "Quiet": True}
                answer = self._fs.call_s3("delete_objects", Bucket=bucket, Delete=part)
                for refused in answer.get("Errors", ()):
                    raise OSError(f"{refused['Key']}: {refused.get('Message') or refused['Code']}")

    def _bucket_is_there(self) -> None:
        self._fs.call_s3("head_bucket", Bucket=self._key("")[0])

    def _key(self, name: str) -> tuple[str, str]:
        """The bucket, and the key of a file in it."""
        bucket, _slash, key = self._at(name).partition("/")
        return bucket, key

    def _at(self, name: str) -> str:
        return f"{self._base}/{name}"

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except self._failures as error:
            raise _failure(self.url, error) from error


def _failure(url: str, error: Exception) -> StoreError:
    reason = str(error) or type(error).__name__
    return StoreError(_("{url} cannot be used: {reason}").format(url=url, reason=reason))
