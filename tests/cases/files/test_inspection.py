"""Attachments are what they are called, and nothing else."""

from __future__ import annotations

import os

import pytest
from tests.cases.files import made

from kaishu.base.errors import UnsafeFile
from kaishu.cases.files import inspection


@pytest.mark.parametrize("suffix", inspection.KINDS)
def test_true_files_of_every_kind_are_taken(suffix: str) -> None:
    kind = inspection.inspect(f"说明.{suffix}", made.ALL[suffix]())
    assert kind is inspection.KINDS[suffix]


@pytest.mark.parametrize("suffix", inspection.KINDS)
@pytest.mark.parametrize("other", ["pdf", "docx", "png"])
def test_a_file_called_otherwise_than_it_is_is_refused(suffix: str, other: str) -> None:
    if suffix == other:
        return
    with pytest.raises(UnsafeFile):
        inspection.inspect(f"x.{suffix}", made.ALL[other]())


@pytest.mark.parametrize(
    "name", ["a.exe", "a.zip", "a.html", "a.svg", "a.docm", "pdf", "a.pdf.exe", ""]
)
def test_other_kinds_are_refused_by_name(name: str) -> None:
    with pytest.raises(UnsafeFile):
        inspection.inspect(name, made.pdf())


@pytest.mark.parametrize(
    "content",
    [
        b"MZ" + b"\0" * 400,
        b"\x7fELF" + b"\0" * 400,
        b"#!/bin/sh\nrm -rf /\n",
        b"<html><script>",
        b"",
    ],
)
@pytest.mark.parametrize("suffix", inspection.KINDS)
def test_programs_and_pages_under_another_name_are_refused(suffix: str, content: bytes) -> None:
    with pytest.raises(UnsafeFile):
        inspection.inspect(f"x.{suffix}", content)


def test_a_file_above_the_limit_is_refused() -> None:
    with pytest.raises(UnsafeFile, match="20"):
        inspection.inspect("x.png", made.png() + os.urandom(inspection.MAX_BYTES))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/说明.pdf", "说明.pdf"),
        (r"C:\桌面\说明.pdf", "说明.pdf"),
        ("a\0b\n.pdf", "ab.pdf"),
        ("\u202efdp.exe.pdf", "fdp.exe.pdf"),
        ("\ud800x.pdf", "x.pdf"),
        ("长" * 300 + ".pdf", "长" * 196 + ".pdf"),
        ("..", ""),
    ],
)
def test_names_are_shown_without_paths_and_control_characters(given: str, kept: str) -> None:
    assert inspection.safe_name(given) == kept
