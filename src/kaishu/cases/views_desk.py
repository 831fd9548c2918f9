"""办理平台: one case, the rule's words beside each decision, and every step that is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kaishu.base.errors import Conflict, NotAllowed, NotSet, UsageError
from kaishu.base.i18n import gettext as _
from kaishu.cases import actions, letters
from kaishu.cases.clock import (
    approver,
    extension_of,
    is_overdue,
    refusal_states,
    standing_of,
    working_days_left,
)
from kaishu.cases.desk import may_act, missing_year, officers_only, visible
from kaishu.cases.forms_desk import (
    AnswerForm,
    AskForm,
    BareForm,
    DeliverForm,
    ExtendForm,
    PassOnForm,
    RevokeForm,
    TransferForm,
)
from kaishu.cases.models import Case
from kaishu.cases.portal import now
from kaishu.cases.records import Attachment, Confirmation
from kaishu.cases.statements import stated
from kaishu.cases.steps import CHANGED, By, acting
from kaishu.cases.transitions import ACTOR_OF, after, is_open
from kaishu.cases.views_status import told
from kaishu.cases.words import Kind, Outcome, Role, Verb

if TYPE_CHECKING:
    from django.http import HttpRequest

    from kaishu.cases.models import StaffProfile
    from kaishu.cases.portal import Now

# In the order of the page. An answer is one form, whichever way it goes.
FORMS: Final[dict[Verb, Any]] = {
    Verb.ACCEPT: BareForm,
    Verb.PASS_ON: PassOnForm,
    Verb.GRANT: AnswerForm,
    Verb.DELIVER: DeliverForm,
    Verb.ASK: AskForm,
    Verb.TRANSFER: TransferForm,
    Verb.EXTEND: ExtendForm,
    Verb.RELEASE: BareForm,
    Verb.REVOKE: RevokeForm,
    Verb.CLOSE: BareForm,
}


@officers_only
@require_http_methods(["GET", "HEAD", "POST"])
def case_page(request: HttpRequest, profile: StaffProfile, number: str) -> HttpResponse:
    """One case: what is asked, the rule's words, the steps that are open to this officer."""
    portal = now()
    case = visible(profile).select_related("answer", "about").filter(number=number).first()
    if case is None:
        raise Http404
    if request.method != "POST":
        return _page(request, portal, profile, case)
    if not may_act(profile):
        raise PermissionDenied
    by = acting(profile.role, request.user.get_username())
    verb = _verb(request, case)
    form = _form(verb, portal, case, request) if _is_offered(verb, portal, profile, case) else None
    if form is None:
        # What was offered when the page was made is open no longer: show what happened.
        return _page(request, portal, profile, case, conflict=_closed(verb, case, by))
    if not form.is_valid():
        if form.cleaned_data.get("version") not in (None, case.version):
            # What is wrong may be so only because of what somebody did meanwhile.
            return _page(request, portal, profile, case, conflict=_(CHANGED), typed=verb)
        return _page(request, portal, profile, case, bound=(verb, form))
    # The version that the officer saw, so that a decision made meanwhile is not overrun.
    case.version = form.cleaned_data["version"]
    try:
        _do(verb, portal, case, by, form.cleaned_data)
    except (Conflict, UsageError, NotSet) as raised:
        fresh = visible(profile).select_related("answer", "about").filter(pk=case.pk).first()
        if fresh is None:
            raise Http404 from raised
        return _page(request, portal, profile, fresh, conflict=str(raised), typed=verb)
    # A case that has gone to another department is not this officer's to see any more.
    if not visible(profile).filter(pk=case.pk).exists():
        return redirect("desk")
    return redirect("desk-case", number=number)


def _page(
    request: HttpRequest,
    portal: Now,
    profile: StaffProfile,
    case: Case,
    *,
    bound: tuple[Verb, Any] | None = None,
    conflict: str = "",
    typed: Verb | None = None,
) -> HttpResponse:
    """The page; `bound` is a form that is wrong, `typed` the step whose words another change met."""
    forms = {
        verb: _form(verb, portal, case)
        for verb in FORMS
        if _is_offered(verb, portal, profile, case)
    }
    if bound is not None:
        forms[bound[0]] = bound[1]
    if typed in forms:
        # What was typed stays, for the officer to send again or to change.
        words = {key: value for key, value in request.POST.items() if key != "version"}
        forms[typed].initial |= words
    stands = standing_of(case, portal)
    departments = portal.catalog.portal
    context = {
        "case": case,
        "rule": stands.rule if stands else None,
        "rule_text": stands.regulation if stands else None,
        "extension": extension_of(case, portal),
        "forms": {verb.value: form for verb, form in forms.items()},
        "bound": bound[1] if bound else None,
        "conflict": conflict,
        "stated": stated(case, portal),
        "dataset": portal.dataset(case.dataset_key),
        "department": departments.department(case.department),
        "provider": departments.department(case.provider),
        "overdue": is_overdue(case),
        "left": working_days_left(case, portal),
        "events": told(case),
        "letters": letters.letters(case, list(case.events.all())),
        "attachments": Attachment.objects.filter(case=case, sequence=1),
        "answer": getattr(case, "answer", None),
        "deliveries": list(case.deliveries.all()),
        "disputes": list(case.disputes.all()),
        "unconfirmed": Confirmation.objects.filter(case=case, confirmed_at=None).exists(),
        "missing_year": missing_year(portal),
        "profile": profile,
    }
    status = 409 if conflict else 422 if bound else 200
    return render(request, "desk/case.html", context, status=status)


