"""One session with the operator's mail server (RFC 5321), and what becomes of each mail in it."""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from kaishu.base.errors import UsageError
from kaishu.base.i18n import gettext as _
from kaishu.cases.mail.message import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from email.message import EmailMessage
    from types import TracebackType

TIMEOUT = 30.0  # seconds for each step
LONGEST_REASON = 300
_PORTS = {"smtp": 25, "starttls": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed over; `security` is smtp (none), starttls or smtps."""

    host: str
    port: int
    security: str
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def of(cls, said: Mapping[str, str], sender: str) -> Self | None:
        """As KAISHU_SMTP and its companions say, or None; `sender` where they name none.

        Raises UsageError where the address has another form.
        """
        address = said.get("KAISHU_SMTP", "")
        if not address:
            return None
        parts = urlsplit(address)
        sender = said.get("KAISHU_MAIL_FROM") or sender
        if parts.scheme not in _PORTS or not parts.hostname or not sender:
            raise UsageError(
                _(
                    "KAISHU_SMTP is smtp://host:port, starttls://host:port or smtps://host:port, "
                    "and KAISHU_MAIL_FROM or the operator's e-mail address is set."
                )
            )
        return cls(
            parts.hostname,
            parts.port or _PORTS[parts.scheme],
            parts.scheme,
            sender,
            said.get("KAISHU_SMTP_USER", ""),
            said.get("KAISHU_SMTP_PASSWORD", ""),
        )


class Fate(Enum):
    """What became of a mail."""

    SENT = "sent"
    AGAIN = "again"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The fate, and the server's word on it, on one line."""

    fate: Fate
    why: str = ""


class Session:
    """A session that is opened at the first mail and again after a failure."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._link: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._link is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._link.quit()
        self._drop()

    def send(self, message: EmailMessage, recipient: str) -> Verdict:
        """Hand one mail over. Only a refusal of its recipient or its content is for good.

        Where the connection is lost after the content, the mail may have been taken: it is sent
        again under the same Message-ID, since a second copy is better than none.
        """
        try:
            link = self._open()
            link.rset()
            _expect(link.mail(self.server.sender), for_good=False)
            _expect(link.rcpt(recipient), for_good=True)
            _expect(link.data(message.as_bytes()), for_good=True)
        except _Refused as refused:
            return refused.verdict
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            return Verdict(Fate.AGAIN, _reason(error))
        return Verdict(Fate.SENT)

    def _open(self) -> smtplib.SMTP:
        if self._link is not None:
            return self._link
        server = self.server
        if server.security == "smtps":
            context = ssl.create_default_context()
            link: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=TIMEOUT, context=context
            )
        else:
            link = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
        self._link = link
        link.ehlo_or_helo_if_needed()
        if server.security == "starttls":
            link.starttls(context=ssl.create_default_context())
        if server.user:
            link.login(server.user, server.password)
        return link

    def _drop(self) -> None:
        if self._link is not None:
            self._link.close()
            self._link = None


class _Refused(Exception):
    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict


def _expect(reply: tuple[int, bytes], *, for_good: bool) -> None:
    code, text = reply
    if 200 <= code < 300:
        return
    fate = Fate.NEVER if for_good and 500 <= code < 600 else Fate.AGAIN
    raise _Refused(Verdict(fate, _line(f"{code} {text.decode('utf-8', 'replace')}")))


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        words = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
        return _line(f"{error.smtp_code} {words}")
    return _line(f"{type(error).__name__}: {error}")


def _line(text: str) -> str:
    return one_line(text)[:LONGEST_REASON]
