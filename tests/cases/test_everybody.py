"""Every address, asked by everybody: nobody sees or changes what is another's; nothing is forged."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLResolver
from tests.cases.conftest import form_of, signed_in
from tests.cases.files import made

from kaishu.backend.urls import urlpatterns
from kaishu.cases import actions, handover, portal
from kaishu.cases.models import Case, SavedView, StaffProfile
from kaishu.cases.records import Attachment
from kaishu.cases.steps import By
from kaishu.cases.words import Actor

if TYPE_CHECKING:
    from collections.abc import Iterator


APPLY = "/cases/apply/?dataset=mzj/visits"
EVIL = "<script>alert(1)</script>"
SECRET = "别人不该看到的字"
ROLES = {
    "stranger": None,
    "another officer": ("li", "jtj", "officer"),
    "another head": ("zhao", "jtj", "head"),
    "auditor": ("shen", "", "auditor"),
    "officer": ("zhang", "mzj", "officer"),
}


@pytest.fixture
def case(client: Client) -> Case:
    """Filed with an attachment, granted with a file: every address has something to show."""
    stated = {"wanted": SECRET, "applicant_name": SECRET}
    upload = SimpleUploadedFile(f"{SECRET}.pdf", made.pdf())
    client.post(APPLY, {**form_of(**stated), "attachments": [upload]})
    case = Case.objects.get()
    handed = actions.Handover(filename="d.csv", blocks=[SECRET.encode()])
    actions.grant(portal.now(), case, By(Actor.OFFICER, "zhang"), SECRET, handover=handed)
    return Case.objects.get()


def addresses(case: Case) -> Iterator[tuple[str, str]]:
    """Every address of the backend with its name, about `case` where it is about one."""
    view = SavedView.objects.first()
    values = {
        "number": case.number,
        "sequence": "1",
        "token": handover.token(case, case.deliveries.get()),
        "pk": str(Attachment.objects.get().pk),
        # Drafts and reviews are not cases; their own tests say who may see them.
        "id_": "x",
        "path": "index.html",
        "place": "mzj/parks/x",
        # Of the accounts that superusers manage.
        "object_id": "1",
        "id": "1",
        "content_type_id": "1",
    }
    # Signing out comes last: those who ask stay who they are until then.
    for name, route in sorted(_routes(urlpatterns), key=lambda one: "logout" in one[0]):
        named = dict(values)
        if name == "desk-drop-view":
            named["pk"] = str(view.pk if view else 1)
        yield name, f"/{_filled(route, named)}"


def _routes(patterns: list[Any], before: str = "") -> Iterator[tuple[str, str]]:
    """Every address with its name, those below another included."""
    for one in patterns:
        route = f"{before}{one.pattern}"
        if isinstance(one, URLResolver):
            yield from _routes(one.url_patterns, route)
        else:
            yield one.name or "", route


def _filled(route: str, values: dict[str, str]) -> str:
    route = re.sub(r"\^|\$$|\(\?P<\w+>(\w+)\)", lambda found: found[1] or "", route)
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values[found[1]], route)


def asking(role: str) -> Client:
    named = ROLES[role]
    return signed_in(*named) if named else Client()


def body(answer: object) -> str:
    streamed = getattr(answer, "streaming_content", None)
    content = b"".join(streamed) if streamed is not None else answer.content  # type: ignore[attr-defined]
    return str(content.decode("utf-8", "replace"))


@pytest.mark.parametrize("role", ["stranger", "another officer", "another head"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_sees_or_changes_what_is_anothers(case: Case, role: str, method: str) -> None:
    client = asking(role)
    before = (case.version, case.deliveries.get().fetches)
    for name, address in addresses(case):
        answer = getattr(client, method)(address)
        assert answer.status_code != 500, name
        assert SECRET not in body(answer), f"{role} reads {name}"
        if case.number in address:
            assert answer.status_code in (302, 404, 405, 429), (name, answer.status_code)
            if answer.status_code == 302:
                assert answer["Location"].startswith(("/desk/login/", "/desk/")), name
    case = Case.objects.get()
    assert (case.version, case.deliveries.get().fetches) == before


def test_an_auditor_sees_the_case_and_changes_nothing(case: Case) -> None:
    client, before = asking("auditor"), case.version
    assert SECRET in client.get(f"/desk/cases/{case.number}/").content.decode()
    for name, address in addresses(case):
        answer = client.post(address, {"verb": "close", "version": case.version})
        assert answer.status_code != 500, name
    assert Case.objects.get().version == before


def test_every_form_without_its_token_is_refused(case: Case, client: Client) -> None:
    """Whoever is signed in, or carries a code: another site's form does nothing."""
    officer = asking("officer")
    for asked in (officer, client):
        forging = Client(enforce_csrf_checks=True)
        forging.cookies = asked.cookies
        before = (case.version, SavedView.objects.count(), StaffProfile.objects.count())
        for name, address in addresses(case):
            answer = forging.post(address, {"name": "x", "verb": "close", "version": 3})
            assert answer.status_code == 403, (name, answer.status_code)
        case.refresh_from_db()
        assert (case.version, SavedView.objects.count(), StaffProfile.objects.count()) == before


