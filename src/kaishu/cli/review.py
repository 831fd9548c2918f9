"""`kaishu review`: the operator's review before publication."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click

from kaishu.base import clock
from kaishu.base.errors import UsageError
from kaishu.base.i18n import gettext as _
from kaishu.catalog.load import load
from kaishu.catalog.reviews import Examination
from kaishu.cli.language import use_portal_language
from kaishu.cli.options import language_option, root_option
from kaishu.supervision import review

_datasets = click.argument("datasets", nargs=-1, metavar="DATASET…")
_by = click.option("--by", metavar="NAME", required=True, help=_("Who decides."))


@click.group(
    help=_("Review datasets before they are published: what waits, approve it or return it.")
)
def command() -> None:
    """List, show, approve, return."""


@command.command("list", help=_("List the datasets whose content is not approved."))
@root_option
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help=_("The form of the answer."),
)
@language_option
def list_(root: Path, format_: str, lang: str | None) -> None:
    """Print the list."""
    use_portal_language(root, lang)
    catalog = load(root)
    waiting = review.waiting(catalog)
    policy = catalog.portal.review_policy
    if format_ == "json":
        said = {"policy": policy, "waiting": [one.as_dict() for one in waiting]}
        click.echo(json.dumps(said, ensure_ascii=False, indent=2))
        return
    click.echo(_("Policy: {policy}. Waiting: {n}.").format(policy=policy, n=len(waiting)))
    for one in waiting:
        words = [one.dataset.key, one.dataset.descriptor.title, one.why.label, one.content[:12]]
        if one.returned:
            words.append(_("returned: {reason}").format(reason=one.returned.said.reason))
        click.echo("  ".join(words))


@command.command(help=_("Show what a review of a dataset looks at."))
@click.argument("dataset", metavar="DATASET")
@root_option
@language_option
def show(dataset: str, root: Path, lang: str | None) -> None:
    """Print the entry's facts, its content hash and its records."""
    use_portal_language(root, lang)
    for label, value in review.facts(load(root), _key(dataset)):
        click.echo(_("{label}: {value}").format(label=label, value=value))


@command.command(help=_("Approve exactly the present content of datasets."))
@_datasets
@click.option("--all", "every", is_flag=True, help=_("Everything that waits."))
@_by
@click.option("--reference", metavar="NUMBER", help=_("The document number of both reviews."))
@click.option("--secrecy-by", metavar="NAME", help=_("Who did the secrecy review (default: --by)."))
@click.option("--secrecy-reference", metavar="NUMBER", help=_("Its document number."))
@click.option("--secrecy-date", type=click.DateTime(["%Y-%m-%d"]), help=_("Its day."))
@click.option(
    "--openness-by", metavar="NAME", help=_("Who did the openness review (default: --by).")
)
@click.option("--openness-reference", metavar="NUMBER", help=_("Its document number."))
@click.option("--openness-date", type=click.DateTime(["%Y-%m-%d"]), help=_("Its day."))
@root_option
@language_option
def approve(
    datasets: tuple[str, ...],
    every: bool,
    by: str,
    reference: str | None,
    secrecy_by: str | None,
    secrecy_reference: str | None,
    secrecy_date: datetime | None,
    openness_by: str | None,
    openness_reference: str | None,
    openness_date: datetime | None,
    root: Path,
    lang: str | None,
) -> None:
    """Write the records."""
    use_portal_language(root, lang)
    if every == bool(datasets):
        raise UsageError(_("Name datasets, or give --all."))
    catalog = load(root)
    secrecy = _examination(secrecy_by or by, secrecy_date, secrecy_reference or reference)
    openness = _examination(openness_by or by, openness_date, openness_reference or reference)
    keys = [one.dataset.key for one in review.waiting(catalog)] if every else map(_key, datasets)
    for key in [review.dataset_of(catalog, key).key for key in keys]:
        path = review.approve(catalog, key, by=by, secrecy=secrecy, openness=openness)
        _said(root, path)


@command.command("return", help=_("Return the present content of datasets, with the reason."))
@click.argument("datasets", nargs=-1, metavar="DATASET…", required=True)
@_by
@click.option("--reason", metavar="TEXT", required=True, help=_("What has to be changed."))
@root_option
@language_option
def return_(datasets: tuple[str, ...], by: str, reason: str, root: Path, lang: str | None) -> None:
    """Write the records."""
    use_portal_language(root, lang)
    catalog = load(root)
    for key in [review.dataset_of(catalog, _key(one)).key for one in datasets]:
        _said(root, review.send_back(catalog, key, by=by, reason=reason))


def _key(word: str) -> str:
    """`<department>/<name>`, also where the dataset's folder was named."""
    return "/".join(word.rstrip("/").split("/")[-2:])


def _examination(by: str, day: datetime | None, reference: str | None) -> Examination:
    date = day.date() if day else clock.today()
    if date > clock.today():
        raise UsageError(_("Nothing was reviewed on a day that has not come."))
    return Examination(by=by, date=date, reference=reference)


def _said(root: Path, path: Path) -> None:
    file = path.resolve().relative_to(root.resolve()).as_posix()
    click.echo(_("Written: {path}. Commit and push it; only the operator may.").format(path=file))
