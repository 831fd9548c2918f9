"""The table of steps, each way tried."""

from __future__ import annotations

import pytest

from kaishu.base.errors import NotAllowed
from kaishu.cases.models import State, Verb
from kaishu.cases.transitions import TRANSITIONS, after, is_open


@pytest.mark.parametrize("verb", Verb)
@pytest.mark.parametrize("state", State)
def test_a_step_is_open_exactly_where_the_table_has_it(verb: Verb, state: State) -> None:
    assert is_open(verb, state) == ((verb, state) in TRANSITIONS)
    if (verb, state) in TRANSITIONS:
        assert after(verb, state) == TRANSITIONS[verb, state]
    else:
        with pytest.raises(NotAllowed, match=state.label):
            after(verb, state)


@pytest.mark.parametrize("state", [State.REFUSED, State.WITHDRAWN])
def test_nothing_follows_a_refusal_or_a_withdrawal(state: State) -> None:
    assert not any(is_open(verb, state) for verb in Verb)
