"""The forms: what an applicant states, how a case is looked up, how an officer answers."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.functional import lazy
from stdnum.cn import uscc

from kaishu.base.i18n import N_, gettext
from kaishu.base.vocabulary import ApplicantType, BasisLevel, Word
from kaishu.cases.words import Outcome, Reason

_ = lazy(gettext, str)
PHONE = re.compile(r"\+?[0-9][0-9 ()\-]{4,30}")
MAX_DELIVERY = 200 * 1024 * 1024
MAX_TEXT = 4000


def _choices(word: type[Word]) -> list[tuple[str, Any]]:
    return [(member.value, _(member.message)) for member in word]


def _text(label: str, help_text: str = "", *, rows: int = 0, **options: Any) -> forms.CharField:
    hint = {"autocomplete": options.pop("autocomplete", "off")}
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(attrs=hint)
    limit = options.pop("max_length", MAX_TEXT if rows else 200)
    return forms.CharField(
        label=_(label), help_text=_(help_text), widget=widget, max_length=limit, **options
    )


class ApplicationForm(forms.Form):
    """开放申请 (营口 第二十九条: 自然人、法人或者其他组织). No identity number is asked."""

    applicant_type = forms.ChoiceField(
        label=_(N_("Type of applicant")),
        choices=_choices(ApplicantType),
        widget=forms.RadioSelect,
        initial=ApplicantType.PERSON.value,
    )
    applicant_name = _text(
        N_("Name"), N_("Your name, or the organisation's full name."), autocomplete="name"
    )
    uscc = _text(
        N_("Unified social credit code"),
        N_("For organisations: 18 characters. Natural persons leave it empty."),
        required=False,
        max_length=40,
    )
    contact_person = _text(N_("Contact person"), N_("For organisations."), required=False)
    phone = _text(
        N_("Telephone"), N_("A telephone or an e-mail address is needed."), required=False, autocomplete="tel",
        max_length=50,
    )  # fmt: skip
    email = forms.EmailField(
        label=_(N_("E-mail")),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    wanted = _text(
        N_("Data wanted and their range"),
        N_(
            "Which columns, which period, which area; the less you ask for, the sooner it is decided."
        ),
        rows=3,
    )
    purpose = _text(N_("Purpose"), N_("What the data are to be used for."), rows=3)
    scene = _text(N_("Scene of use"), N_("In which product, study or service."), rows=3)
    period = _text(N_("Period of use"), N_("For example: until 31 December 2027."))
    delivery_way = _text(
        N_("Updates and way of delivery"), N_("For example: once, as a file."), required=False
    )
    security = _text(
        N_("Security measures"),
        N_("Where the data will be kept, who can reach them, how they are destroyed."),
        rows=3,
    )
    undertaking = forms.BooleanField(label=_(N_("I have read the undertaking and accept it.")))
    idempotency_key = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput)

    def clean_phone(self) -> str:
        """A telephone number as people write it."""
        phone: str = self.cleaned_data["phone"]
        if phone and not PHONE.fullmatch(phone):
            raise forms.ValidationError(
                gettext("Write digits, with blanks or hyphens if you like.")
            )
        return phone

    def clean(self) -> dict[str, Any]:
        """What depends on more than one field."""
        data = super().clean() or {}
        organisation = data.get("applicant_type") in (
            ApplicantType.LEGAL_PERSON,
            ApplicantType.OTHER_ORGANISATION,
        )
        if organisation:
            self._check_organisation(data)
        elif data.get("uscc"):
            self.add_error("uscc", gettext("A natural person has no such code; leave it empty."))
        contact = ("phone", "email")
        if not any(data.get(name) or name in self.errors for name in contact):
            self.add_error("phone", gettext("Give a telephone number or an e-mail address."))
        return data

    def _check_organisation(self, data: dict[str, Any]) -> None:
        code = data.get("uscc", "")
        if not code:
            self.add_error("uscc", gettext("An organisation gives its code of 18 characters."))
        elif not uscc.is_valid(code):
            self.add_error(
                "uscc", gettext("This is not a valid code. Check the 18 characters one by one.")
            )
        else:
            data["uscc"] = uscc.compact(code)
        if not data.get("contact_person") and "contact_person" not in self.errors:
            self.add_error("contact_person", gettext("Name a person whom we can ask."))


class TrackForm(forms.Form):
    """A case is looked up by its number and its query code."""

    number = _text(N_("Case number"), max_length=40)
    code = _text(N_("Query code"), max_length=60)

    def clean_number(self) -> str:
        """The digits alone."""
        return "".join(c for c in self.cleaned_data["number"] if c.isalnum())


class AnswerForm(forms.Form):
    """答复: a grant, with the data or a link at once or later; or a refusal with its reason."""

    outcome = forms.ChoiceField(
        label=_(N_("Decision")),
        choices=[
            (Outcome.GRANTED.value, _(N_("Grant"))),
            (Outcome.REFUSED.value, _(N_("Refuse"))),
        ],
        widget=forms.RadioSelect,
    )
    message = _text(N_("Message to the applicant"), rows=3, required=False)
    file = forms.FileField(
        label=_(N_("File to deliver")), required=False,
        help_text=_(N_("At most 200 MB. It can also be delivered later.")),
    )  # fmt: skip
    link = forms.URLField(
        label=_(N_("Or a link")), required=False, max_length=1000, assume_scheme="https"
    )
    reason_code = forms.ChoiceField(label=_(N_("Code of the reason")), required=False)
    reason = _text(
        N_("Reason"), N_("Needed for a refusal; the applicant reads it."), rows=3, required=False
    )
    basis_title = _text(
        N_("Title of the basis"), N_("The law or regulation, for example 《…法》."), required=False,
        max_length=300,
    )  # fmt: skip
    basis_article = _text(N_("Article"), required=False, max_length=100)
    basis_level = forms.ChoiceField(label=_(N_("Level")), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, states: frozenset[str], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.needs_basis = "basis" in states
        self.fields["reason_code"].choices = [("", "—"), *_choices(Reason)]  # type: ignore[attr-defined]
        self.fields["basis_level"].choices = [("", "—"), *_choices(BasisLevel)]  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        """A file of a size that can be delivered here."""
        file = self.cleaned_data["file"]
        if file and file.size > MAX_DELIVERY:
            raise forms.ValidationError(gettext("The file is larger than 200 MB; give a link."))
        return file

    def clean(self) -> dict[str, Any]:
        """A refusal has its reason, and its basis where the regulation asks for one."""
        data = super().clean() or {}
        if data.get("outcome") == Outcome.REFUSED:
            if not data.get("reason_code"):
                self.add_error("reason_code", gettext("A refusal states its reason."))
            if not data.get("reason"):
                self.add_error("reason", gettext("A refusal states its reason."))
            if self.needs_basis:
                for name in ("basis_title", "basis_article", "basis_level"):
                    if not data.get(name):
                        self.add_error(name, gettext("Here a refusal states its basis."))
        return data


class DeliverForm(forms.Form):
    """交付 after a grant."""

    file = AnswerForm.base_fields["file"]
    link = AnswerForm.base_fields["link"]
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """There is something to deliver."""
        data = super().clean() or {}
        if not data.get("file") and not data.get("link") and not self.errors:
            self.add_error("file", gettext("Choose a file, or give a link."))
        return data


class LoginForm(forms.Form):
    """办理平台 sign-in."""

    username = _text(N_("User name"), max_length=150, autocomplete="username")
    password = forms.CharField(
        label=_(N_("Password")),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        max_length=200,
        strip=False,
    )
