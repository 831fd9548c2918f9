"""Fields of forms, told apart as Django tells them apart."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent
from django.core.handlers.wsgi import WSGIRequest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from kaishu.backend.handler import FormRequest

FIELDS = "application/x-www-form-urlencoded"
# What stands between fields, and what is encoded; and whatever else somebody may send.
SENT = st.one_of(
    st.lists(st.tuples(st.text(), st.text())).map(lambda pairs: urlencode(pairs).encode()),
    st.text(alphabet="&=%+;ab04CDEFef\0 \n究").map(str.encode),
    st.binary(max_size=60),
)


def asked(kind: type[WSGIRequest], body: bytes, media_type: str = FIELDS) -> Any:
    return kind(
        {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/cases/apply/",
            "CONTENT_TYPE": media_type,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
        }
    )


@given(SENT)
def test_fields_are_what_django_makes_of_them(body: bytes) -> None:
    ours, theirs = asked(FormRequest, body), asked(WSGIRequest, body)
    assert dict(ours.POST.lists()) == dict(theirs.POST.lists())
    assert ours.POST == theirs.POST
    assert not ours.FILES
    assert ours.body == body


def test_a_field_sent_twice_has_both_values_and_nobody_changes_them() -> None:
    sent = asked(FormRequest, b"a=1&b=%E7%A9%B6+x&a=2").POST
    assert (sent.getlist("a"), sent["a"], sent["b"]) == (["1", "2"], "2", "究 x")
    assert sent.urlencode() == QueryDict("a=1&a=2&b=%E7%A9%B6+x").urlencode()
    with pytest.raises(AttributeError):
        sent["a"] = "3"


def test_files_are_taken_apart_by_django() -> None:
    part = 'Content-Disposition: form-data; name="attachments"; filename="图.png"\r\n\r\n'
    body = f"--x\r\n{part}abc\r\n--x--\r\n".encode()
    request = asked(FormRequest, body, "multipart/form-data; boundary=x")
    assert request.FILES["attachments"].read() == b"abc"
    assert QueryDict() == asked(FormRequest, b"a=1", "text/plain").POST


@pytest.mark.parametrize(
    ("body", "media_type", "refused"),
    [
        (b"a=1&" * 2000, FIELDS, TooManyFieldsSent),
        (b"a" * 3_000_000, FIELDS, RequestDataTooBig),
        (b"a=1", f"{FIELDS}; charset=gb18030", BadRequest),
    ],
)
def test_what_django_refuses_is_refused(
    body: bytes, media_type: str, refused: type[Exception]
) -> None:
    for kind in (FormRequest, WSGIRequest):
        with pytest.raises(refused):
            _ = asked(kind, body, media_type).POST
