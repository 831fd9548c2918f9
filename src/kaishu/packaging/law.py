"""What the regulation asks of the catalogue's entries: bases that suffice, base items, priorities.

The texts of the chain that are in force speak, and the portal's own text in any case: an entry
that satisfies one of them still has to satisfy the others (the stricter stands).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kaishu.base import problems
from kaishu.base.i18n import N_
from kaishu.base.i18n import gettext as _
from kaishu.base.vocabulary import Issuer, Openness, Sharing
from kaishu.regulation import standing
from kaishu.regulation.explain import length, sufficient_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from kaishu.catalog.dataset import Catalog, Dataset
    from kaishu.catalog.model import Basis, Theme
    from kaishu.regulation.model import Regulation, Sufficient

INSUFFICIENT_BASIS = problems.warning(
    "insufficient-basis",
    N_("The dataset is “{attribute}”, but no basis stated is of a rank that {law} accepts."),
    N_(
        "Name a basis of one of these ranks: {suffices}. Where there is none, lift the restriction."
    ),
)
MISSING_SHARING_BASIS = problems.warning(
    "missing-sharing-basis",
    N_("The dataset is “{attribute}”, but no basis is stated; {law} asks for one."),
    N_("Add sharing.basis with title, article and level, of one of these ranks: {suffices}."),
)
RESTRICTED_BASE_ITEM = problems.warning(
    "restricted-base-item",
    N_("“{field}” is a base item, but the dataset is “{attribute}”; {law} has base items shared."),
    N_("Share the dataset unconditionally, or put its base items into a dataset that is."),
)
PRIORITY_NOT_OPEN = problems.note(
    "priority-not-open",
    N_("The priority theme “{theme}” has no dataset that is open to all ({law})."),
    N_("Open a dataset of this theme first when planning what to open next."),
)
PRIORITY_FIELD = problems.note(
    "priority-field",
    N_("Priority fields that no theme and no open dataset names: {names} ({law})."),
    N_("Open data of these fields first, or name the themes that they belong to."),
)
LOOSER_TERM = problems.note(
    "looser-term",
    N_("“{matter}”: {law} allows {allows}, the text above it, {upper}, only {demands}."),
    N_("The stricter term stands here. Tell the authority that issued the looser text."),
)


def check(catalog: Catalog, regulation: Regulation, today: date) -> list[problems.Problem]:
    """Every problem of the catalogue under the texts in force on `today`."""
    texts = in_force(regulation, today)
    found: list[problems.Problem] = []
    for dataset in catalog.datasets:
        if dataset.entry.withdrawn is None:
            for text in texts:
                found.extend(_bases(dataset, text))
                found.extend(_base_items(dataset, text))
    themes = list(priority_themes(catalog, texts))
    for theme, opened, law in themes:
        if not opened:
            found.append(PRIORITY_NOT_OPEN.at(file="catalog.yaml", theme=theme.name, law=law))
    if themes:
        # A portal that names no priority theme at all has not begun to sort its themes.
        found.extend(_fields_without_theme(catalog, texts))
    found.extend(_looser(regulation, today))
    return found


def in_force(regulation: Regulation, today: date) -> list[Regulation]:
    """The portal's own text, and those above it that are in force on `today`."""
    return [text for text in regulation.chain if text is regulation or text.in_force_on(today)]


def suffices(basis: Basis, sufficient: Sufficient) -> bool:
    """Whether `basis` is of that rank.

    An issuer written in words of one's own cannot be compared, so the level alone decides.
    """
    if basis.level is not sufficient.level:
        return False
    known = basis.issuer in set(Issuer)
    return not sufficient.issuers or not known or basis.issuer in sufficient.issuers


def priority_themes(
    catalog: Catalog, texts: Sequence[Regulation]
) -> Iterator[tuple[Theme, int, str]]:
    """Each theme to be opened first, how many of its datasets are open, and the article cited.

    A theme is one of them where catalog.yaml marks it, or where its name holds a name that the
    nearest text with a list names; nothing is of priority where no text has a list.
    """
    text = next((one for one in texts if one.priority), None)
    if text is None or text.priority is None:
        return
    for theme in catalog.portal.themes:
        if theme.priority or any(name in theme.name for name in text.priority.names):
            opened = sum(one.is_open and one.theme.id == theme.id for one in catalog.datasets)
            yield theme, opened, _cited(text, text.priority.article)


def _fields_without_theme(
    catalog: Catalog, texts: Sequence[Regulation]
) -> Iterator[problems.Problem]:
    text = next((one for one in texts if one.priority), None)
    if text is None or text.priority is None:
        return
    spoken = [
        " ".join((one.descriptor.title, *one.descriptor.keywords))
        for one in catalog.datasets
        if one.is_open
    ]
    themes = [theme.name for theme in catalog.portal.themes]
    missing = [
        name
        for name in text.priority.names
        if not any(name in words for words in (*themes, *spoken))
    ]
    if missing:
        law = _cited(text, text.priority.article)
        yield PRIORITY_FIELD.at(file="catalog.yaml", names=_(", ").join(missing), law=law)


def _bases(dataset: Dataset, text: Regulation) -> Iterator[problems.Problem]:
    entry = dataset.entry
    attributes: tuple[tuple[str, Openness | Sharing, tuple[Basis, ...]], ...] = (
        ("openness", entry.openness.type, entry.openness.basis),
        ("sharing", entry.sharing.type, entry.sharing.basis),
    )
    for key, attribute, stated in attributes:
        for rule in text.bases:
            # Identity: words of the two vocabularies can be spelled the same, and then are equal.
            if rule.of is not attribute:
                continue
            values = {
                **_at(dataset, "catalogue", key, *(("basis",) if stated else ())),
                "attribute": attribute.label,
                "law": _cited(text, rule.article),
                "suffices": _(", ").join(map(sufficient_in_words, rule.suffices)),
            }
            if not stated and key == "sharing":
                yield MISSING_SHARING_BASIS.at(**values)
            elif stated and not any(suffices(b, one) for b in stated for one in rule.suffices):
                yield INSUFFICIENT_BASIS.at(**values)


def _base_items(dataset: Dataset, text: Regulation) -> Iterator[problems.Problem]:
    sharing = dataset.entry.sharing.type
    if text.base_items is None or sharing is Sharing.UNCONDITIONAL:
        return
    for number, resource in enumerate(dataset.descriptor.resources):
        fields = resource.tableschema.fields if resource.tableschema else ()
        for position, field in enumerate(fields):
            if field.base_item:
                yield RESTRICTED_BASE_ITEM.at(
                    **_at(dataset, "resources", number, "schema", "fields", position),
                    resource=resource.name,
                    field=field.name,
                    attribute=sharing.label,
                    law=_cited(text, text.base_items.article),
                )


def _looser(regulation: Regulation, today: date) -> Iterator[problems.Problem]:
    for one in standing.looser(regulation, today):
        if one.allows.term is not None and one.demands.term is not None:
            yield LOOSER_TERM.at(
                file="catalog.yaml",
                matter=one.allows.matter,
                law=_cited(one.lower, one.allows.article),
                allows=length(one.allows.term),
                upper=_cited(one.upper, one.demands.article),
                demands=length(one.demands.term),
            )


def _at(dataset: Dataset, *path: str | int) -> dict[str, Any]:
    return {"file": dataset.file, "dataset": dataset.key, "line": dataset.lines.line(path)}


def _cited(text: Regulation, article: str) -> str:
    return _("{title} {article}").format(title=text.short_title, article=article)
