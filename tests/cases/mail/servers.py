"""A real SMTP server whose mood can be set, on a free port of loopback."""

from __future__ import annotations

import asyncio
import contextlib
import email
import email.policy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage

USER, PASSWORD = b"kaishu", b"a-long-enough-password"


@dataclass
class Mood:
    """What the server says to each command, and what it has taken."""

    mail: str = "250 OK"
    recipient: dict[str, str] = field(default_factory=dict)
    data: str = "250 OK"
    cut_after_data: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    seen: list[EmailMessage] = field(default_factory=list)
    address: str = ""

    async def handle_MAIL(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.mail

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        said = self.recipient.get(address, "250 OK")
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.seen.append(message)  # type: ignore[arg-type]
        if self.cut_after_data:
            self.cut_after_data -= 1
            server.transport.abort()
            await asyncio.sleep(0)
            return "250 OK"
        if self.data.startswith("250"):
            self.taken.append(message)  # type: ignore[arg-type]
        return self.data


def _check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, login: Any) -> AuthResult:
    right = isinstance(login, LoginPassword) and login == LoginPassword(USER, PASSWORD)
    return AuthResult(success=right, handled=right)


@contextlib.contextmanager
def running(*, sign_in: bool = False, port: int = 0) -> Iterator[Mood]:
    mood = Mood()
    more = (
        {"auth_require_tls": False, "auth_required": True, "authenticator": _check}
        if sign_in
        else {}
    )
    controller = Controller(mood, hostname="127.0.0.1", port=port or _free(), **more)
    controller.start()
    mood.address = f"smtp://127.0.0.1:{controller.port}"
    try:
        yield mood
    finally:
        controller.stop()


def _free() -> int:
    from tests.servers import free_port

    return free_port()
