"""The outbox's mails reach a real server, whatever happens on the way, and none is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.cases.mail.servers import Mood, running
from tests.servers import free_port

from kaishu.base import clock
from kaishu.cases import outbox
from kaishu.cases.mail import worker
from kaishu.cases.mail.smtp import Server
from kaishu.cases.models import OutgoingMail

if TYPE_CHECKING:
    from collections.abc import Iterator

TO = "wang@example.org"


@pytest.fixture
def mood() -> Iterator[Mood]:
    with running() as found:
        yield found


def server(mood: Mood | None = None, port: int = 0) -> Server:
    address = mood.address if mood else f"smtp://127.0.0.1:{port or free_port()}"
    found = Server.of({"KAISHU_SMTP": address}, "open@example.org")
    assert found is not None
    return found


def queue(count: int = 1, start: int = 0) -> None:
    outbox.queue(
        outbox.prepare(f"test.{n}", TO, f"事项{n}", f"正文{n}\n")
        for n in range(start, start + count)
    )


def states() -> list[str]:
    return [mail.state for mail in OutgoingMail.objects.order_by("pk")]


def later(**ahead: int) -> object:
    return clock.moved_to(clock.now() + timedelta(**ahead))


def test_mails_are_sent_once_and_their_words_forgotten(mood: Mood) -> None:
    queue(3)
    assert worker.send_due(server(mood), "局") == 3
    assert worker.send_due(server(mood), "局") == 0
    assert [one["Subject"] for one in mood.taken] == ["事项0", "事项1", "事项2"]
    assert states() == ["sent"] * 3
    assert not OutgoingMail.objects.exclude(sealed="").exists()


def test_while_the_server_is_down_mails_wait_longer_each_time() -> None:
    queue()
    with clock.moved_to(clock.now()):
        begun = clock.now()
        waited = []
        for _attempt in range(7):
            mail = OutgoingMail.objects.get()
            with clock.moved_to(mail.not_before):
                assert worker.send_due(server(), "局") == 1
                waited.append(OutgoingMail.objects.get().not_before - clock.now())
    assert waited == [*worker.PAUSES, *[worker.PAUSES[-1]] * 2]
    assert states() == ["waiting"]
    assert OutgoingMail.objects.get().last_error
    with clock.moved_to(begun + worker.GIVE_UP + timedelta(days=1)):
        worker.send_due(server(), "局")
    assert states() == ["failed"]


def test_a_mail_that_waited_arrives_when_the_server_is_back() -> None:
    queue()
    port = free_port()
    assert worker.send_due(server(port=port), "局") == 1
    assert states() == ["waiting"]
    with running(port=port) as mood, later(minutes=2):  # type: ignore[attr-defined]
        assert worker.send_due(server(mood), "局") == 1
        assert len(mood.taken) == 1
    assert states() == ["sent"]


def test_a_refusal_for_good_is_not_tried_again(mood: Mood) -> None:
    queue()
    mood.recipient[TO] = "550 no such user"
    worker.send_due(server(mood), "局")
    assert states() == ["failed"]
    assert OutgoingMail.objects.get().last_error == "550 no such user"


def test_a_refusal_for_now_is(mood: Mood) -> None:
    queue()
    mood.data = "451 later"
    worker.send_due(server(mood), "局")
    assert states() == ["waiting"]
    mood.data = "250 OK"
    with later(minutes=2):  # type: ignore[attr-defined]
        worker.send_due(server(mood), "局")
    assert states() == ["sent"]


def test_a_connection_cut_after_the_content_sends_the_same_mail_again(mood: Mood) -> None:
    queue()
    mood.cut_after_data = 1
    worker.send_due(server(mood), "局")
    assert states() == ["waiting"]
    with later(minutes=2):  # type: ignore[attr-defined]
        worker.send_due(server(mood), "局")
    assert states() == ["sent"]
    assert len({one["Message-ID"] for one in mood.seen}) == 1
    assert len(mood.seen) == 2


def test_a_worker_that_died_leaves_its_mails_to_the_next(mood: Mood) -> None:
    queue(2)
    assert len(worker._claim(10)) == 2
    assert worker.send_due(server(mood), "局") == 0
    with clock.moved_to(clock.now() + worker.CLAIM + timedelta(seconds=1)):
        assert worker.send_due(server(mood), "局") == 2
    assert len(mood.taken) == 2


def test_an_address_that_is_none_holds_nothing_up(mood: Mood) -> None:
    outbox.queue([outbox.prepare("bad", "a@b.org\r\nBcc: x@y.org", "x", "y")])
    queue()
    worker.send_due(server(mood), "局")
    assert states() == ["failed", "sent"]
    assert [one["To"] for one in mood.taken] == [TO]


def test_the_log_names_no_person_and_stays_on_one_line(
    mood: Mood, caplog: pytest.LogCaptureFixture
) -> None:
    queue()
    mood.recipient[TO] = "550-no\r\n550 such user"
    worker.send_due(server(mood), "局")
    assert caplog.messages
    assert all("\n" not in line and TO not in line for line in caplog.messages)
