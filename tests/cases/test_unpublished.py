"""The operator is mailed that a build failed, once each time."""

from __future__ import annotations

from datetime import datetime

import pytest

from kaishu.cases import staff, unpublished
from kaishu.cases.models import OutgoingMail
from kaishu.cases.portal import now

pytestmark = pytest.mark.django_db
AT = datetime.fromisoformat("2026-03-02T09:00:00+08:00")


def told(at: datetime = AT, commit: str = "abc", reason: str = "没有空间") -> list[str]:
    unpublished.tell(now().catalog.portal, at, commit, reason)
    return sorted(one.recipient for one in OutgoingMail.objects.all())


def test_every_operator_is_told_once_of_each_failure() -> None:
    password = "a-long-enough-password"
    staff.add("ops", "", password, email="ops@example.org")
    staff.add("mz", "mzj", password, email="mz@example.org")
    assert told() == ["open@example.org", "ops@example.org"]
    assert told() == ["open@example.org", "ops@example.org"]
    mail = OutgoingMail.objects.first()
    assert mail is not None
    body = mail.body
    for words in ("没有空间", "abc", "2026年3月2日", "公开的网站保持原样"):
        assert words in body
    assert len(told(commit="def")) == 4
