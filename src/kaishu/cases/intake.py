"""What comes with a form beside its fields: files, looked into, and a proof of work or its lack.

Without a proof (no scripts, an old browser) a case is taken in all the same: fewer at a time, and a
mail asks to confirm it. Nobody is kept out, and the term runs from the receipt in either case.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.core import signing
from django.urls import reverse

from kaishu.base.errors import ScannerDown, UnsafeFile
from kaishu.base.i18n import gettext as _
from kaishu.cases import encryption, outbox, proof, throttle
from kaishu.cases.files import inspection, scanner, store
from kaishu.cases.records import Attachment, Confirmation, mark
from kaishu.cases.words import Kind

if TYPE_CHECKING:
    from django.db.models import Model
    from django.http import HttpRequest

    from kaishu.cases.models import Case
    from kaishu.cases.records import Mark

MOST_FILES: Final = 5
# Cases without proof of work from one address in a quarter of an hour.
UNPROVEN: Final = 3
_SALT: Final = "kaishu confirmation"


@dataclass(frozen=True)
class Sent:
    """One file that was sent: its content is looked into, and not stored yet."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Admitted:
    """What may be stored with a case; `proven` is a digest, None where no work was proven."""

    files: tuple[Sent, ...] = ()
    proven: str | None = None

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What each file is, which the case's first event holds commitments to."""
        return tuple(
            mark(
                position,
                hashlib.sha256(sent.content).hexdigest(),
                sent.name,
                sent.media_type,
                len(sent.content),
            )
            for position, sent in enumerate(self.files, start=1)
        )

    def rows(self, case: Case) -> list[Model]:
        """The rows to insert in the case's own transaction; the files are written before."""
        found: list[Model] = list(self.attachments(case))
        if self.proven is not None:
            return found
        found.append(Confirmation(case=case))
        to = case.statement.get("email")
        if to:
            found.append(_request(case, to))
        return found

    def attachments(self, case: Case, sequence: int = 1) -> list[Attachment]:
        """The files as attachments of an event of the case, written to the store."""
        return [
            Attachment(
                case=case,
                sequence=sequence,
                position=position,
                digest=store.keep(sent.content),
                media_type=sent.media_type,
                bytes=len(sent.content),
                sealed_name=encryption.seal(sent.name),
            )
            for position, sent in enumerate(self.files, start=1)
        ]


def admit(request: HttpRequest, form: Any, *, spent: bool = False) -> Admitted | None:
    """What came beside a valid form, or None with its errors on the form.

    Whether its proof is spent is told by the database when the case is stored; `spent`: it was.
    """
    files = files_of(request, form)
    solved = None if spent else proof.check(request.POST.get("proof", ""))
    if solved is None and _is_repeated(form.cleaned_data["idempotency_key"]):
        # The same form sent again is answered with the same case, which counts for nothing.
        return None if form.errors else Admitted(files)
    if solved is None and throttle.is_blocked("unproven", throttle.visitor(request), UNPROVEN):
        form.add_error(
            None,
            _(
                "Several forms came from your network without scripts. Please wait a quarter of "
                "an hour, allow scripts for this site, or telephone us. What you typed is kept."
            ),
        )
    if form.errors:
        return None
    if solved is None:
        throttle.failed("unproven", throttle.visitor(request))
    return Admitted(files, solved)


def files_of(request: HttpRequest, form: Any) -> tuple[Sent, ...]:
    """The attachments that were sent, each looked into; what is refused is an error on the form."""
    uploads = request.FILES.getlist("attachments")
    if len(uploads) > MOST_FILES:
        form.add_error(None, _("At most {n} files can be sent.").format(n=MOST_FILES))
        return ()
    found = []
    for upload in uploads:
        name = inspection.safe_name(upload.name or "")
        try:
            if (upload.size or 0) > inspection.MAX_BYTES:
                # Too large to be looked into; the message is the inspection's own.
                content = bytes(inspection.MAX_BYTES + 1)
            else:
                content = upload.read()
            kind = inspection.inspect(name, content)
            if settings.KAISHU_CLAMD:
                scanner.scan([content], settings.KAISHU_CLAMD)
        except (UnsafeFile, ScannerDown) as error:
            form.add_error(None, _("{name}: {reason}").format(name=name, reason=error))
        else:
            found.append(Sent(name, kind.media_type, content))
    return tuple(found)


def confirmation_token(case: Case) -> str:
    """What confirms a case by mail; it does nothing else, so it does not expire."""
    return signing.dumps(case.number, salt=_SALT)


def confirmed_number(token: str) -> str | None:
    """The number of the case that a token confirms, or None."""
    try:
        return str(signing.loads(token, salt=_SALT))
    except signing.BadSignature:
        return None


def _is_repeated(idempotency_key: str) -> bool:
    from kaishu.cases.models import Case

    key = encryption.keyed("idempotency", idempotency_key)
    return Case.objects.filter(idempotency_key=key).exists()


def _request(case: Case, to: str) -> Model:
    kind = Kind(case.kind).label
    path = reverse("confirm", args=[confirmation_token(case)])
    address = f"{settings.KAISHU_BACKEND_URL.rstrip('/')}{path}"
    subject = _("Please confirm: {kind} {number}").format(kind=kind, number=case.number)
    body = _(
        "Your {kind} {number} has been received, and its term runs. It was sent without scripts, "
        "so please confirm that it is yours:\n{address}\nIf it is not, you need do nothing."
    ).format(kind=kind, number=case.number, address=address)
    return outbox.prepare(f"confirm.{case.number}", to, subject, f"{body}\n", case)
