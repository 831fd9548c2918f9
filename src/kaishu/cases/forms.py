"""What applicants state: a form for each kind of case, the look-up, the supplement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from django import forms
from stdnum.cn import uscc

from kaishu.base.i18n import N_, gettext
from kaishu.base.vocabulary import ApplicantType
from kaishu.cases.fields import PHONE, SharedFields, _, altered, email, options, text
from kaishu.cases.words import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kaishu.catalog.dataset import Dataset

ORGANISATIONS: Final = (ApplicantType.LEGAL_PERSON, ApplicantType.OTHER_ORGANISATION)
_MOST_CHOSEN: Final = 500
_chosen: dict[tuple[type[forms.Form], str], tuple[Dataset | None, forms.Field]] = {}
PARTY: Final = ("applicant_type", "applicant_name", "uscc", "contact_person", "phone", "email")


class PartyForm(forms.Form, metaclass=SharedFields):
    """Who files: 自然人、法人或者其他组织 (营口 第二十九条). No identity number is asked.

    `named`: whether name and a contact are needed, as they are to hand data over.
    """

    kind: ClassVar[Kind]
    named: ClassVar[bool] = True
    # The groups of the page: a heading and its fields.
    groups: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = ()

    applicant_type = forms.ChoiceField(
        label=_(N_("Type of applicant")),
        choices=options(ApplicantType),
        widget=forms.RadioSelect,
        initial=ApplicantType.PERSON.value,
    )
    applicant_name = text(
        N_("Name"), N_("Your name, or the organisation's full name."), autocomplete="name"
    )
    uscc = text(
        N_("Unified social credit code"),
        N_("For organisations: 18 characters. Natural persons leave it empty."),
        required=False,
        max_length=40,
    )
    contact_person = text(N_("Contact person"), N_("For organisations."), required=False)
    phone = text(
        N_("Telephone"),
        N_("A telephone or an e-mail address is needed."),
        required=False,
        autocomplete="tel",
        max_length=50,
    )
    email = email(N_("E-mail"))
    idempotency_key = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, dataset: Dataset | None = None, **named: Any) -> None:
        # Labels stand in templates, which need nothing behind them.
        super().__init__(*arguments, **(named | {"label_suffix": ""}))
        self.dataset = dataset
        if not self.named:
            altered(self, "applicant_name", required=False)
            hint = N_("Only if you would like to be told; the number and the code are enough.")
            altered(self, "phone", help_text=_(hint))

    def _clean_fields(self) -> None:
        # As Django's, without an object to show each field by: that is half of what cleaning costs.
        for name, field in self.fields.items():
            sent = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
            try:
                self.cleaned_data[name] = field.clean(sent)
                if (own := getattr(self, f"clean_{name}", None)) is not None:
                    self.cleaned_data[name] = own()
            except forms.ValidationError as error:
                self.add_error(name, error)

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
        if data.get("applicant_type") in ORGANISATIONS:
            self._check_organisation(data)
        elif data.get("uscc"):
            self.add_error("uscc", gettext("A natural person has no such code; leave it empty."))
        contact = ("phone", "email")
        if self.named and not any(data.get(name) or name in self.errors for name in contact):
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
        if self.named and not data.get("contact_person") and "contact_person" not in self.errors:
            self.add_error("contact_person", gettext("Name a person whom we can ask."))

    def statement(self) -> dict[str, Any]:
        """What is stored of the form: everything stated, nothing that only serves the form."""
        left_out = {"undertaking", "idempotency_key", "not_these"}
        return {name: value for name, value in self.cleaned_data.items() if name not in left_out}


class ApplicationForm(PartyForm):
    """开放申请 (营口 第二十九条)."""

    kind = Kind.OPEN_APPLICATION
    groups = (
        (N_("Applicant"), PARTY),
        (
            N_("What you apply for"),
            ("wanted", "columns", "rows", "purpose", "scene", "period", "delivery_way", "security"),
        ),
    )

    wanted = text(
        N_("Data wanted and their range"),
        N_(
            "Which columns, which period, which area; the less you ask for, the sooner it is decided."
        ),
        rows=3,
    )
    columns = forms.MultipleChoiceField(
        label=_(N_("Columns wanted")),
        help_text=_(N_("Tick none where you need all of them.")),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    rows = text(N_("Rows wanted"), N_("For example: only 2026, only one district."), required=False)
    purpose = text(N_("Purpose"), N_("What the data are to be used for."), rows=3)
    scene = text(N_("Scene of use"), N_("In which product, study or service."), rows=3)
    period = text(N_("Period of use"), N_("For example: until 31 December 2027."))
    delivery_way = text(
        N_("Updates and way of delivery"), N_("For example: once, as a file."), required=False
    )
    security = text(
        N_("Security measures"),
        N_("Where the data will be kept, who can reach them, how they are destroyed."),
        rows=3,
    )
    undertaking = forms.BooleanField(label=_(N_("I have read the undertaking and accept it.")))

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        choose(self, "columns", self.dataset)


class DemandForm(PartyForm):
    """开放需求: data that are not in the catalogue yet."""

    kind = Kind.OPEN_DEMAND
    named = False
    groups = (
        (N_("Data wanted"), ("title", "wanted", "holder", "purpose", "scene")),
        (N_("Who asks"), PARTY),
    )

    title = text(N_("Name of the data"), N_("As you would look for them in the catalogue."))
    wanted = text(
        N_("What they should hold"), N_("Which contents, which period, which area."), rows=3
    )
    holder = forms.ChoiceField(
        label=_(N_("Department that may hold them")),
        help_text=_(N_("Leave it open where you do not know.")),
        required=False,
    )
    purpose = text(N_("Purpose"), N_("What the data are to be used for."), rows=3)
    scene = text(
        N_("Scene of use"), N_("In which product, study or service."), rows=2, required=False
    )
    not_these = forms.BooleanField(
        label=_(N_("None of these is what I need; file the demand.")), required=False
    )

    def __init__(
        self, *arguments: Any, departments: Sequence[tuple[str, str]] = (), **named: Any
    ) -> None:
        super().__init__(*arguments, **named)
        choices = [("", _(N_("I do not know"))), *departments]
        altered(self, "holder", choices=choices)


class CorrectionForm(PartyForm):
    """数据纠错 (校核): on a dataset, a column or a row."""

    kind = Kind.CORRECTION
    named = False
    groups = (
        (N_("What is wrong"), ("column", "row", "wrong", "right", "proof")),
        (N_("Who tells us"), PARTY),
    )

    column = forms.ChoiceField(
        label=_(N_("Column of the data")),
        help_text=_(N_("Leave it open where it concerns the whole dataset.")),
        required=False,
    )
    row = text(
        N_("Row"), N_("Its number, or what it is recognised by, such as a name or code."),
        required=False,
    )  # fmt: skip
    wrong = text(N_("What stands there, and why it is wrong"), rows=3)
    right = text(N_("What would be right"), rows=2, required=False)
    proof = text(
        N_("How this can be verified"),
        N_("For example the name of a document, or an address. No identity papers, please."),
        rows=2,
        required=False,
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        choose(self, "column", self.dataset, empty=_(N_("The whole dataset")))


class DisputeForm(forms.Form):
    """异议: against an answer or its lateness, to the operator, who coordinates."""

    kind = Kind.DISPUTE
    groups = ((N_("Your dispute"), ("grounds", "wish")),)

    grounds = text(N_("What you object to, and why"), rows=4)
    wish = text(N_("What you ask for"), rows=2, required=False)
    idempotency_key = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput)

    def statement(self) -> dict[str, Any]:
        """What is stored of the form; who objects is taken from the case in dispute."""
        return {name: self.cleaned_data[name] for name in ("grounds", "wish")}


class SupplementForm(forms.Form):
    """补充材料: what the officer asked for."""

    words = text(N_("Your answer"), rows=5)


class TrackForm(forms.Form):
    """A case is looked up by its number and its query code."""

    number = text(N_("Case number"), max_length=40)
    code = text(N_("Query code"), max_length=60)

    def clean_number(self) -> str:
        """The digits alone."""
        return "".join(c for c in self.cleaned_data["number"] if c.isalnum())


def choose(form: forms.Form, name: str, dataset: Dataset | None, *, empty: Any = None) -> None:
    """Offer the dataset's columns in a field, as `<resource>.<column>`; none: no such field.

    The field is made once for a dataset as it stands, and shared by the forms of the class.
    """
    key = type(form), dataset.key if dataset else ""
    of, made = _chosen.get(key, (None, None))
    if made is None or of is not dataset:
        found = columns(dataset) if dataset else []
        if not found:
            del form.fields[name]
            return
        altered(form, name, choices=[("", empty), *found] if empty is not None else found)
        if len(_chosen) >= _MOST_CHOSEN:
            _chosen.clear()
        _chosen[key] = dataset, form.fields[name]
    else:
        form.fields[name] = made


def columns(dataset: Dataset) -> list[tuple[str, str]]:
    """Every column of a dataset: `<resource>.<column>` and what it is called."""
    return [
        (f"{resource.name}.{field.name}", field.title or field.name)
        for resource in dataset.descriptor.resources
        for field in (resource.tableschema.fields if resource.tableschema else ())
    ]
