"""What a real server says decides a mail's fate."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage

import pytest
from tests.cases.mail.servers import PASSWORD, USER, running
from tests.servers import free_port

from kaishu.base.clock import SHANGHAI
from kaishu.base.errors import UsageError
from kaishu.cases.mail.message import compose
from kaishu.cases.mail.smtp import Fate, Server, Session

TO = "wang@example.org"


def server_at(address: str, **more: str) -> Server:
    found = Server.of({"KAISHU_SMTP": address, **more}, "open@example.org")
    assert found is not None
    return found


def message() -> EmailMessage:
    return compose(
        message_id="1.abc@data.example.org",
        sender="open@example.org",
        sender_name="局",
        recipient=TO,
        subject="收到",
        body="您好\n",
        at=datetime(2026, 11, 20, tzinfo=SHANGHAI),
    )


def test_a_mail_arrives_and_a_session_serves_many() -> None:
    with running() as mood, Session(server_at(mood.address)) as session:
        for _n in range(3):
            assert session.send(message(), TO).fate is Fate.SENT
    assert [one["Message-ID"] for one in mood.taken] == ["<1.abc@data.example.org>"] * 3


def test_a_server_that_is_down_is_tried_again() -> None:
    with Session(server_at(f"smtp://127.0.0.1:{free_port()}")) as session:
        assert session.send(message(), TO).fate is Fate.AGAIN


@pytest.mark.parametrize(
    ("said", "fate"), [("450 busy", Fate.AGAIN), ("550 no such user", Fate.NEVER)]
)
def test_a_refused_recipient(said: str, fate: Fate) -> None:
    with running() as mood, Session(server_at(mood.address)) as session:
        mood.recipient[TO] = said
        verdict = session.send(message(), TO)
        assert (verdict.fate, verdict.why) == (fate, said)
        # The session is fit for the next mail.
        mood.recipient.clear()
        assert session.send(message(), TO).fate is Fate.SENT


@pytest.mark.parametrize(("said", "fate"), [("451 later", Fate.AGAIN), ("554 never", Fate.NEVER)])
def test_a_refused_content(said: str, fate: Fate) -> None:
    with running() as mood, Session(server_at(mood.address)) as session:
        mood.data = said
        assert session.send(message(), TO).fate is fate


def test_a_refused_sender_is_the_operators_affair_and_tried_again() -> None:
    with running() as mood, Session(server_at(mood.address)) as session:
        mood.mail = "553 not you"
        assert session.send(message(), TO).fate is Fate.AGAIN


def test_a_connection_cut_after_the_content_is_tried_again_on_a_new_one() -> None:
    with running() as mood, Session(server_at(mood.address)) as session:
        mood.cut_after_data = 1
        assert session.send(message(), TO).fate is Fate.AGAIN
        assert session.send(message(), TO).fate is Fate.SENT
    assert [one["Message-ID"] for one in mood.seen] == ["<1.abc@data.example.org>"] * 2
    assert len(mood.taken) == 1


def test_a_server_that_asks_for_a_password_gets_it() -> None:
    with running(sign_in=True) as mood:
        known = {"KAISHU_SMTP_USER": USER.decode(), "KAISHU_SMTP_PASSWORD": PASSWORD.decode()}
        with Session(server_at(mood.address, **known)) as session:
            assert session.send(message(), TO).fate is Fate.SENT
        with Session(server_at(mood.address, **{**known, "KAISHU_SMTP_PASSWORD": "x"})) as session:
            assert session.send(message(), TO).fate is Fate.AGAIN


def test_what_the_server_says_is_kept_on_one_line() -> None:
    with running() as mood, Session(server_at(mood.address)) as session:
        mood.recipient[TO] = "550-no\r\n550 such user\x1b[31m"
        why = session.send(message(), TO).why
    assert "\n" not in why
    assert "\x1b" not in why


@pytest.mark.parametrize("address", ["mail.example.org", "http://mail.example.org", "smtp://"])
def test_an_address_of_another_form_is_refused(address: str) -> None:
    with pytest.raises(UsageError):
        server_at(address)


def test_without_an_address_there_is_no_server() -> None:
    assert Server.of({}, "open@example.org") is None
    with pytest.raises(UsageError):
        Server.of({"KAISHU_SMTP": "smtp://mail.example.org"}, "")
    assert server_at("smtps://mail.example.org").port == 465
    assert "a-long" not in repr(server_at("smtp://x", KAISHU_SMTP_PASSWORD="a-long-one"))
