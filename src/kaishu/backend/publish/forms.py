"""Forms of publishing: the upload, the catalogue entry with the vocabulary's choices, the review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.functional import lazy

from kaishu.base import clock
from kaishu.base.i18n import N_, gettext
from kaishu.base.vocabulary import BasisLevel, Category, Openness, Sharing, UpdateCycle, Word
from kaishu.packaging.sources import KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kaishu.catalog.model import Portal

_ = lazy(gettext, str)
# As much as the gate takes of one table by default.
MAX_TABLE = 100 * 1024 * 1024
TYPES = ("string", "integer", "number", "boolean", "date", "datetime", "time", "year", "yearmonth",
         "geopoint", "any")  # fmt: skip


def _choices(word: type[Word]) -> list[tuple[str, Any]]:
    return [(one.value, _(one.message)) for one in word]


def _date(label: str) -> forms.DateField:
    return forms.DateField(
        label=_(label), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


def _line(label: str, help_text: str = "", *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=_(label), help_text=_(help_text), required=required, max_length=500
    )


def _name(label: str) -> forms.SlugField:
    return forms.SlugField(
        label=_(label),
        help_text=_(N_("Small letters, digits and hyphens; left empty, from the file's name.")),
        required=False,
        max_length=100,
    )


class _TableField(forms.FileField):
    """A file that may hold a table, no larger than the gate takes."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        found = super().clean(data, initial)
        if found and found.size > MAX_TABLE:
            raise forms.ValidationError(gettext(N_("The file is larger than 100 MB.")))
        return found


def _table(*, required: bool = False) -> forms.FileField:
    accepted = {"accept": ",".join(f".{one}" for one in KINDS)}
    words = "" if required else N_("Left empty, only the entry of the dataset chosen is changed.")
    return _TableField(
        label=_(N_("Table")), required=required, help_text=_(words) if words else "",
        widget=forms.FileInput(attrs=accepted),
    )  # fmt: skip


class UploadForm(forms.Form):
    """A table: of a new dataset, or the new data of one that is there; or that dataset alone."""

    table = _table()
    dataset = forms.ChoiceField(label=_(N_("Dataset")), required=False)
    name = _name(N_("Name of a new dataset"))

    def __init__(self, *arguments: Any, datasets: Sequence[tuple[str, str]], **named: Any) -> None:
        super().__init__(*arguments, **named)
        chosen: Any = self.fields["dataset"]
        chosen.choices = [("", gettext(N_("A new dataset"))), *datasets]

    def clean(self) -> dict[str, Any]:
        """A new dataset begins with a table."""
        said: dict[str, Any] = super().clean() or {}
        if not said.get("dataset") and not said.get("table") and "table" not in self.errors:
            self.add_error("table", gettext(N_("Choose a table, or a dataset that is there.")))
        return said


class TableForm(forms.Form):
    """A table for a draft: in place of one of its data files, or beside them."""

    table = _table(required=True)
    resource = forms.ChoiceField(label=_(N_("Data file")), required=False)
    name = _name(N_("Name of a new data file"))
    restructure = forms.BooleanField(
        label=_(N_("The columns have changed: take them from the table")), required=False
    )

    def __init__(self, *arguments: Any, resources: Sequence[tuple[str, str]], **named: Any) -> None:
        super().__init__(*arguments, **named)
        chosen: Any = self.fields["resource"]
        chosen.choices = [*resources, ("", gettext(N_("A further data file")))]


