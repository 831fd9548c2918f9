"""Form fields for what people type: plain text without tricks, codes and telephone numbers checked."""

from __future__ import annotations

import copy
import re
import unicodedata
from typing import Any, Final

from django import forms
from django.forms.forms import DeclarativeFieldsMetaclass
from django.utils.functional import lazy

from kaishu.base.i18n import N_, gettext
from kaishu.base.vocabulary import Word

_ = lazy(gettext, str)
# People fill in boxes; what is stored are fields.
forms.Field.default_error_messages["required"] = _(N_("Fill this in."))
forms.BooleanField.default_error_messages = {"required": _(N_("Tick the box to go on."))}
MAX_TEXT: Final = 4000
PHONE: Final = re.compile(r"\+?[0-9][0-9 ()\-]{4,30}")
# Marks that turn the direction of text, or take no room: nobody types them, and they deceive.
_INVISIBLE: Final = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")


def plain(text: str) -> str:
    """Text as it looks: no control characters but line ends and tabs, no turned directions."""
    if text.isprintable():
        return text
    text = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(
        letter
        for letter in text
        if letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cs", "Cn", "Co")
    )


class _Shared(dict[str, forms.Field]):
    """A form's fields, which all forms of the class share; each form has a list of its own."""

    def __deepcopy__(self, _memo: object) -> _Shared:
        return _Shared(self)


class SharedFields(DeclarativeFieldsMetaclass):
    """Forms that do not copy their fields for every request: nothing may be changed in a field.

    Who needs a field to be another replaces it: see `altered`.
    """

    def __new__(cls, *arguments: Any) -> Any:  # noqa: D102
        made: Any = super().__new__(cls, *arguments)
        made.base_fields = made.declared_fields = _Shared(made.base_fields)
        return made


def altered(form: forms.BaseForm, name: str, **changes: Any) -> None:
    """Give a form a field of its own, with attributes changed."""
    own = form.fields[name] = copy.deepcopy(form.fields[name])
    for attribute, value in changes.items():
        setattr(own, attribute, value)


class PlainField(forms.CharField):
    """A text field whose value is `plain`."""

    def to_python(self, value: Any) -> str:
        """The text, cleaned before its length is looked at."""
        text = super().to_python(value)
        return plain(text) if isinstance(text, str) else ""


def text(label: str, help_text: str = "", *, rows: int = 0, **options: Any) -> PlainField:
    """A line of text, or `rows` lines; words are looked up when they are shown."""
    hint = {"autocomplete": options.pop("autocomplete", "off")}
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(attrs=hint)
    limit = options.pop("max_length", MAX_TEXT if rows else 200)
    return PlainField(
        label=_(label), help_text=_(help_text), widget=widget, max_length=limit, **options
    )


def email(label: str, help_text: str = "") -> forms.EmailField:
    """An optional mail address."""
    return forms.EmailField(
        label=_(label),
        help_text=_(help_text),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


def options(word: type[Word] | tuple[Word, ...]) -> list[tuple[str, Any]]:
    """A vocabulary as the choices of a field."""
    return [(member.value, _(member.message)) for member in word]
