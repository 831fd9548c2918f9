"""Who may change what: a department's maintainers their own folder, the operator everything.

The pusher is known from the connection (ssh key, http user, forge account), never from the author
that a commit names.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from kaishu.base import problems
from kaishu.base.i18n import N_, gettext
from kaishu.catalog.attestations import is_attestation
from kaishu.history.proposals import PREFIX
from kaishu.history.push import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from kaishu.history.push import Change, RefUpdate

NO_IDENTITY = problems.error(
    "no-identity",
    N_("The server does not know who is pushing."),
    N_("Ask the operator to set the name of your key or account for this repository."),
)
NOT_YOURS = problems.error(
    "not-yours",
    N_("{pusher} may not change this path; it belongs to {owner} (commit {commit})."),
    N_("Change only your own folder; ask its owner for the rest."),
)
REWRITTEN = problems.error(
    "history-rewritten",
    N_("The push would rewrite the published history of {ref}."),
    N_("Fetch, rebase your own commits on it, and push again without force."),
)
BRANCH_DELETED = problems.error(
    "branch-deleted",
    N_("The push would delete {ref}, from which the portal is published."),
    N_("Withdraw a dataset by its entry; the branch stays."),
)
TAG = problems.error(
    "tag-refused",
    N_("{ref} may not be made, moved or deleted by {pusher}."),
    N_("Tags are the operator's, and stay once they are made."),
)
OTHER_REF = problems.error(
    "ref-refused",
    N_("{ref} is neither a branch nor a tag."),
    N_("Push to a branch."),
)

OTHERS_PROPOSAL = problems.error(
    "not-your-proposal",
    N_("{ref} is for proposals of {owner}; {pusher} may not make, move or remove it."),
    N_("Call your branch publish/<your department>/<dataset>/<name>."),
)
NOT_PROPOSED = problems.error(
    "not-proposed",
    N_("The proposal {ref} changes a path that it does not speak of."),
    N_("A branch publish/<department>/<dataset>/<name> changes files of that dataset alone."),
)
OTHERS_ADDRESS = problems.error(
    "not-your-address",
    N_("The former address {alias} is no dataset of yours; {pusher} may not take it."),
    N_("Ask the operator to move a dataset from one department to another."),
)
DATED_AHEAD = problems.error(
    "dated-ahead",
    N_("The commit {commit} says that it was made at {time}, which has not come."),
    N_(
        "Set the clock of your computer right, and commit again (git commit --amend --reset-author)."
    ),
)
NO_COMMIT = problems.error(
    "no-commit",
    N_("{ref} would point to an object that is no commit."),
    N_("Push commits; other objects have no place here."),
)

UNSIGNED = problems.error(
    "unsigned",
    N_("The commit {commit} is not signed by {pusher} with a key that is known here."),
    N_("Sign it with your ssh key (git commit -S), and have the operator add your key."),
)

OPERATOR = N_("the operator")
_CLOCKS_DIFFER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Authority:
    """Who may what: `maintainers` by department, as the published catalogue has them."""

    operators: frozenset[str]
    maintainers: Mapping[str, frozenset[str]]

    def is_operator(self, pusher: str) -> bool:
        """Whether `pusher` runs the portal."""
        return pusher in self.operators

    def may_change(self, pusher: str, path: str) -> bool:
        """Whether `pusher` may change the file at `path`."""
        department = department_of(path)
        if self.is_operator(pusher):
            return True
        return department is not None and pusher in self.maintainers.get(department, frozenset())


def department_of(path: str) -> str | None:
    """The department whose folder holds `path`: a file of a dataset, or an attestation."""
    parts = path.split("/")
    if parts[0] != "datasets" or len(parts) < 3:
        return None
    return parts[1] if len(parts) > 3 or is_attestation(parts[2]) else None


def check_update(
    update: RefUpdate,
    pusher: str,
    authority: Authority,
    protected: str,
    names: Mapping[str, str],
    *,
    rewrites: bool,
) -> Iterator[problems.Problem]:
    """Whether the reference itself may move so; `rewrites`: its old commit would be lost.

    `names` are the departments' by id.
    """
    if update.ref.startswith(PREFIX):
        department = update.ref.removeprefix(PREFIX).split("/")[0]
        if not authority.may_change(pusher, f"datasets/{department}/-/-"):
            owner = names.get(department, department)
            yield OTHERS_PROPOSAL.at(ref=update.ref, owner=owner, pusher=pusher)
    elif update.ref.startswith("refs/tags/"):
        if update.old != NOTHING or not authority.is_operator(pusher):
            yield TAG.at(ref=update.ref, pusher=pusher)
    elif not update.ref.startswith("refs/heads/"):
        yield OTHER_REF.at(ref=update.ref)
    elif update.ref == protected and update.new == NOTHING:
        yield BRANCH_DELETED.at(ref=update.ref)
    elif update.ref == protected and rewrites:
        yield REWRITTEN.at(ref=update.ref)


def check_dates(committed: Mapping[str, datetime], now: datetime) -> Iterator[problems.Problem]:
    """Commits from the future: days of publication and dates of data follow from a commit's."""
    for commit, time in committed.items():
        if time > now + _CLOCKS_DIFFER:
            shown = time.isoformat(sep=" ", timespec="minutes")
            yield DATED_AHEAD.at(commit=commit[:10], time=shown)


def check_signatures(signers: Mapping[str, str | None], pusher: str) -> Iterator[problems.Problem]:
    """Commits that are not signed by their pusher; `signers` are by commit."""
    for commit, signer in signers.items():
        if signer != pusher:
            yield UNSIGNED.at(commit=commit[:10], pusher=pusher)


def check_proposed(update: RefUpdate, touched: Iterable[Change]) -> Iterator[problems.Problem]:
    """Paths that a proposal changes and its name does not speak of: who merges it reads the name."""
    key = "/".join(update.ref.removeprefix(PREFIX).split("/")[:2])
    for change in touched:
        if not change.path.startswith(f"datasets/{key}/"):
            yield NOT_PROPOSED.at(file=change.path, ref=update.ref)


def check_changes(
    changes: Iterable[Change], pusher: str, authority: Authority, names: Mapping[str, str]
) -> Iterator[problems.Problem]:
    """Paths that are not the pusher's, each once; `names` are the departments' by id."""
    seen: set[str] = set()
    for change in changes:
        if change.path in seen or authority.may_change(pusher, change.path):
            continue
        seen.add(change.path)
        department = department_of(change.path)
        owner = names.get(department or "", department) or gettext(OPERATOR)
        yield NOT_YOURS.at(file=change.path, pusher=pusher, owner=owner, commit=change.commit[:10])
