"""`/desk/publish/`: an officer's datasets, drafts and proposals."""

from __future__ import annotations

import csv
import tempfile
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.forms import formset_factory
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from kaishu.backend.publish import draft as drafts
from kaishu.backend.publish import entry, reviewing
from kaishu.backend.publish.desk import person, publishers
from kaishu.backend.publish.forms import ColumnForm, EntryForm, TableForm, UploadForm
from kaishu.base import strict_yaml
from kaishu.base.errors import Conflict, InvalidFiles, UsageError
from kaishu.base.files import inside
from kaishu.base.i18n import gettext as _
from kaishu.base.problems import has_errors
from kaishu.cases.portal import now
from kaishu.cases.words import Role
from kaishu.catalog.load import DESCRIPTORS
from kaishu.publishing import preview
from kaishu.publishing.media import media_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

    from kaishu.backend.publish.draft import Draft
    from kaishu.cases.models import StaffProfile
    from kaishu.history.proposals import Proposals

_OFFICERS = (Role.OFFICER, Role.HEAD)
_ROWS_SHOWN = 10
_Columns: Any = formset_factory(ColumnForm, extra=0)


@publishers(*_OFFICERS)
def index(request: HttpRequest, profile: StaffProfile, repository: Proposals) -> HttpResponse:
    """The department's datasets, what is being prepared, what waits; and the upload."""
    own = _datasets(repository, profile.department)
    form = UploadForm(
        request.POST or None, request.FILES or None, datasets=[(key, title) for key, title in own]
    )
    if request.method == "POST" and form.is_valid():
        try:
            draft = _begin(form.cleaned_data, profile, repository)
        except (UsageError, InvalidFiles) as error:
            form.add_error("table", str(error))
        else:
            return redirect("publish-draft", id_=draft.id)
    waiting = [one for one in repository.waiting() if one.name.startswith(f"{profile.department}/")]
    context = {
        "form": form,
        "datasets": own,
        "drafts": list(drafts.every(_folder(profile))),
        "waiting": waiting,
        "returned": reviewing.returned(repository, profile.department),
        "department": now().catalog.portal.department(profile.department),
    }
    return render(request, "publish/index.html", context, status=422 if form.errors else 200)


@publishers(*_OFFICERS)
def draft_page(
    request: HttpRequest, profile: StaffProfile, repository: Proposals, id_: str
) -> HttpResponse:
    """One draft: what was inferred, the entry to correct, the check's report, the preview."""
    draft = _draft(profile, id_)
    raw, portal = draft.raw(), now().catalog.portal
    columns = entry.columns(raw)
    posted = request.POST if request.method == "POST" else None
    form = EntryForm(posted, portal=portal, initial=entry.to_form(raw))
    rows = _Columns(posted, prefix="columns", initial=columns)
    if posted is not None and form.is_valid() and rows.is_valid():
        if rows.total_form_count() != len(columns):
            raise Http404
        said = [row.cleaned_data for row in rows]
        draft.write(entry.with_columns(entry.from_form(raw, form.cleaned_data), said))
        return redirect("publish-draft", id_=id_)
    return _page(request, draft, repository, form=form, rows=rows)


@require_POST
@publishers(*_OFFICERS)
def table(
    request: HttpRequest, profile: StaffProfile, repository: Proposals, id_: str
) -> HttpResponse:
    """A table for the draft: in place of one of its data files, or beside them."""
    draft = _draft(profile, id_)
    form = TableForm(request.POST, request.FILES, resources=_resources(draft))
    if form.is_valid():
        said = form.cleaned_data
        try:
            with _uploaded(said["table"]) as file:
                draft.put(file, said["resource"], said["name"], restructure=said["restructure"])
        except (UsageError, InvalidFiles) as error:
            form.add_error("table", str(error))
        else:
            return redirect("publish-draft", id_=id_)
    return _page(request, draft, repository, upload=form)


def _page(
    request: HttpRequest,
    draft: Draft,
    repository: Proposals,
    *,
    form: EntryForm | None = None,
    rows: Any = None,
    upload: TableForm | None = None,
) -> HttpResponse:
    """The draft's page, with the forms as they were filled in."""
    raw = draft.raw()
    placed = entry.placed_columns(raw)
    form = form or EntryForm(portal=now().catalog.portal, initial=entry.to_form(raw))
    rows = rows or _Columns(prefix="columns", initial=[field for _resource, field in placed])
    why = {(resource, name): words for resource, name, words in draft.guesses}
    catalog, found = draft.check()
    context = {
        "draft": draft,
        "form": form,
        "upload": upload or TableForm(resources=_resources(draft)),
        "rows": [
            (row, resource, column, why.get((resource["name"], column["name"]), ""))
            for row, (resource, column) in zip(rows, placed, strict=False)
        ],
        "several": len(raw.get("resources", [])) > 1,
        "management": rows.management_form,
        "problems": found,
        "right": catalog is not None and not has_errors(found),
        "changed": draft.changed(repository),
        "tables": [(one, _first_rows(draft, one)) for one in raw.get("resources", [])],
    }
    status = 422 if form.errors or (upload is not None and upload.errors) else 200
    return render(request, "publish/draft.html", context, status=status)


