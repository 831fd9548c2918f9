"""A mail as bytes (RFC 5322): headers that nothing written by a visitor can break out of."""

from __future__ import annotations

import re
from email.errors import HeaderDefect
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

_BREAKS = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029\ud800-\udfff]+")


class BadAddress(ValueError):
    """No mail can ever reach this address."""


def compose(
    *,
    message_id: str,
    sender: str,
    sender_name: str,
    recipient: str,
    subject: str,
    body: str,
    at: dt.datetime,
) -> EmailMessage:
    """The message; `message_id` is the part within the angle brackets. Raises BadAddress."""
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    message["Message-ID"] = f"<{message_id}>"
    message["Date"] = format_datetime(at)
    message["From"] = Address(one_line(sender_name), addr_spec=sender)
    message["To"] = _address(recipient)
    message["Subject"] = one_line(subject)
    # Nobody's holiday notice answers a machine (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_surrogates_out(body), charset="utf-8", cte="base64")
    return message


def one_line(text: str) -> str:
    """`text` without line ends and control characters, as a header or a log line needs it."""
    return _BREAKS.sub(" ", text).strip()


def _address(text: str) -> Address:
    try:
        return Address(addr_spec=text)
    except (ValueError, IndexError, HeaderDefect) as error:
        raise BadAddress from error


def _surrogates_out(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
