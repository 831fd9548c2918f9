"""`kaishu preview`: the pages of what changed, made in seconds and again at every save."""

from __future__ import annotations

import socketserver
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import click

from kaishu.base.errors import InvalidFiles, KaishuError
from kaishu.base.files import PART
from kaishu.base.i18n import gettext as _
from kaishu.base.i18n import ngettext
from kaishu.cli.language import portal_value, use_portal_language
from kaishu.cli.options import root_option
from kaishu.history.git import History
from kaishu.packaging.part import changed_keys
from kaishu.packaging.report import as_text
from kaishu.publishing.preview import render

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kaishu.backend.preview_server import PreviewServer

# A portal of no more datasets is shown whole.
_WHOLE = 50
_MADE_HERE = ("build", ".git", "var", ".venv", "node_modules")


@click.command(
    help=_(
        "Show the pages of the datasets that changed, or of the folders named, as they would be "
        "published; they are made again and loaded again at every save. Ctrl-C ends it."
    )
)
@click.argument("dataset_dirs", nargs=-1, type=click.Path(path_type=Path, exists=True))
@root_option
@click.option(
    "--against",
    "rev",
    metavar="REV",
    default="HEAD",
    show_default=True,
    help=_("Changed since this commit or branch."),
)
@click.option("--port", type=click.IntRange(0, 65535), default=8010, show_default=True,
              help=_("The port to listen on; 0 takes a free one."))  # fmt: skip
@click.option(
    "--once",
    type=click.Path(path_type=Path, file_okay=False),
    metavar=_("DIR"),
    help=_("Write the pages into this folder and end; nothing is served."),
)
def command(
    dataset_dirs: tuple[Path, ...], root: Path, rev: str, port: int, once: Path | None
) -> None:
    """Render, then serve and watch, or end."""
    use_portal_language(root)
    named = ["/".join(path.resolve().parts[-2:]) for path in dataset_dirs if path.is_dir()]
    if once is not None:
        _render(root, named or _keys(root, rev), once)
        return
    url = portal_value(root, "url")
    if not isinstance(url, str):
        raise InvalidFiles(_("catalog.yaml has no url; run kaishu check to see why."))
    _serve(root, rev, named, port, url)


def _serve(root: Path, rev: str, named: Sequence[str], port: int, url: str) -> None:
    import watchfiles

    from kaishu.backend.preview_server import PreviewServer
    from kaishu.backend.wsgi import base_path

    site = root / "build" / "preview"
    _render(root, named or _keys(root, rev), site)
    base = base_path(url)
    app = PreviewServer(site, base)
    server = make_server("127.0.0.1", port, app, _Threaded, _Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}{base}/"
    click.echo(_("Preview at {address}").format(address=address))
    try:
        for _changes in watchfiles.watch(root, watch_filter=_is_source, debounce=200):
            _again(root, rev, named, site, app)
    finally:
        app.stop()
        server.shutdown()


def _again(root: Path, rev: str, named: Sequence[str], site: Path, app: PreviewServer) -> None:
    """Render anew; what cannot be rendered is said, and what was shown before stays."""
    try:
        _render(root, named or _keys(root, rev), site)
    # An editor may put a new file in the place of one that is being read.
    except (KaishuError, OSError) as error:
        click.echo(str(error), err=True)
    else:
        app.changed()


def _render(root: Path, keys: Sequence[str], target: Path) -> None:
    begun = time.perf_counter()
    made = render(root, keys, target)
    if made.problems:
        click.echo(as_text(made.problems))
    count = len(made.shown)
    words = ngettext("{n} dataset", "{n} datasets", count).format(n=count)
    seconds = f"{time.perf_counter() - begun:.1f}"
    click.echo(_("Rendered {words} in {seconds} s.").format(words=words, seconds=seconds))
    for key in made.shown:
        click.echo(f"  datasets/{key}/")
    for key in made.left_out:
        click.echo(_("  {dataset_key}: not shown, as it has errors").format(dataset_key=key))


def _keys(root: Path, rev: str) -> list[str]:
    """What changed; of a small portal, everything."""
    folders = sorted(path for path in (root / "datasets").glob("*/*") if path.is_dir())
    if len(folders) <= _WHOLE:
        return ["/".join(path.parts[-2:]) for path in folders]
    return changed_keys(History.open(root), rev)[0]


def _is_source(_change: object, path: str) -> bool:
    """Whether a change of the file is one that pages may show."""
    parts = Path(path).parts
    return not any(part in _MADE_HERE or part.startswith(PART) for part in parts)


class _Threaded(socketserver.ThreadingMixIn, WSGIServer):
    """A browser that waits for word of a change keeps nobody else waiting."""

    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Nothing is logged: the terminal is for problems."""
