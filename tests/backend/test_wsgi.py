"""The dispatcher: forms to the backend, the rest to the site, below the portal's sub-path."""

from __future__ import annotations

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from kaishu.backend.wsgi import Dispatcher, base_path


@Request.application
def site(request: Request) -> Response:
    return Response(f"site {request.path}")


@Request.application
def backend(request: Request) -> Response:
    return Response(f"backend {request.root_path}{request.path}")


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/", "site /"),
        ("/datasets/mzj/x/", "site /datasets/mzj/x/"),
        ("/casework/", "site /casework/"),
        ("/cases/apply/", "backend /cases/apply/"),
        ("/desk/", "backend /desk/"),
        ("/api/v1/", "backend /api/v1/"),
        ("/healthz", "backend /healthz"),
    ],
)
def test_an_address_goes_to_the_side_that_owns_it(path: str, answer: str) -> None:
    assert Client(Dispatcher(site, backend, "")).get(path).text.replace("//", "/") == answer


def test_below_a_sub_path_both_sides_are_found() -> None:
    client = Client(Dispatcher(site, backend, "/open"))
    assert client.get("/open/datasets/").text == "site /datasets/"
    assert client.get("/open/cases/track/").text == "backend /open/cases/track/"


def test_the_bare_address_leads_to_the_sub_path() -> None:
    answer = Client(Dispatcher(site, backend, "/open")).get("/")
    assert (answer.status_code, answer.headers["Location"]) == (308, "/open/")


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://data.example.org", ""),
        ("https://data.example.org/", ""),
        ("https://example.org/open/data/", "/open/data"),
    ],
)
def test_the_sub_path_is_read_from_the_portals_address(url: str, base: str) -> None:
    assert base_path(url) == base