def _verb(request: HttpRequest, case: Case) -> Verb:
    """The step that was sent; without a name, the answer that is owed, or else the delivery."""
    named = request.POST.get("verb", "")
    if named:
        found = next((verb for verb in FORMS if verb.value == named), None)
        if found is None:
            raise Http404
        return found
    return Verb.GRANT if is_open(Verb.GRANT, case.kind, case.state) else Verb.DELIVER


def _is_offered(verb: Verb, portal: Now, profile: StaffProfile, case: Case) -> bool:
    """Whether the step is open to this officer in this case as it stands."""
    actor = ACTOR_OF[Role(profile.role)]
    if actor is None or not is_open(verb, case.kind, case.state, actor):
        return False
    if verb is Verb.EXTEND:
        extension = extension_of(case, portal)
        return extension is not None and approver(extension) is actor and not is_overdue(case)
    if verb in (Verb.PASS_ON, Verb.TRANSFER):
        return bool(case.department) == (verb is Verb.TRANSFER)
    if verb is Verb.RELEASE:
        answer = getattr(case, "answer", None)
        return answer is not None and bool(answer.reason) and not answer.released
    return True


def _form(verb: Verb, portal: Now, case: Case, request: HttpRequest | None = None) -> Any:
    """The form of a step, as sent or new."""
    named: dict[str, Any] = {"initial": {"version": case.version, "outcome": Outcome.GRANTED.value}}
    if verb is Verb.GRANT:
        named |= {"kind": Kind(case.kind), "states": refusal_states(case, portal)}
    if verb in (Verb.TRANSFER, Verb.PASS_ON):
        named["departments"] = [
            (one.id, one.name)
            for one in portal.catalog.portal.departments
            if one.id != case.department
        ]
        named["initial"]["department"] = case.provider
    if verb is Verb.EXTEND:
        named["extension"] = extension_of(case, portal)
    sent = (request.POST, request.FILES) if request is not None else (None, None)
    return FORMS[verb](*sent, **named)


def _do(verb: Verb, portal: Now, case: Case, by: By, data: dict[str, Any]) -> None:
    if verb is Verb.GRANT:
        _answer(portal, case, by, data)
    elif verb is Verb.DELIVER:
        actions.deliver(case, by, _handover(data) or actions.Handover())
    elif verb is Verb.PASS_ON:
        actions.pass_on(portal, case, by, data["department"])
    elif verb is Verb.TRANSFER:
        actions.transfer(portal, case, by, data["department"], data["words"])
    elif verb is Verb.EXTEND:
        actions.extend(portal, case, by, data["amount"], data["words"])
    elif verb is Verb.ASK:
        actions.ask(case, by, data["words"])
    elif verb is Verb.REVOKE:
        actions.revoke(case, by, data["words"])
    else:
        {Verb.ACCEPT: actions.accept, Verb.RELEASE: actions.release, Verb.CLOSE: actions.close}[
            verb
        ](case, by)


def _answer(portal: Now, case: Case, by: By, data: dict[str, Any]) -> None:
    names = ("reason", "reason_code", "basis_title", "basis_article", "basis_level", "released")
    refusal = actions.Refusal(**{name: data[name] for name in names})
    if data["outcome"] == Outcome.REFUSED:
        actions.refuse(portal, case, by, refusal, message=data["message"])
        return
    in_part = refusal if data["outcome"] == Outcome.GRANTED_IN_PART else None
    actions.grant(portal, case, by, data["message"], in_part=in_part, handover=_handover(data))


def _handover(data: dict[str, Any]) -> actions.Handover | None:
    ends: dict[str, Any] = {"until": data.get("until"), "fetch_limit": data.get("fetch_limit")}
    if file := data.get("file"):
        return actions.Handover(file.name, file.chunks(), data["link"], **ends)
    return actions.Handover(link=data["link"], **ends) if data.get("link") else None


def _closed(verb: Verb, case: Case, by: By) -> str:
    """Why a step is not open, in the words of the table or of the rule."""
    try:
        after(verb, case.kind, case.state, by.actor)
    except NotAllowed as error:
        return str(error)
    return _("This step is not open here.")
