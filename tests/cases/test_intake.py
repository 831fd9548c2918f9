"""Files and proofs that come with a form: what is taken, what is refused, and that nobody is kept out."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from tests.cases.conftest import FIELDS, form_of
from tests.cases.files import made

from kaishu.cases import filing, intake, proof
from kaishu.cases.files import store
from kaishu.cases.models import Case, OutgoingMail
from kaishu.cases.portal import Now
from kaishu.cases.records import Attachment, Confirmation
from kaishu.cases.words import Kind


class Form(forms.Form):
    idempotency_key = forms.CharField()


def sent(
    key: str = "a" * 32, *, files: tuple[tuple[str, bytes], ...] = (), payload: str = ""
) -> tuple[Any, Form]:
    uploads = [SimpleUploadedFile(name, content) for name, content in files]
    data = {"idempotency_key": key, "proof": payload, "attachments": uploads}
    request = RequestFactory().post("/cases/apply/", data)
    form = Form(request.POST)
    assert form.is_valid()
    return request, form


def admitted(*arguments: Any, **named: Any) -> intake.Admitted:
    request, form = sent(*arguments, **named)
    found = intake.admit(request, form)
    assert found is not None, form.errors
    return found


def refused(*arguments: Any, **named: Any) -> str:
    request, form = sent(*arguments, **named)
    assert intake.admit(request, form) is None
    return str(form.errors)


def filed(now: Now, beside: intake.Admitted, key: str = "a" * 32) -> Case:
    whole = filing.Filing(
        Kind.OPEN_APPLICATION,
        FIELDS,
        now.dataset("mzj/visits"),
        proof=beside.proven,
        beside=beside.rows,
    )
    return filing.file(now, whole, idempotency_key=key)


def test_files_are_kept_with_the_case_and_their_names_sealed(now: Now) -> None:
    files = (("说明.pdf", made.pdf()), ("图.png", made.png()))
    case = filed(now, admitted(files=files))
    first, second = Attachment.objects.filter(case=case)
    assert (first.name, first.media_type, first.position) == ("说明.pdf", "application/pdf", 1)
    assert second.name == "图.png"
    assert "说明" not in first.sealed_name
    assert store.path(first.digest).read_bytes() == made.pdf()


def test_one_bad_file_keeps_nothing(now: Now) -> None:
    said = refused(files=(("good.pdf", made.pdf()), ("bad.exe", b"MZ")))
    assert "bad.exe" in said
    assert not list(store._folder().rglob("*")) if store._folder().exists() else True


def test_too_many_and_too_large_files_are_refused() -> None:
    assert refused(files=tuple((f"{n}.png", made.png()) for n in range(6)))
    assert "20" in refused(files=(("x.png", made.png() + b"\0" * 21_000_000),))


def test_a_scanner_that_is_down_lets_no_file_pass(settings: Any, tmp_path: Any) -> None:
    settings.KAISHU_CLAMD = f"unix:{tmp_path}/none"
    assert "x.pdf" in refused(files=(("x.pdf", made.pdf()),))
    assert admitted() is not None


def test_a_proof_is_spent_with_its_case(now: Now) -> None:
    payload = proof.solve(proof.challenge())
    case = filed(now, admitted(payload=payload))
    assert case.proof == proof.check(payload)
    assert not Confirmation.objects.filter(case=case).exists()
    # The same form again is answered; another form with the same proof has none.
    assert admitted(payload=payload).proven is not None
    assert filed(now, admitted(payload=payload)) == case
    other = admitted("b" * 32, payload=payload)
    # Nothing is asked before: the case is refused as it is stored.
    assert other.proven == case.proof
    with pytest.raises(filing.Spent):
        filed(now, other, "b" * 32)
    request, form = sent("b" * 32, payload=payload)
    unproven = intake.admit(request, form, spent=True)
    assert unproven is not None
    assert unproven.proven is None
    assert Case.objects.get() == case


def test_two_forms_with_one_proof_are_both_taken_in_and_one_is_to_be_confirmed(
    client: Client, now: Now
) -> None:
    payload = proof.solve(proof.challenge())
    for key in ("a" * 32, "b" * 32):
        form = {**form_of(key), "proof": payload}
        assert client.post("/cases/apply/?dataset=mzj/visits", form).status_code == 302
    first, second = Case.objects.order_by("pk")
    assert (first.proof, second.proof) == (proof.check(payload), None)
    assert Confirmation.objects.get().case == second


def test_without_a_proof_a_case_is_taken_in_and_a_mail_asks_to_confirm_it(now: Now) -> None:
    case = filed(now, admitted())
    assert case.due_date is not None
    assert Confirmation.objects.get(case=case).confirmed_at is None
    mail = OutgoingMail.objects.get(message_id__contains="confirm")
    body = mail.body
    token = body.split("/confirm/")[1].split("/")[0]
    assert intake.confirmed_number(token) == case.number


@pytest.mark.parametrize("token", ["", "x", "x:y", "\0"])
def test_nonsense_confirms_nothing(token: str) -> None:
    assert intake.confirmed_number(token) is None


def test_without_proofs_only_a_few_come_from_one_address(now: Now) -> None:
    for n in range(intake.UNPROVEN):
        filed(now, admitted(str(n) * 32), str(n) * 32)
    assert refused("9" * 32)
    # What was filed already is answered, and work that is proven passes.
    assert admitted("0" * 32) is not None
    assert admitted("9" * 32, payload=proof.solve(proof.challenge())).proven is not None
