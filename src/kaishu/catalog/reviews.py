"""The operator's reviews before publication: `governance/reviews/<department>/<name>/<hash>.yaml`.

A record speaks of exactly the content whose hash names its file (辽宁 第十条, 营口 第十一条,
第十二条, 第十八条, 邵阳 第九条). The department's own review stays in its entry.

decision: approved                # approved | returned
decided: "2026-03-02T10:00:00+08:00"
by: 李四
secrecy: {by: 张三, date: 2026-03-01, reference: 密审〔2026〕3号}
openness: {by: 李四, date: 2026-03-02, reference: 开审〔2026〕5号}
structure: 9f2c…                  # the hash of openness and schemas, for the policy `changes`
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, StringConstraints

from kaishu.base import problems
from kaishu.base.i18n import N_
from kaishu.base.i18n import gettext as _
from kaishu.base.vocabulary import Word
from kaishu.catalog.content import Content
from kaishu.catalog.governance import UNKNOWN_KEY, read_file
from kaishu.catalog.model import Strict, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from kaishu.base.strict_yaml import Document
    from kaishu.catalog.dataset import Catalog, Dataset

FOLDER = "governance/reviews"

FILE_NAME = problems.error(
    "review-file-name",
    N_("A review's file is called <content hash>.yaml, below <department>/<name>/."),
    N_("Make reviews with kaishu review approve or kaishu review return."),
)
NOT_EXAMINED = problems.error(
    "review-without-examination",
    N_("An approval needs both reviews, of secrecy and of openness."),
    N_("Add {key}: {{by, date, reference}}."),
)
NO_REASON = problems.error(
    "review-without-reason",
    N_("A dataset is returned without a reason."),
    N_("Add reason: what the department has to change."),
)
NO_OFFSET = problems.error(
    "review-without-offset",
    N_("The moment of the decision has no offset from UTC."),
    N_('Write it as "2026-03-02T10:00:00+08:00".'),
)
AWAITS = problems.note(
    "awaits-review",
    N_("This content is not approved: {public}."),
    N_("The operator reviews it with kaishu review; the policy is “{policy}”."),
)
RETURNED = problems.warning(
    "review-returned",
    N_("{by} returned this content: {reason}"),
    N_("Change what is asked for and commit; the new content is reviewed again."),
)
ABSENT, EARLIER = N_("the dataset is not public"), N_("the version approved last stays public")

_NAME = re.compile(r"[0-9a-f]{64}\Z")


class Decision(Word):
    """What the operator decided."""

    APPROVED = "approved", N_("Approved")
    RETURNED = "returned", N_("Returned")


class Examination(Strict):
    """One of the two reviews: who, on which day, under which number."""

    by: Text = Field(title=N_("Reviewed by"))
    date: dt.date = Field(title=N_("Date of review"))
    reference: Text | None = Field(None, title=N_("Document number"))


class ReviewFile(Strict):
    """governance/reviews/<department>/<name>/<content hash>.yaml."""

    decision: Decision = Field(title=N_("Review decision"))
    decided: dt.datetime = Field(title=N_("Decided at"))
    by: Text = Field(title=N_("Decided by"))
    secrecy: Examination | None = Field(None, title=N_("Secrecy review"))
    openness: Examination | None = Field(None, title=N_("Openness review"))
    structure: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = Field(
        None, title=N_("Hash of openness and schemas")
    )
    reason: Text | None = Field(None, title=N_("Reason"))


@dataclass(frozen=True, slots=True)
class Review:
    """One record: its file (relative to the root), and the dataset and content it speaks of."""

    file: str
    key: str
    content: str
    said: ReviewFile

    @property
    def approves(self) -> bool:
        """Whether it approves its content."""
        return self.said.decision is Decision.APPROVED


def path_of(key: str, content: str) -> str:
    """The path of the record about `content` of the dataset `key`, relative to the root."""
    return f"{FOLDER}/{key}/{content}.yaml"


def of_dataset(root: Path, dataset: Dataset) -> tuple[list[Review], list[problems.Problem]]:
    """The right records of a dataset, those of its former addresses included, and all problems."""
    reviews: list[Review] = []
    found: list[problems.Problem] = []
    for key in (dataset.key, *dataset.entry.aliases):
        for path in sorted((root / FOLDER / key).glob("*.y*ml")):
            file = f"{FOLDER}/{key}/{path.name}"
            said, document = read_file(path, ReviewFile, file=file, found=found)
            if said is None:
                continue
            found += (wrong := list(_check(said, document, file)))
            if not wrong:
                reviews.append(Review(file, dataset.key, path.stem, said))
    return reviews, found


def is_approved(policy: str, content: Content, reviews: Iterable[Review]) -> bool:
    """Whether the policy lets exactly this content become public.

    Under `changes` it also may where openness and schemas are those of the latest approval; a
    record about exactly this content goes before. A withdrawal does not wait once a version was
    approved.
    """
    if policy == "none":
        return True
    known = sorted(reviews, key=lambda one: one.said.decided)
    approvals = [one for one in known if one.approves]
    if not approvals:
        return False
    own = [one for one in known if one.content == content.whole]
    if own:
        return own[-1].approves
    # What was public before is taken out of the public's sight at once.
    if content.withdrawn:
        return True
    return policy == "changes" and approvals[-1].said.structure == content.structure


def check(catalog: Catalog) -> tuple[set[str], list[problems.Problem]]:
    """The datasets whose content is not approved, and every problem of the records."""
    policy = catalog.portal.review_policy
    waiting: set[str] = set()
    found: list[problems.Problem] = []
    folders = {path.relative_to(catalog.root / FOLDER).as_posix()
               for path in (catalog.root / FOLDER).glob("*/*") if path.is_dir()}  # fmt: skip
    known = {alias for one in catalog.datasets for alias in one.entry.aliases}
    known |= {*catalog.by_key, *(one.key for one in catalog.unusable)}
    for key in sorted(folders - known):
        file = f"{FOLDER}/{key}"
        found.append(UNKNOWN_KEY.at(file=file, key="governance/reviews", dataset_key=key))
    for dataset in catalog.datasets:
        if policy == "none" and dataset.key not in folders:
            continue
        reviews, wrong = of_dataset(catalog.root, dataset)
        found += wrong
        if policy == "none":
            continue
        content = Content.of(dataset)
        if is_approved(policy, content, reviews):
            continue
        waiting.add(dataset.key)
        place: dict[str, Any] = {"dataset": dataset.key, "file": dataset.file}
        words = EARLIER if any(one.approves for one in reviews) else ABSENT
        found.append(AWAITS.at(**place, policy=policy, public=_(words)))
        for one in reviews:
            if one.content == content.whole and not one.approves:
                found.append(RETURNED.at(**place, by=one.said.by, reason=one.said.reason))
    return waiting, found


def _check(said: ReviewFile, document: Document, file: str) -> Iterator[problems.Problem]:
    line = document.line(("decision",))
    if not _NAME.match(file.rpartition("/")[2].removesuffix(".yaml")):
        yield FILE_NAME.at(file=file, line=1)
    if said.decided.tzinfo is None:
        yield NO_OFFSET.at(file=file, line=document.line(("decided",)))
    if said.decision is Decision.RETURNED and said.reason is None:
        yield NO_REASON.at(file=file, line=line)
    if said.decision is Decision.APPROVED:
        for key in ("secrecy", "openness"):
            if getattr(said, key) is None:
                yield NOT_EXAMINED.at(file=file, line=line, key=key)
