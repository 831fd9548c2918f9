"""What officers decide: a form for each step, and the reasons and bases it cannot go without."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar, Final

from django import forms
from django.conf import settings

from kaishu.base import clock
from kaishu.base.clock import SHANGHAI
from kaishu.base.errors import ScannerDown, UnsafeFile
from kaishu.base.i18n import N_, gettext
from kaishu.base.vocabulary import BasisLevel
from kaishu.cases.fields import _, options, text
from kaishu.cases.files import deliveries, inspection, scanner
from kaishu.cases.words import REASONS, Kind, Outcome, Verb, outcome_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kaishu.regulation.model import Extension

MAX_DELIVERY: Final = 200 * 1024 * 1024
_BASIS: Final = ("basis_title", "basis_article", "basis_level")


class StepForm(forms.Form):
    """A step at the desk: `version` is the one that the officer saw."""

    verb: ClassVar[Verb]
    version = forms.IntegerField(widget=forms.HiddenInput)


class BareForm(StepForm):
    """A step that needs no words: to take up, to close, to release a reason."""


class AskForm(StepForm):
    """补充材料: what the applicant is asked."""

    words = text(N_("What the applicant is to supply"), rows=3)


class TransferForm(StepForm):
    """转办, 转交: to which department, and why."""

    department = forms.ChoiceField(label=_(N_("Department")))
    words = text(N_("Why"), rows=2)

    def __init__(
        self, *arguments: Any, departments: Sequence[tuple[str, str]], **named: Any
    ) -> None:
        super().__init__(*arguments, **named)
        self.fields["department"].choices = departments  # type: ignore[attr-defined]


class PassOnForm(TransferForm):
    """转交: the operator passes a case on to the provider, whose term starts then."""

    words = None  # type: ignore[assignment]


class ExtendForm(StepForm):
    """延期: by how much, and why; within what the rule gives."""

    amount = forms.IntegerField(label=_(N_("By how many working days")), min_value=1)
    words = text(N_("Why the applicant has to wait"), rows=2)

    def __init__(self, *arguments: Any, extension: Extension, **named: Any) -> None:
        super().__init__(*arguments, **named)
        most = extension.term.amount
        self.fields["amount"].widget.attrs["max"] = most
        self.fields["amount"].max_value = most  # type: ignore[attr-defined]
        self.fields["amount"].initial = most
        self.most = most

    def clean_amount(self) -> int:
        """No more than the rule gives."""
        amount: int = self.cleaned_data["amount"]
        if amount > self.most:
            raise forms.ValidationError(
                gettext("The rule gives {most} at most.").format(most=self.most)
            )
        return amount


class RevokeForm(StepForm):
    """收回: why the delivery is taken back."""

    words = text(N_("Reason"), rows=2)


def _file() -> forms.FileField:
    return forms.FileField(
        label=_(N_("File to deliver")),
        required=False,
        widget=forms.FileInput(attrs={"accept": deliveries.ACCEPT}),
        help_text=_(
            N_(
                "At most 200 MB: CSV, XLSX, JSON, GeoJSON, XML, Parquet, or a ZIP of such files; "
                "PDF, OFD, DOCX and pictures, too. It can also be delivered later."
            )
        ),
    )


def _link() -> forms.URLField:
    return forms.URLField(
        label=_(N_("Or a link")), required=False, max_length=1000, assume_scheme="https"
    )


class HandoverForm(StepForm):
    """What is handed over: a file or a link."""

    file = _file()
    link = _link()
    until = forms.DateField(
        label=_(N_("Term of use until")),
        help_text=_(N_("Nothing is fetched after this day; the applicant is told ahead.")),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    fetch_limit = forms.IntegerField(
        label=_(N_("Times it may be fetched")), required=False, min_value=1, max_value=1000
    )

    def clean_until(self) -> dt.datetime | None:
        """The exclusive end of the last day, which is not over yet."""
        day = self.cleaned_data["until"]
        if day is None:
            return None
        if day < clock.today():
            raise forms.ValidationError(gettext("This day is over."))
        return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), SHANGHAI)

    def clean_file(self) -> Any:
        """A file of a size and a kind that can be delivered here, and harmless."""
        file = self.cleaned_data["file"]
        if not file:
            return file
        if file.size > MAX_DELIVERY:
            raise forms.ValidationError(gettext("The file is larger than 200 MB; give a link."))
        file.name = inspection.safe_name(file.name)
        try:
            deliveries.inspect(file.name, file)
            if settings.KAISHU_CLAMD:
                scanner.scan(file.chunks(), settings.KAISHU_CLAMD)
        except (UnsafeFile, ScannerDown) as error:
            raise forms.ValidationError(str(error)) from error
        return file


class DeliverForm(HandoverForm):
    """交付 after a grant."""

    def clean(self) -> dict[str, Any]:
        """There is something to deliver."""
        data = super().clean() or {}
        if not data.get("file") and not data.get("link") and not self.errors:
            self.add_error("file", gettext("Choose a file, or give a link."))
        return data


class AnswerForm(HandoverForm):
    """答复: in whole, in part, or not at all; on the spot where the data are at hand.

    `states` is what a refusal must state by the rule: `reason`, `basis`.
    """

    outcome = forms.ChoiceField(label=_(N_("Decision")), widget=forms.RadioSelect)
    message = text(N_("Message to the applicant"), rows=3, required=False)
    reason_code = forms.ChoiceField(label=_(N_("Code of the reason")), required=False)
    reason = text(
        N_("Reason"), N_("Needed for a refusal; the applicant reads it."), rows=3, required=False
    )
    basis_title = text(
        N_("Title of the basis"),
        N_("The law or regulation, for example 《…法》."),
        required=False,
        max_length=300,
    )
    basis_article = text(N_("Article"), required=False, max_length=100)
    basis_level = forms.ChoiceField(label=_(N_("Level")), required=False)
    released = forms.BooleanField(
        label=_(N_("The reason names nobody; the public register may show it.")), required=False
    )

    def __init__(self, *arguments: Any, kind: Kind, states: frozenset[str], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.needs_basis = "basis" in states
        named_outcomes = (Outcome.GRANTED, Outcome.GRANTED_IN_PART, Outcome.REFUSED)
        self._offer("outcome", [(one.value, outcome_label(kind, one)) for one in named_outcomes])
        self._offer("reason_code", [("", "—"), *options(REASONS[kind])])
        self._offer("basis_level", [("", "—"), *options(BasisLevel)])
        if kind is not Kind.OPEN_APPLICATION:
            for name in ("file", "link", "until", "fetch_limit"):
                del self.fields[name]

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What is not granted has its reason, and its basis where the regulation asks for one."""
        data = super().clean() or {}
        if data.get("outcome") in (Outcome.REFUSED, Outcome.GRANTED_IN_PART):
            for name in ("reason_code", "reason"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, gettext("A refusal states its reason."))
            for name in _BASIS if self.needs_basis else ():
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, gettext("Here a refusal states its basis."))
        return data


class LoginForm(forms.Form):
    """办理平台 sign-in."""

    username = text(N_("User name"), max_length=150, autocomplete="username")
    password = forms.CharField(
        label=_(N_("Password")),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        max_length=200,
        strip=False,
    )


class TokenForm(forms.Form):
    """The six digits of the second factor (RFC 6238)."""

    token = forms.RegexField(
        label=_(N_("Six digits from your authenticator")),
        regex=r"^\s*[0-9]{6}\s*$",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class ViewForm(forms.Form):
    """A list that is kept under a name."""

    name = text(N_("Name of the view"), max_length=60)
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=500)
