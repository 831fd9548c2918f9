"""Obligations for readers: as text for the terminal, as Markdown, as JSON."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from kaishu.base.files import canonical_json
from kaishu.base.i18n import gettext as _
from kaishu.regulation import explain
from kaishu.supervision.obligation import EvidenceKind, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kaishu.supervision.obligation import Obligation
    from kaishu.supervision.record import Record

SHOWN_HASH = 12


def responsible(record: Record, one: Obligation) -> str:
    """The name of whoever owes it: the department, or the operator."""
    if one.department is None:
        return record.catalog.portal.operator.name
    found = record.catalog.portal.department(one.department)
    return found.name if found else one.department


def article(record: Record, one: Obligation) -> str:
    """The article that it rests on, with its text; empty where none asks for it."""
    if one.ground is None:
        return ""
    text = next((t for t in record.regulation.chain if t.id == one.ground.regulation), None)
    return f"{explain.quoted(text) if text else one.ground.regulation}{one.ground.article}"


def due_in_words(one: Obligation) -> str:
    """The due date, with a mark where it is provisional."""
    if one.due is None:
        return _("No day")
    return _("{day} (provisional)").format(day=one.due) if one.provisional else str(one.due)


def evidence_in_words(one: Obligation) -> str:
    """Commits in short, cases and files as they are called."""
    return _(", ").join(
        piece.reference[:SHOWN_HASH] if piece.kind is EvidenceKind.COMMIT else piece.reference
        for piece in one.evidence
    )


def as_text(record: Record, chosen: Sequence[Obligation]) -> str:
    """One obligation a paragraph, below its state; the states are in order of urgency."""
    lines = [_("Obligations on {day}").format(day=record.as_of)]
    for state in State:
        mine = [one for one in chosen if one.state is state]
        if mine:
            lines += ["", _("{state}: {n}").format(state=state.label, n=len(mine))]
        for one in mine:
            lines.append(f"  {due_in_words(one)}  {responsible(record, one)}  {one.subject}")
            lines += [f"      {detail}" for detail in _details(record, one)]
    if not chosen:
        lines += ["", _("None.")]
    return "\n".join(lines)


def _details(record: Record, one: Obligation) -> Iterable[str]:
    if one.late:
        yield one.state_in_words()
    if ground := article(record, one):
        yield _("Article: {article}").format(article=ground)
    if one.done:
        yield _("Done on {day}").format(day=one.done)
    if one.outstanding and one.state is not State.MET:
        yield _("Outstanding: {datasets}").format(datasets=_(", ").join(one.outstanding))
    if evidence := evidence_in_words(one):
        yield _("Evidence: {evidence}").format(evidence=evidence)
    if one.remark:
        yield one.remark


def as_markdown(record: Record, chosen: Sequence[Obligation]) -> str:
    """A table, one obligation a row."""
    heads = (
        _("Last day"),
        _("State"),
        _("Responsible"),
        _("Obligation"),
        _("Article"),
        _("Evidence"),
    )
    rows = [heads, tuple("---" for _head in heads)]
    rows += [
        (
            due_in_words(one),
            one.state_in_words(),
            responsible(record, one),
            one.subject,
            article(record, one),
            evidence_in_words(one) or one.remark,
        )
        for one in chosen
    ]
    return "\n".join(
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows
    )


def as_json(record: Record, chosen: Sequence[Obligation]) -> bytes:
    """`as_of`, `portal`, `summary` (how many in each state), `obligations` (`Obligation.as_dict`).

    Each obligation also has `responsible`, the name of whoever owes it.
    """
    count = Counter(one.state for one in chosen)
    return canonical_json(
        {
            "as_of": record.as_of.isoformat(),
            "portal": record.catalog.portal.url,
            "regulation": record.regulation.id,
            "summary": {state.value: count[state] for state in State},
            "obligations": [
                {**one.as_dict(), "responsible": responsible(record, one)} for one in chosen
            ],
        }
    )
