"""A portal served for real, by the command that people use, on a free port."""

from __future__ import annotations

import contextlib
import functools
import http.server
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = Path(__file__).parents[1]
KAISHU = str(Path(sys.executable).with_name("kaishu"))
CONTENT = ("catalog.yaml", "mkdocs.yml", "datasets", "governance", "site_src", "docs/guides")


@dataclass(frozen=True)
class Served:
    """A running portal: its address without a trailing slash, its root, its variable folder."""

    url: str
    root: Path
    var: Path


def copy_of_the_example(root: Path) -> Path:
    """The example portal's own content, outside git, in `root`."""
    for name in CONTENT:
        source, target = REPOSITORY / name, root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        elif source.exists():
            shutil.copyfile(source, target)
    return root


def run(*arguments: str, root: Path) -> str:
    """Run one kaishu command on the portal in `root`; its output."""
    done = subprocess.run(
        [KAISHU, *arguments, "--root", str(root)],
        env=_environment(root),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"kaishu {arguments}: {done.stdout}\n{done.stderr}"
    return done.stdout


@contextlib.contextmanager
def serving(root: Path, *options: str) -> Iterator[Served]:
    """Serve the built portal in `root` until the block ends, with options of `kaishu serve`."""
    port = free_port()
    log = root.with_name(f"{root.name}-serve.log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [KAISHU, "serve", "--root", str(root), "--port", str(port), *options],
            env=_environment(root),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until_it_answers(f"{url}/healthz", process, log)
        yield Served(url, root, root / "var")
    finally:
        # A test may have stopped it.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=20)


@contextlib.contextmanager
def serving_files(folder: Path, asked: list[str] | None = None) -> Iterator[str]:
    """Serve the files of a folder until the block ends; their address without a trailing slash.

    The paths that are asked for are added to `asked`.
    """

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_arguments: object) -> None:
            if asked is not None:
                asked.append(self.path)

    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def wait_until_it_answers(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when `url` answers at all; fail with the server's own words where it never does."""
    for _attempt in range(300):
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the server does not answer: {log.read_text(errors='replace')}")


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(root: Path) -> dict[str, str]:
    unset = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "KAISHU_ROOT"}
    kept = {name: value for name, value in os.environ.items() if name not in unset}
    return {**kept, "KAISHU_VAR": str(root / "var")}