FORMS = [
    (APPLY, form_of()),
    ("/cases/demand/", {"title": "x", "wanted": "x", "purpose": "x", "applicant_type": "person"}),
    ("/cases/correct/?dataset=mzj/parks", {"wrong": "x", "applicant_type": "person"}),
]


@pytest.mark.parametrize(("address", "form"), FORMS)
def test_what_is_written_anywhere_is_shown_as_text_everywhere(
    client: Client, address: str, form: dict[str, str]
) -> None:
    typed = {"idempotency_key", "applicant_type", "undertaking", "uscc", "email", "phone"}
    evil = {name: value if name in typed else EVIL for name, value in form.items()}
    evil |= {"idempotency_key": "c" * 32, "applicant_name": EVIL}
    sent_back = client.post(address, {**evil, "email": EVIL})
    assert sent_back.status_code == 422
    assert "<script>alert" not in body(sent_back)
    assert client.post(address, evil).status_code == 302
    case, by = Case.objects.get(), By(Actor.OPERATOR, "chief")
    actions.ask(case, by, EVIL)
    client.post(f"/cases/{case.number}/supplement/", {"words": EVIL})
    case = Case.objects.get()
    refusal = actions.Refusal(EVIL, "other-provision", EVIL, EVIL, "law")
    actions.refuse(portal.now(), case, by, refusal, message=EVIL)
    operator = signed_in("chief", "")
    operator.post("/desk/views/", {"name": EVIL, "query": "show=all"})
    pages = [
        *(client.get(f"/cases/{case.number}/{path}") for path in ("", "receipt/", "letters/1/")),
        *(client.get(f"/cases/{case.number}/letters/{n}/") for n in (2, 4)),
        operator.get(f"/desk/cases/{case.number}/"),
        operator.get("/desk/?show=all"),
        operator.get(f"/desk/?show=all&q={EVIL}"),
        operator.get("/desk/export.csv?show=all"),
        client.get(f"/cases/{EVIL}/"),
        client.get(f"/cases/apply/?dataset={EVIL}"),
        client.get(f"/cases/correct/?dataset=mzj/parks&field={EVIL}"),
        client.post("/cases/track/", {"number": EVIL, "code": EVIL}),
        Client().post(f"/desk/login/?next={EVIL}", {"username": EVIL, "password": EVIL}),
    ]
    shown = 0
    for page in pages:
        if page.get("Content-Type", "").startswith("text/html"):
            assert "<script>alert" not in body(page)
            assert "unsafe" not in page["Content-Security-Policy"]
            shown += 1
    assert shown > 10


@pytest.mark.parametrize("number", ["..", "../../etc/passwd", "%2e%2e%2fvar", "\x00", "九" * 400])
def test_odd_numbers_in_addresses_are_only_not_found(client: Client, number: str) -> None:
    for place in (f"/cases/{number}/", f"/desk/cases/{number}/", f"/cases/{number}/receipt/"):
        assert client.get(place).status_code in (301, 302, 400, 404)


def test_a_form_that_was_never_finished_tells_nobody_what_is_stored(case: Case) -> None:
    """The same key from another browser gives the receipt of the same case, and only the key does."""
    other = Client().post(APPLY, form_of("9" * 32))
    assert other.status_code == 302
    assert case.number not in other["Location"]


ODD = ("%00", "%ed%a0%80", "%e2%80%aex", "..%2f..", "9" * 400)


@pytest.mark.parametrize("role", ["officer", "auditor"])
@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_odd_addresses_at_the_desk_are_no_failure(case: Case, role: str, odd: str) -> None:
    client = asking(role)
    names = ("show", "kind", "state", "department", "due", "q", "after")
    for address in (
        *(f"/desk/?{name}={odd}" for name in names),
        *(f"/desk/export.csv?{name}={odd}" for name in names),
        f"/desk/cases/{odd}/",
        f"/desk/cases/{odd}/letters/1/",
        f"/desk/cases/{odd}/attachments/1/",
        f"/desk/cases/{case.number}/letters/{'9' * 30}/",
        f"/desk/cases/{case.number}/attachments/{'9' * 30}/",
        f"/desk/figures/?year={odd}",
    ):
        answer = client.get(address)
        assert answer.status_code in (200, 400, 404), address
        body(answer)
    answer = client.post("/desk/views/", {"name": "x", "query": f"q={odd}&show=all"})
    assert answer.status_code == 302
    assert client.get(answer["Location"]).status_code == 200
    assert client.post(f"/desk/views/{'9' * 30}/drop/").status_code == 404
