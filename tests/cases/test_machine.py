"""A machine that does to a case whatever the table allows, and tries what it does not."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from tests.cases.conftest import FIELDS, RECEIVED

from kaishu.base import clock
from kaishu.base.errors import Conflict, KaishuError, NotAllowed
from kaishu.cases import actions, audit, filing, handover, portal, retention
from kaishu.cases.clock import is_overdue
from kaishu.cases.models import Case
from kaishu.cases.steps import By, step, write
from kaishu.cases.transitions import TRANSITIONS, is_open
from kaishu.cases.words import CONSENTED, UNANSWERED, Actor, Kind, State, Verb

if TYPE_CHECKING:
    from collections.abc import Callable

REFUSAL = actions.Refusal("理由", "not-held")
LINK = actions.Handover(link="https://example.org/d")
_keys = count()


class Machine(RuleBasedStateMachine):
    """One case, its states as the table has them, and a clock that only goes forward."""

    def __init__(self) -> None:
        super().__init__()
        self.portal, self.now = portal.now(), RECEIVED
        self.state: State | None = None
        self.pk = self.events = 0

    def act(self, verb: Verb, by: Actor, do: Callable[[Case], Any]) -> None:
        """Do it; the table alone decides whether it must succeed or be refused."""
        case = Case.objects.select_related("answer").get(pk=self.pk)
        assert self.state is not None
        allowed = is_open(verb, case.kind, self.state, by)
        with clock.moved_to(self.now):
            if not allowed:
                with pytest.raises(NotAllowed):
                    do(case)
                return
            try:
                do(case)
            except (KaishuError, AttributeError) as error:
                # What the table opens may still want more: a term, a delivery, an hour.
                assert not isinstance(error, Conflict) or isinstance(error, NotAllowed), verb
                return
        self.state = TRANSITIONS[verb, self.state]
        self.events += 1

    @precondition(lambda self: self.state is None)
    @rule(kind=st.sampled_from([Kind.OPEN_APPLICATION, Kind.OPEN_DEMAND, Kind.CORRECTION]))
    def file(self, kind: Kind) -> None:
        dataset = None if kind is Kind.OPEN_DEMAND else self.portal.dataset("mzj/visits")
        filed = filing.Filing(kind, FIELDS, dataset)
        with clock.moved_to(self.now):
            case = filing.file(self.portal, filed, idempotency_key=f"{next(_keys):032x}")
        self.pk, self.state, self.events = case.pk, State.SUBMITTED, 1

    @rule(hours=st.integers(1, 400))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @precondition(lambda self: self.state is not None)
    @rule(
        actor=st.sampled_from([Actor.OFFICER, Actor.HEAD, Actor.OPERATOR, Actor.APPLICANT]),
        verb=st.sampled_from(
            [
                Verb.ACCEPT, Verb.PASS_ON, Verb.ASK, Verb.TRANSFER, Verb.EXTEND, Verb.GRANT,
                Verb.GRANT_IN_PART, Verb.REFUSE, Verb.DELIVER, Verb.REVOKE, Verb.CLOSE,
            ]
        ),
    )  # fmt: skip
    def desk(self, actor: Actor, verb: Verb) -> None:
        by, now = By(actor, "x"), self.portal
        steps: dict[Verb, Callable[[Case], Any]] = {
            Verb.ACCEPT: lambda case: actions.accept(case, by),
            Verb.PASS_ON: lambda case: actions.pass_on(now, case, by, "mzj"),
            Verb.ASK: lambda case: actions.ask(case, by, "问"),
            Verb.TRANSFER: lambda case: actions.transfer(
                now, case, by, "jtj" if case.department != "jtj" else "mzj", "因"
            ),
            Verb.EXTEND: lambda case: actions.extend(now, case, by, 1, "因"),
            Verb.GRANT: lambda case: actions.grant(now, case, by, ""),
            Verb.GRANT_IN_PART: lambda case: actions.grant(now, case, by, "", in_part=REFUSAL),
            Verb.REFUSE: lambda case: actions.refuse(now, case, by, REFUSAL),
            Verb.DELIVER: lambda case: actions.deliver(case, by, LINK),
            Verb.REVOKE: lambda case: actions.revoke(case, by, "因"),
            Verb.CLOSE: lambda case: actions.close(case, by),
        }
        self.act(verb, actor, steps[verb])

    @precondition(lambda self: self.state is not None)
    @rule(verb=st.sampled_from([Verb.AMEND, Verb.WITHDRAW, Verb.SUPPLEMENT, Verb.FETCH]))
    def applicant(self, verb: Verb) -> None:
        steps: dict[Verb, Callable[[Case], Any]] = {
            Verb.AMEND: lambda case: filing.amend(case, {**FIELDS, "purpose": "另"}),
            Verb.WITHDRAW: filing.withdraw,
            Verb.SUPPLEMENT: lambda case: filing.supplement(case, "补"),
            Verb.FETCH: lambda case: handover.take(case, case.deliveries.latest("pk")),
        }
        if verb is Verb.FETCH and not Case.objects.get(pk=self.pk).deliveries.exists():
            return
        self.act(verb, Actor.APPLICANT, steps[verb])

    @precondition(lambda self: self.state is not None)
    @rule()
    def somebody_was_faster(self) -> None:
        """A page that is out of date decides nothing."""
        case = Case.objects.get(pk=self.pk)
        case.version -= 1
        if is_open(Verb.WITHDRAW, case.kind, case.state):
            with pytest.raises(Conflict), clock.moved_to(self.now):
                write(step(case, Verb.WITHDRAW, By(Actor.APPLICANT)))

    @precondition(lambda self: self.state is not None)
    @rule()
    def keep_for_three_years(self) -> None:
        case = Case.objects.get(pk=self.pk)
        with clock.moved_to(self.now):
            erased = list(retention.erase())
        if erased:
            assert case.open_due_on is None
            self.events += 1
            assert not Case.objects.get(pk=self.pk).statement

    @invariant()
    def the_record_says_what_happened(self) -> None:
        if self.state is None:
            return
        case = Case.objects.get(pk=self.pk)
        assert (case.state, case.version) == (self.state, self.events)
        assert case.events.count() == self.events
        assert [wrong for number, wrong in audit.verify() if number == case.number] == []

    @invariant()
    def what_is_owed_is_listed_and_nothing_else(self) -> None:
        if self.state is None:
            return
        case = Case.objects.get(pk=self.pk)
        owed = case.state in UNANSWERED or (
            case.state in CONSENTED and case.kind == Kind.OPEN_APPLICATION
        )
        assert (case.open_due_on is not None) == owed
        assert (case.ended_at is None) == owed
        with clock.moved_to(self.now):
            assert not is_overdue(case) or owed


@pytest.mark.slow
def test_whatever_is_done_in_whatever_order_the_record_is_whole(db: None) -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )
