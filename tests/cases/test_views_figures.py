"""Reply times at the desk: one's own department's, or all for whoever sees all."""

from __future__ import annotations

from datetime import datetime

from django.test import Client
from tests.cases.conftest import file_one, signed_in

from kaishu.base import clock
from kaishu.base.clock import SHANGHAI
from kaishu.cases import actions, tally
from kaishu.cases.portal import Now
from kaishu.cases.steps import By
from kaishu.cases.words import Actor


def test_figures_are_those_of_ones_department(now: Now) -> None:
    with clock.moved_to(datetime(2026, 10, 9, 12, tzinfo=SHANGHAI)):
        actions.grant(now, file_one(now), By(Actor.OFFICER, "zhang"), "同意")
    tally.refresh(now)
    own = signed_in("zhang", "mzj").get("/desk/figures/").content.decode()
    assert "民政局</td>" in own
    assert '<td class="ks-number">2</td>' in own
    assert "民政局</td>" not in signed_in("li", "jtj").get("/desk/figures/").content.decode()
    assert "民政局</td>" in signed_in("chief", "").get("/desk/figures/").content.decode()
    assert Client().get("/desk/figures/").status_code == 302