class EntryForm(forms.Form):
    """The catalogue's entry of a dataset (营口 第十四条)."""

    title = _line(N_("Title"), required=True)
    description = forms.CharField(
        label=_(N_("Summary")),
        help_text=_(N_("What it is, who collects it, and what one row stands for.")),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=4000,
    )
    keywords = _line(N_("Keywords"), N_("Separated by commas."))
    category = forms.ChoiceField(label=_(N_("Category")), choices=_choices(Category))
    theme = forms.ChoiceField(label=_(N_("Theme")))
    update_cycle = forms.ChoiceField(label=_(N_("Update cycle")), choices=_choices(UpdateCycle))
    openness = forms.ChoiceField(label=_(N_("Openness")), choices=_choices(Openness))
    conditions = _line(N_("Conditions of opening"))
    basis_title = _line(N_("Basis"), N_("Needed unless the dataset is open to all."))
    basis_article = _line(N_("Article of the basis"))
    basis_level = forms.ChoiceField(
        label=_(N_("Level of the basis")), choices=_choices(BasisLevel), required=False
    )
    sharing = forms.ChoiceField(label=_(N_("Sharing")), choices=_choices(Sharing))
    sharing_conditions = _line(N_("Conditions of sharing"))
    sharing_basis_title = _line(N_("Basis of restricted sharing"))
    sharing_basis_article = _line(N_("Article of that basis"))
    sharing_basis_level = forms.ChoiceField(
        label=_(N_("Level of that basis")), choices=_choices(BasisLevel), required=False
    )
    publish_on = _date(N_("To be published on"))
    notice_effective = _date(N_("Change announced for"))
    notice_description = _line(
        N_("What will change"),
        N_(
            "Before a column goes or changes, users have to be told ahead; the check says how long."
        ),
    )
    withdrawn_date = _date(N_("Withdrawn on"))
    withdrawn_reason = _line(
        N_("Reason of withdrawal"),
        N_("The page stays and gives the reason; the data are no longer offered."),
    )
    withdrawn_basis_title = _line(N_("Basis of withdrawal"))
    withdrawn_basis_article = _line(N_("Article of the basis of withdrawal"))
    withdrawn_basis_level = forms.ChoiceField(
        label=_(N_("Level of the basis of withdrawal")),
        choices=_choices(BasisLevel),
        required=False,
    )
    withdrawn_successor = _line(N_("Successor"), N_("Its address: department/name."))
    review_date = _date(N_("Date of review"))
    review_by = _line(N_("Reviewed by"), N_("The department's own review, before it is opened."))
    review_reference = _line(N_("Document number"))

    # What few changes need: shown folded.
    FURTHER = (
        "publish_on", "notice_effective", "notice_description", "withdrawn_date",
        "withdrawn_reason", "withdrawn_basis_title", "withdrawn_basis_article",
        "withdrawn_basis_level", "withdrawn_successor",
    )  # fmt: skip

    @property
    def further_is_used(self) -> bool:
        """Whether any of it says something, or is not right."""
        lists = ("withdrawn_basis_level",)
        return any(
            name in self.errors or (name not in lists and self[name].value())
            for name in self.FURTHER
        )

    def __init__(self, *arguments: Any, portal: Portal, **named: Any) -> None:
        super().__init__(*arguments, **named)
        chosen: Any = self.fields["theme"]
        chosen.choices = [(one.id, one.name) for one in portal.themes]


class ColumnForm(forms.Form):
    """One column: how it is called and what its cells are."""

    title = forms.CharField(required=False, max_length=200)
    type = forms.ChoiceField(choices=[(one, one) for one in TYPES])
    description = forms.CharField(required=False, max_length=1000)


class ReviewForm(forms.Form):
    """The operator's two reviews, or the reason for a return."""

    secrecy_by = _line(N_("Secrecy review by"))
    secrecy_date = _date(N_("Date of the secrecy review"))
    secrecy_reference = _line(N_("Document number of the secrecy review"))
    openness_by = _line(N_("Openness review by"))
    openness_date = _date(N_("Date of the openness review"))
    openness_reference = _line(N_("Document number of the openness review"))
    reason = forms.CharField(
        label=_(N_("Reason, where it is returned")),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=2000,
    )

    def clean(self) -> dict[str, Any]:
        """Both reviews where it is approved, a reason where it is returned."""
        said: dict[str, Any] = super().clean() or {}
        if "return" in self.data:
            if not said.get("reason"):
                self.add_error("reason", gettext(N_("Say why it is returned.")))
            return said
        for name in ("secrecy_by", "secrecy_date", "openness_by", "openness_date"):
            if not said.get(name):
                self.add_error(name, gettext(N_("An approval names who reviewed, and when.")))
            elif name.endswith("_date") and said[name] > clock.today():
                self.add_error(name, gettext(N_("The day has not come.")))
        return said
