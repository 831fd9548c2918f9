"""Earlier cases as the present ones are: their words sealed, their events in a chain."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import migrations

from kaishu.cases import chain, encryption, numbers

NO_TERM = date(9999, 12, 31)
STATED = (
    "applicant_type", "applicant_name", "uscc", "contact_person", "phone", "email", "wanted",
    "purpose", "scene", "period", "delivery_way", "security",
)  # fmt: skip
INDEXED = ("applicant_name", "uscc", "phone", "email")
PUBLIC = ("outcome", "basis_title", "basis_article", "basis_level")
OPEN = ("submitted", "granted")


def seal_and_chain(apps: Any, _editor: Any) -> None:
    """Case by case, so that memory stays small."""
    for case in apps.get_model("cases", "Case").objects.iterator():
        (salt, statement), events = _seal(case), list(case.events.order_by("sequence"))
        answer = getattr(case, "answer", None)
        before = chain.start(case.number)
        for event in events:
            if event.verb == "submit":
                event.verb = "file"
                event.data["statement"] = chain.commitment(salt, statement)
            if event.verb in ("grant", "refuse") and answer is not None:
                event.data |= {name: getattr(answer, name) for name in PUBLIC}
                event.data["answer"] = chain.commitment(salt, [answer.message, answer.reason])
            event.hash = before = chain.link(
                before, sequence=event.sequence, at=event.at, verb=event.verb, actor=event.actor,
                actor_name=event.actor_name, data=event.data,
            )  # fmt: skip
            event.save()
        case.head = before
        case.save()
    for profile in apps.get_model("cases", "StaffProfile").objects.filter(department=""):
        profile.role = "operator"
        profile.save()


def _seal(case: Any) -> tuple[str, dict[str, Any]]:
    """Fill the new columns of one case; its salt and its statement."""
    salt = chain.new_salt()
    statement = {name: getattr(case, name) for name in STATED}
    case.sealed = encryption.seal({"salt": salt, "statement": statement})
    for name in INDEXED:
        setattr(case, f"{name}_index", encryption.blind(name, statement[name]))
    code = numbers.code_for(case.idempotency_key, settings.SECRET_KEY)
    case.access = numbers.access_of(case.number, code)
    case.idempotency_key = encryption.keyed("idempotency", case.idempotency_key)
    case.provider = case.department
    case.started_at = case.received_at
    running = case.state == "submitted" or case.clock == "delivery"
    case.open_due_on = (
        ((case.due_date if running else None) or NO_TERM) if case.state in OPEN else None
    )
    answer = getattr(case, "answer", None)
    case.answered_at = answer.answered_at if answer else None
    if case.open_due_on is None:
        last = case.events.order_by("sequence").last()
        case.ended_at = last.at if last else case.received_at
    return salt, statement


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_all_kinds")]

    operations = [migrations.RunPython(seal_and_chain)]
