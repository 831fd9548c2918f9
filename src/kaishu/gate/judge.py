"""The verdict on a push: who pushes what where, and whether the portal would still be right.

Only what changed is checked in full, and what it can break elsewhere. Every problem is told.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kaishu.base import clock, problems, strict_yaml
from kaishu.gate import authority as who
from kaishu.gate import kinds, paths
from kaishu.gate.ahead import CATALOG, Ahead, datasets
from kaishu.gate.authority import Authority
from kaishu.history.proposals import PREFIX
from kaishu.history.push import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kaishu.gate.settings import Settings
    from kaishu.history.push import Bare, Change, Entry, RefUpdate
    from kaishu.packaging.against import Changed


@dataclass(frozen=True)
class Verdict:
    """Whether the push is accepted; `datasets` are those that it changes on the portal's branch,
    `changed` what it changes in them.
    """

    problems: tuple[problems.Problem, ...]
    datasets: tuple[str, ...]
    changed: tuple[Changed, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether nothing that was found is an error."""
        return not problems.has_errors(self.problems)


def judge(
    repository: Path, bare: Bare, updates: Sequence[RefUpdate], pusher: str, settings: Settings
) -> Verdict:
    """Judge a push by `pusher`; nothing is raised for what it holds."""
    found: list[problems.Problem] = []
    changed: set[str] = set()
    differences: list[Changed] = []
    if not pusher:
        return Verdict((who.NO_IDENTITY.at(),), ())
    authority, names = _authority(bare, settings)
    for update in updates:
        gone = update.new == NOTHING
        if not gone and bare.tip(update.new) is None:
            found.append(who.NO_COMMIT.at(ref=update.ref))
            continue
        rewrites = (
            not gone and bare.tip(update.old) is not None
            and not bare.is_ancestor(update.old, update.new)
        )  # fmt: skip
        found += who.check_update(update, pusher, authority, settings.ref, names, rewrites=rewrites)
        if gone or problems.has_errors(found):
            continue
        tip = bare.tip(settings.ref) or NOTHING
        commits = bare.new_commits(update.new, tip, update.old)
        changes = [change for commit in commits for change in bare.changes(commit)]
        # A proposal is judged as if it were the portal's branch already.
        proposed = update.ref.startswith(PREFIX)
        judged = proposed or update.ref == settings.ref
        moved = _upon(bare, tip, update) if proposed else update
        touched = list(bare.difference(moved.old, moved.new)) if judged else []
        if judged:
            # A merge can take back what others did without changing a file of its own.
            found += who.check_changes([*changes, *touched], pusher, authority, names)
            found += who.check_dates(bare.committed(commits), clock.now())
            if proposed:
                found += who.check_proposed(update, touched)
            if settings.allowed_signers and update.ref == settings.ref:
                allowed = repository / settings.allowed_signers
                signers = {commit: bare.signer(commit, allowed) for commit in commits}
                found += who.check_signatures(signers, pusher)
        found += _files(bare, changes, update.new, settings)
        if judged and not problems.has_errors(found):
            changed |= set(datasets(touched))
            with tempfile.TemporaryDirectory(prefix="kaishu-gate-") as scratch:
                ahead = Ahead(repository, bare, moved, touched, Path(scratch))
                of_this, in_them = ahead.look(pusher, authority)
            found += of_this
            differences += in_them
    return Verdict(tuple(problems.in_order(found)), tuple(sorted(changed)), tuple(differences))


def _upon(bare: Bare, tip: str, update: RefUpdate) -> RefUpdate:
    """The update as one of the portal's branch, from where the proposal left it."""
    base = bare.parting(tip, update.new) if tip != NOTHING else None
    return replace(update, old=base or NOTHING)


def _authority(bare: Bare, settings: Settings) -> tuple[Authority, dict[str, str]]:
    """Who may what by the catalogue as published, never by the one that is pushed."""
    tip = bare.tip(settings.ref)
    departments: list[object] = []
    for entry in bare.tree(tip, CATALOG) if tip else ():
        for _blob, content in bare.contents([entry.blob]):
            value = strict_yaml.parse(content, file=CATALOG).value
            listed = value.get("departments") if isinstance(value, dict) else None
            departments = listed if isinstance(listed, list) else []
    maintainers: dict[str, frozenset[str]] = {}
    names: dict[str, str] = {}
    for one in departments:
        if isinstance(one, dict) and isinstance(one.get("id"), str):
            people = one.get("maintainers")
            maintainers[one["id"]] = frozenset(map(str, people if isinstance(people, list) else ()))
            names[one["id"]] = str(one.get("name") or one["id"])
    return Authority(frozenset(settings.operators), maintainers), names


def _files(
    bare: Bare, changes: Sequence[Change], commit: str, settings: Settings
) -> Iterator[problems.Problem]:
    """Problems of new files, those that a later commit of the push removes again included."""
    entries = {change.entry.blob + change.path: change.entry for change in changes if change.entry}
    new = list(entries.values())
    added = {one.path for one in new}
    existing = [one.path for one in bare.tree(commit) if one.path not in added]
    yield from paths.check(sorted(added), existing)
    plain = [one for one in new if one.mode.startswith("100")]
    sizes = bare.sizes({one.blob for one in plain})
    found = list(kinds.check(new, sizes, settings))
    yield from found
    # What is too large or of no known kind is never read.
    refused = {problem.file for problem in found}
    readable = [one for one in plain if one.path not in refused and one.blob in sizes]
    if any(problem.code == kinds.PUSH_TOO_LARGE.id for problem in found):
        return
    by_blob: dict[str, list[Entry]] = {}
    for one in readable:
        by_blob.setdefault(one.blob, []).append(one)
    for blob, content in bare.contents(list(by_blob)):
        for one in by_blob[blob]:
            yield from kinds.check_content(one, content)
