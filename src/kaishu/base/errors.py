"""Every error that Kaishu raises on purpose, as one tree.

KaishuError
├── UsageError          the command was called wrongly (exit status 2)
├── NotFound            something named does not exist
│   ├── UnknownRegulation
│   └── UnknownRule
├── NotSet              the regulation sets no such term (exit status 3)
├── InvalidFiles        files that had to be right are not; carries their problems
├── HistoryError        git could not be asked
├── StoreError          a place for files, here or on S3, could not be used
├── BuildError          a build could not finish; what was published stays
├── UnsafeFile          a file is not taken: its kind, its size or what it carries
├── ScannerDown         the configured malware scanner gave no verdict
└── Conflict            somebody else changed the same thing first
    └── NotAllowed      the step is not open in this state or to this person

Findings about a department's files are not errors but values: see `problems`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kaishu.base.problems import Problem


class KaishuError(Exception):
    """Base of all errors raised on purpose; the text is for the reader, in their language."""


class UsageError(KaishuError):
    """The command was called wrongly."""


class NotFound(KaishuError):
    """Something named does not exist."""


class UnknownRegulation(NotFound):
    """No regulation of this id in the library, nor a folder of this path."""


class UnknownRule(NotFound):
    """The regulation has no rule of this id."""


class NotSet(KaishuError):
    """The regulation sets no such term; none is invented."""


class InvalidFiles(KaishuError):
    """Files that had to be right are not."""

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class HistoryError(KaishuError):
    """Git could not be asked, or said no."""


class BuildError(KaishuError):
    """A build could not finish; what was published before stays as it was."""


class StoreError(KaishuError):
    """A place for files, on this machine or on S3, could not be used."""


class UnsafeFile(KaishuError):
    """A file is not taken: its kind, its size or what it carries."""


class ScannerDown(KaishuError):
    """The configured malware scanner gave no verdict; nothing passes without one."""


class Conflict(KaishuError):
    """Somebody else changed the same thing first."""


class NotAllowed(Conflict):
    """The step is not open in this state, or not to this person."""
