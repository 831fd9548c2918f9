"""A PDF that acts, hides or carries is refused; one that is read is taken."""

from __future__ import annotations

import pytest
from tests.cases.files import made

from kaishu.base.errors import UnsafeFile
from kaishu.cases.files import pdf


def test_a_plain_document_is_taken() -> None:
    pdf.check(made.pdf(stream=b"BT /F1 12 Tf (hello) Tj ET"))


@pytest.mark.parametrize(
    "acting",
    [
        b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>",
        b"/OpenAction << /S /#4aavaScript /JS (x) >>",
        b"/AA << /O << /S /Launch /F (cmd.exe) >> >>",
        b"/Names << /EmbeddedFiles 5 0 R >>",
        b"/AcroForm << /XFA 5 0 R >>",
        b"/Annots [ << /Subtype /RichMedia >> ]",
    ],
)
def test_what_acts_or_carries_is_refused(acting: bytes) -> None:
    with pytest.raises(UnsafeFile):
        pdf.check(made.pdf(acting))
    # The same within packed objects.
    with pytest.raises(UnsafeFile):
        pdf.check(made.pdf(stream=b"3 0 << " + acting + b" >>"))


def test_objects_packed_in_a_way_that_is_not_read_are_refused() -> None:
    with pytest.raises(UnsafeFile):
        pdf.check(made.pdf(stream=b"x", head=b"/Type /ObjStm /Filter /LZWDecode"))
    with pytest.raises(UnsafeFile):
        head = b"/Type /Obj#53tm /Filter [/ASCIIHexDecode /FlateDecode]"
        pdf.check(made.pdf(stream=b"x", head=head))
    pdf.check(made.pdf(stream=b"x", head=b"/Type /ObjStm /Filter /FlateDecode"))


def test_an_encrypted_document_is_refused() -> None:
    with pytest.raises(UnsafeFile):
        pdf.check(made.pdf().replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 9 0 R"))


def test_a_stream_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MAX_UNPACKED", 10_000)
    with pytest.raises(UnsafeFile):
        pdf.check(made.pdf(stream=b"\0" * 1_000_000))
    pdf.check(made.pdf(stream=b"\0" * 9_000))


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 and nothing else", b"x" + b"%PDF-1.7 %%EOF"])
def test_a_damaged_document_is_refused(content: bytes) -> None:
    with pytest.raises(UnsafeFile):
        pdf.check(content)
