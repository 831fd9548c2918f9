"""The table of steps: each way tried, for each kind and each actor."""

from __future__ import annotations

import pytest

from kaishu.base.errors import NotAllowed
from kaishu.cases.transitions import ACTORS, TRANSITIONS, after, is_open
from kaishu.cases.words import UNANSWERED, Actor, Kind, State, Verb

CITIZENS = {Verb.FILE, Verb.AMEND, Verb.WITHDRAW, Verb.SUPPLEMENT, Verb.FETCH, Verb.DISPUTE}
DELIVERIES = {Verb.DELIVER, Verb.FETCH, Verb.REVOKE, Verb.EXPIRE}


def test_every_verb_says_who_may_do_it() -> None:
    assert set(ACTORS) == set(Verb)
    assert {verb for verb, who in ACTORS.items() if Actor.APPLICANT in who} == CITIZENS


@pytest.mark.parametrize("kind", Kind)
def test_a_step_is_open_exactly_where_the_table_has_it(kind: Kind) -> None:
    for verb in Verb:
        for state in State:
            for actor in Actor:
                if is_open(verb, kind, state, actor):
                    assert after(verb, kind, state, actor) == TRANSITIONS[verb, state]
                else:
                    with pytest.raises(NotAllowed):
                        after(verb, kind, state, actor)


def test_answers_are_given_where_one_is_owed_and_nowhere_else() -> None:
    for verb in (Verb.GRANT, Verb.GRANT_IN_PART, Verb.REFUSE):
        for kind in Kind:
            assert {state for state in State if is_open(verb, kind, state)} == set(UNANSWERED)


def test_data_are_delivered_on_an_application_alone() -> None:
    for verb in DELIVERIES:
        kinds = {kind for kind in Kind if any(is_open(verb, kind, state) for state in State)}
        assert kinds == {Kind.OPEN_APPLICATION}


def test_only_the_operator_passes_on_and_only_what_citizens_may_not_send_themselves() -> None:
    assert ACTORS[Verb.PASS_ON] == {Actor.OPERATOR}
    assert is_open(Verb.PASS_ON, Kind.CORRECTION, State.SUBMITTED)
    assert not is_open(Verb.PASS_ON, Kind.OPEN_APPLICATION, State.SUBMITTED)


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.REFUSED, State.CLOSED])
def test_what_has_ended_is_never_decided_again(state: State) -> None:
    again = {verb for verb in Verb if is_open(verb, Kind.OPEN_APPLICATION, state)}
    assert again <= {Verb.CLOSE, Verb.DISPUTE, Verb.RELEASE, Verb.ERASE}
    assert all(TRANSITIONS[verb, state] in (state, State.CLOSED) for verb in again)


def test_the_refusal_names_the_state_or_the_person() -> None:
    with pytest.raises(NotAllowed, match="不同意开放"):
        after(Verb.GRANT, Kind.OPEN_APPLICATION, State.REFUSED, Actor.OFFICER)
    with pytest.raises(NotAllowed, match="申请人"):
        after(Verb.GRANT, Kind.OPEN_APPLICATION, State.SUBMITTED, Actor.APPLICANT)
