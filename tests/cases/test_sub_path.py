"""A portal below a sub-path of its host: whole requests, as a server passes them on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from tests.cases.conftest import form_of
from werkzeug.test import Client

from kaishu.backend.wsgi import Dispatcher
from kaishu.cases.models import Case

if TYPE_CHECKING:
    from collections.abc import Iterator

APPLY = "/cases/apply/?dataset=mzj/visits"


def test_below_a_sub_path_every_link_keeps_it() -> None:
    backend = get_wsgi_application()
    answer = Client(Dispatcher(backend, backend, "/open")).get(f"/open{APPLY}")
    assert answer.status_code == 200
    assert 'href="/open/cases/static/kaishu.css"' in answer.text
    assert 'href="/open/datasets/mzj/visits/"' in answer.text
    assert 'href="/cases' not in answer.text


@pytest.fixture
def one_connection() -> Iterator[None]:
    """A whole request does not close the connection on which the test's own transaction is open."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("one_connection")
def test_below_a_sub_path_a_filing_leads_to_its_receipt_and_is_carried_there() -> None:
    backend = get_wsgi_application()
    for base in ("/open", "", "/open/data"):
        browser = Client(Dispatcher(backend, backend, base))
        page = browser.get(f"{base}{APPLY}").text
        token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        form = {**form_of(f"{len(base):032x}"), "csrfmiddlewaretoken": token}
        answer = browser.post(f"{base}{APPLY}", data=form)
        case = Case.objects.latest("pk")
        assert answer.headers["Location"] == f"{base}/cases/{case.number}/receipt/"
        assert f"Path={base}/cases/;" in answer.headers["Set-Cookie"]
        assert browser.get(answer.headers["Location"]).status_code == 200