@require_POST
@publishers(*_OFFICERS)
def submit(
    request: HttpRequest, profile: StaffProfile, repository: Proposals, id_: str
) -> HttpResponse:
    """Commit the draft in the officer's name on a branch, through the gate."""
    draft, by = _draft(profile, id_), person(request, profile)
    title = str(draft.raw().get("title") or draft.name)
    withdrawn = bool(draft.raw().get("catalogue", {}).get("withdrawn"))
    words = _("New dataset: {title}") if draft.is_new else _("Update: {title}")
    words = _("Withdrawal: {title}") if withdrawn else words
    commit = repository.commit(
        (draft.base,), draft.files(repository), words.format(title=title), by
    )
    try:
        said = repository.propose(commit, f"{draft.key}/{draft.id}", by)
    except Conflict as refused:
        context = {"draft": draft, "said": str(refused)}
        return render(request, "publish/refused.html", context, status=409)
    draft.drop()
    return render(request, "publish/submitted.html", {"draft": draft, "title": title, "said": said})


@require_POST
@publishers(*_OFFICERS)
def drop(
    request: HttpRequest, profile: StaffProfile, repository: Proposals, id_: str
) -> HttpResponse:
    """Throw the draft away."""
    del request, repository
    _draft(profile, id_).drop()
    return redirect("publish")


@require_GET
@publishers(*_OFFICERS)
def page(
    request: HttpRequest, profile: StaffProfile, repository: Proposals, id_: str, path: str
) -> HttpResponse:
    """A file of the draft's preview: the page as it would be published."""
    del request, repository
    draft = _draft(profile, id_)
    site = draft.folder / "site"
    if path == f"datasets/{draft.key}/":
        preview.render(draft.root, [draft.key], site)
    wanted = f"{path}index.html" if path.endswith("/") or not path else path
    file = inside(site, wanted)
    if file is None or not file.is_file():
        raise Http404
    response = HttpResponse(file.read_bytes(), content_type=media_type(file.name))
    # The page carries a policy of its own, as on the site.
    response["Content-Security-Policy"] = "default-src 'self'; img-src 'self' data:"
    return response


def _begin(said: dict[str, Any], profile: StaffProfile, repository: Proposals) -> Draft:
    where = (_folder(profile), repository, profile.department)
    if not said["table"]:
        return drafts.begin(*where, None, said["dataset"], said["name"])
    with _uploaded(said["table"]) as table:
        return drafts.begin(*where, table, said["dataset"], said["name"])


@contextmanager
def _uploaded(upload: Any) -> Iterator[Path]:
    """An uploaded file under its own name, for as long as it is read."""
    with tempfile.TemporaryDirectory(prefix="kaishu-upload-") as scratch:
        table = Path(scratch) / Path(upload.name).name
        with table.open("wb") as target:
            for block in upload.chunks():
                target.write(block)
        yield table


def _resources(draft: Draft) -> list[tuple[str, str]]:
    """The draft's data files: name and title."""
    listed = draft.raw().get("resources", [])
    return [(one["name"], str(one.get("title") or one["name"])) for one in listed]


def _folder(profile: StaffProfile) -> Path:
    return Path(settings.KAISHU_VAR) / "drafts" / str(profile.pk)


def _draft(profile: StaffProfile, id_: str) -> Draft:
    draft = drafts.find(_folder(profile), id_)
    if draft is None or draft.department != profile.department:
        raise Http404
    return draft


def _datasets(repository: Proposals, department: str) -> list[tuple[str, str]]:
    """The department's published datasets: address and title."""
    tip, bare = repository.tip, repository.objects
    found = {
        one.blob: "/".join(one.path.split("/")[1:3])
        for one in bare.tree(tip, f"datasets/{department}")
        if one.path.rpartition("/")[2] in DESCRIPTORS
    }
    titles = {}
    for blob, content in bare.contents(list(found)):
        value = strict_yaml.parse(content, file=found[blob]).value
        key = found[blob]
        titles[key] = str(value.get("title") or key) if isinstance(value, dict) else key
    return sorted(titles.items())


def _first_rows(draft: Draft, resource: dict[str, Any]) -> list[list[str]]:
    """The first rows as the table holds them, its header first; none where it is no CSV."""
    path = draft.dataset / str(resource.get("path", ""))
    if path.suffix != ".csv" or not path.is_file():
        return []
    with path.open(encoding="utf-8", errors="replace", newline="") as source:
        return list(islice(csv.reader(source), _ROWS_SHOWN + 1))
