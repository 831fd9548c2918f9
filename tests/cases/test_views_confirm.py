"""A case is confirmed by a press on the page, not by opening it."""

from __future__ import annotations

from django.test import Client

from kaishu.cases import intake
from kaishu.cases.models import Case
from kaishu.cases.records import Confirmation


def test_opening_the_page_asks_and_a_press_confirms(client: Client, case: Case) -> None:
    Confirmation.objects.create(case=case)
    address = f"/cases/confirm/{intake.confirmation_token(case)}/"
    assert client.get(address).status_code == 200
    assert Confirmation.objects.get().confirmed_at is None
    assert client.post(address).status_code == 200
    first = Confirmation.objects.get().confirmed_at
    assert first is not None
    client.post(address)
    assert Confirmation.objects.get().confirmed_at == first


def test_a_token_that_is_not_ours_leads_nowhere(client: Client, case: Case) -> None:
    assert client.get("/cases/confirm/abc:def/").status_code == 404
    # Filed with a proof, there is nothing to confirm.
    address = f"/cases/confirm/{intake.confirmation_token(case)}/"
    assert client.get(address).status_code == 404


def test_a_press_from_another_site_is_refused(case: Case) -> None:
    Confirmation.objects.create(case=case)
    strict = Client(enforce_csrf_checks=True)
    address = f"/cases/confirm/{intake.confirmation_token(case)}/"
    assert strict.post(address).status_code == 403
    assert Confirmation.objects.get().confirmed_at is None
