"""A kept status page is the page that would be made now, and is another's never."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.middleware.csrf import _unmask_cipher_token
from django.test import Client
from tests.cases.conftest import form_of

from kaishu.base import clock
from kaishu.base.clock import SHANGHAI
from kaishu.cases import actions, filing, kept_pages, portal
from kaishu.cases.models import Case
from kaishu.cases.steps import By
from kaishu.cases.words import Actor

FILED = datetime(2026, 9, 30, 16, 0, tzinfo=SHANGHAI)
OFFICER = By(Actor.OFFICER, "zhang")


@pytest.fixture
def case(client: Client) -> Case:
    with clock.moved_to(FILED):
        client.post("/cases/apply/?dataset=mzj/visits", form_of())
    return Case.objects.get()


def page(client: Client, case: Case) -> str:
    """The status page; the cookie that carries the code lives for two hours, so ask within."""
    answer = client.get(f"/cases/{case.number}/")
    assert answer.status_code == 200
    return answer.content.decode()


def without_tokens(text: str) -> str:
    return re.sub(r'(csrfmiddlewaretoken" value=")[^"]*', r"\1", text)


def test_a_kept_page_is_the_page_as_made_with_a_token_of_its_own(
    client: Client, case: Case
) -> None:
    with clock.moved_to(FILED + timedelta(minutes=20)):
        made, kept = page(client, case), page(client, case)
    assert kept_pages._pages[case.access]
    assert without_tokens(made) == without_tokens(kept)
    tokens = re.findall(r'csrfmiddlewaretoken" value="([^"]*)', kept)
    assert tokens and tokens[0] not in made


def test_every_token_of_a_kept_page_is_the_cookies_secret_under_another_mask(
    client: Client, case: Case
) -> None:
    with clock.moved_to(FILED + timedelta(minutes=20)):
        page(client, case)
        secret = client.cookies["csrftoken"].value
        tokens = [
            re.findall(r'csrfmiddlewaretoken" value="([^"]*)', page(client, case))[0]
            for _time in range(40)
        ]
    assert {_unmask_cipher_token(token) for token in tokens} == {secret}
    # Each place of a mask takes many letters: 40 drawn of 62 are some 30 different ones.
    assert all(len({token[place] for token in tokens}) > 15 for place in range(64))


def test_a_kept_pages_token_is_good(case: Case) -> None:
    strict = Client(enforce_csrf_checks=True)
    with clock.moved_to(FILED + timedelta(minutes=20)):
        address = "/cases/apply/?dataset=mzj/visits"
        token = re.search(
            r'csrfmiddlewaretoken" value="([^"]*)', strict.get(address).content.decode()
        )
        assert token
        sent = {**form_of("b" * 32), "csrfmiddlewaretoken": token[1]}
        number = strict.post(address, sent).url.split("/")[2]  # type: ignore[attr-defined]
        strict.get(f"/cases/{number}/")
        kept = strict.get(f"/cases/{number}/").content.decode()
        token = re.search(r'csrfmiddlewaretoken" value="([^"]*)', kept)
        assert token
        answer = strict.post(f"/cases/{number}/withdraw/", {"csrfmiddlewaretoken": token[1]})
    assert answer.status_code == 302


def test_every_change_of_the_case_is_seen_at_once(client: Client, case: Case) -> None:
    with clock.moved_to(FILED + timedelta(minutes=20)):
        assert "请说明用途" not in page(client, case)
        actions.ask(Case.objects.get(), OFFICER, "请说明用途")
        assert "请说明用途" in page(client, case)
        filing.supplement(Case.objects.get(), "用于论文")
        assert "用于论文" in page(client, case)
        actions.grant(portal.now(), Case.objects.get(), OFFICER, "同意")
        assert "同意开放" in page(client, case)


def test_the_clock_changes_the_page(client: Client, case: Case) -> None:
    with clock.moved_to(FILED + timedelta(minutes=1)):
        assert f"/cases/{case.number}/amend/" in page(client, case)
    with clock.moved_to(FILED + timedelta(minutes=11)):
        assert f"/cases/{case.number}/amend/" not in page(client, case)
    with clock.moved_to(FILED + timedelta(minutes=1)):
        assert f"/cases/{case.number}/amend/" in page(client, case)


def test_a_page_is_kept_until_midnight_at_most(case: Case) -> None:
    late = datetime(2026, 10, 19, 23, 59, tzinfo=SHANGHAI)
    assert kept_pages._until(case, late) == datetime(2026, 10, 20, tzinfo=SHANGHAI)


def test_without_the_code_a_kept_page_is_not_shown(client: Client, case: Case) -> None:
    with clock.moved_to(FILED + timedelta(minutes=20)):
        page(client, case)
        assert Client().get(f"/cases/{case.number}/").status_code == 404


def test_only_so_many_pages_are_kept(
    client: Client, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_pages, "MOST", 1)
    monkeypatch.setattr(kept_pages, "_pages", type(kept_pages._pages)())
    with clock.moved_to(FILED + timedelta(minutes=20)):
        client.post("/cases/apply/?dataset=mzj/visits", form_of("b" * 32))
        for one in Case.objects.all():
            page(client, one)
    assert len(kept_pages._pages) == 1
