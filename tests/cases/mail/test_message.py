"""What visitors wrote cannot break out of a header."""

from __future__ import annotations

import email
import email.policy
from datetime import datetime

import pytest

from kaishu.base.clock import SHANGHAI
from kaishu.cases.mail.message import BadAddress, compose

AT = datetime(2026, 11, 20, 23, 59, tzinfo=SHANGHAI)


def composed(**more: str) -> bytes:
    fields = {
        "message_id": "1.abc@data.example.org",
        "sender": "open@example.org",
        "sender_name": "测试市大数据管理局",
        "recipient": "wang@example.org",
        "subject": "收到您的开放申请",
        "body": "您好。\n办件编号 123。\n",
        **more,
    }
    return compose(at=AT, **fields).as_bytes()


def test_a_mail_reads_as_it_was_written() -> None:
    found = email.message_from_bytes(composed(), policy=email.policy.default)
    assert found["Message-ID"] == "<1.abc@data.example.org>"
    assert found["Subject"] == "收到您的开放申请"
    assert found["From"].addresses[0].display_name == "测试市大数据管理局"
    assert found["Date"].datetime == AT
    assert found.get_content().splitlines() == ["您好。", "办件编号 123。"]
    composed().decode("ascii")


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\0", "\u2028", "\x85"])
def test_a_line_end_in_a_subject_starts_no_header(break_: str) -> None:
    found = email.message_from_bytes(
        composed(subject=f"申请{break_}Bcc: other@example.org", sender_name=f"局{break_}X: y"),
        policy=email.policy.default,
    )
    assert found["Bcc"] is None
    assert found["X"] is None


@pytest.mark.parametrize(
    "address", ["a@b.org\r\nBcc: x@y.org", "a@b.org, c@d.org", "no address", "", "a@b.org\0"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(BadAddress):
        composed(recipient=address)


def test_a_body_with_what_cannot_be_encoded_is_still_sent() -> None:
    assert composed(body="x\ud800y")
