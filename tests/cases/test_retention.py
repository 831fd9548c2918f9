"""Personal data gone after their term, the chain whole, the register's facts still there."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from tests.cases.conftest import FIELDS, OFFICER, dumped, events_of
from tests.cases.files import made

from kaishu.base import clock
from kaishu.base.clock import SHANGHAI
from kaishu.cases import actions, audit, filing, intake, retention
from kaishu.cases.models import Answer, Case, Delivery, Note, OutgoingMail, Throttled
from kaishu.cases.records import Attachment
from kaishu.cli.retention import erased

if TYPE_CHECKING:
    from django.test import Client

    from kaishu.cases.portal import Now

ENDED = datetime(2026, 10, 9, 12, tzinfo=SHANGHAI)
LATER = datetime(2029, 10, 10, 12, tzinfo=SHANGHAI)
PERSONAL = (
    FIELDS["applicant_name"],
    FIELDS["phone"],
    "请问王小明",
    "王小明的答复",
    "王小明不符合",
    "王小明的证明",
)


@pytest.fixture
def ended(case: Case, now: Now) -> Case:
    with clock.moved_to(ENDED):
        actions.ask(case, OFFICER, "请问王小明")
        sent = intake.Admitted((intake.Sent("王小明的证明.png", "image/png", made.png()),))
        filing.supplement(case, "王小明的答复", sent.attachments(case))
        actions.refuse(now, case, OFFICER, actions.Refusal("王小明不符合", "conditions-not-met"))
    return case


def everything() -> str:
    """All that the tables of cases hold, opened where it is sealed."""
    rows: list[object] = list(Answer.objects.values()) + list(OutgoingMail.objects.values())
    rows += [(case.statement, vars(case)) for case in Case.objects.all()]
    rows += [one.name for one in Attachment.objects.all()]
    rows += [note.text for note in Note.objects.all()] + list(Delivery.objects.values())
    return dumped(rows)


def test_after_the_term_nothing_personal_is_left_and_the_chain_is_whole(ended: Case) -> None:
    assert all(words in everything() for words in PERSONAL)
    with clock.moved_to(LATER):
        assert list(retention.erase()) == [ended.number]
    assert not any(words in everything() for words in PERSONAL)
    assert list(audit.verify()) == []
    now = Case.objects.get()
    assert events_of(now)[-1] == "erase"
    assert (now.state, now.answer.reason_code, now.dataset_key) == (
        "refused",
        "conditions-not-met",
        "mzj/visits",
    )


def test_before_the_term_and_twice_nothing_happens(ended: Case) -> None:
    with clock.moved_to(ENDED + timedelta(days=3 * 365)):
        assert list(retention.erase()) == []
    with clock.moved_to(LATER):
        assert len(list(retention.erase())) == 1
        assert list(retention.erase()) == []


def test_a_released_reason_stays(ended: Case) -> None:
    actions.release(ended, OFFICER)
    with clock.moved_to(LATER):
        assert len(list(retention.erase())) == 1
    assert Answer.objects.get().reason == "王小明不符合"
    assert list(audit.verify()) == []


def test_a_case_in_dispute_and_an_open_one_wait(ended: Case, now: Now) -> None:
    filing.file(
        now,
        filing.Filing(filing.Kind.DISPUTE, {"grounds": "不服"}, about=ended),
        idempotency_key="7" * 32,
    )
    with clock.moved_to(LATER):
        assert list(retention.erase()) == []


def test_delivered_files_go_too(case: Case, now: Now) -> None:
    handover = actions.Handover(filename="王小明.csv", blocks=[b"a\n"])
    with clock.moved_to(ENDED):
        actions.grant(now, case, OFFICER, "", handover=handover)
    path = actions.stored_path(case.deliveries.get())
    assert path.exists()
    with clock.moved_to(LATER):
        assert len(list(retention.erase())) == 1
    assert not path.exists()
    assert "王小明" not in everything()
    assert list(audit.verify()) == []


def test_traces_that_have_run_out_go(client: Client) -> None:
    client.get("/cases/202601010000001/")
    client.post("/desk/login/", {"username": "nobody", "password": "x"})
    retention.prune_traces()
    assert (Throttled.objects.count(), AccessAttempt.objects.count()) == (1, 1)
    with clock.moved_to(clock.now() + timedelta(hours=1)):
        retention.prune_traces()
    assert (Throttled.objects.count(), AccessAttempt.objects.count()) == (0, 0)


def test_access_logs_go_after_twelve_months(capsys: pytest.CaptureFixture[str]) -> None:
    folder = Path(settings.KAISHU_VAR) / "access"
    folder.mkdir()
    for day in ("2025-11-20", "2025-11-21", "2026-11-21"):
        (folder / f"{day}.jsonl").write_text("{}\n")
    with clock.moved_to(datetime(2026, 11, 21, 9, tzinfo=SHANGHAI)):
        erased()
    assert sorted(path.stem for path in folder.iterdir()) == ["2025-11-21", "2026-11-21"]
    assert "1 天" in capsys.readouterr().out
