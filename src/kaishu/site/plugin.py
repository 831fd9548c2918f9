"""The thin seam to MkDocs: our templates before Material's, our shell around narrative pages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File

from kaishu.base.i18n import LANGUAGES
from kaishu.catalog.load import load
from kaishu.site.environment import THEME, furnish
from kaishu.site.shell import Here, Link, Shell, asset_versions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page

GUIDES = "help"
# Pages that every portal needs, by language; a portal's own of the same name comes before.
NARRATIVE = Path(__file__).parent / "narrative"
MATERIAL_LANGUAGES = {"zh-CN": "zh", "en": "en"}


class KaishuPlugin(BasePlugin):  # type: ignore[type-arg,no-untyped-call]
    """Builds the pages that people write; pages made from data are `kaishu build`'s.

    `shell` is set by the build beforehand, and read from the portal's folder under plain
    `mkdocs`. `guides` is the folder of guides that become `/help/`.
    """

    shell: Shell | None = None
    guides: Path | None = None

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Put our theme first, and leave the search index and Material's static pages out."""
        if self.shell is None:
            root = Path(config.config_file_path).parent
            self.shell = Shell(load(root).portal, asset_versions())
            self.guides = guides_of(root)
        own = 1 if config.theme.custom_dir else 0
        config.theme.dirs.insert(own, str(THEME))
        config.theme.static_templates.clear()
        config.theme["language"] = MATERIAL_LANGUAGES[self.shell.portal.language]
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add the guides below `/help/`, and the pages that every portal needs and this one lacks."""
        assert self.shell is not None  # noqa: S101 - set in on_config
        for name, path in guides_in(self.guides, self.shell.portal.language):
            files.append(File.generated(config, f"{GUIDES}/{name}", abs_src_path=str(path)))
        for path in sorted((NARRATIVE / self.shell.portal.language).glob("*.md")):
            if files.get_file_from_path(path.name) is None:
                files.append(File.generated(config, path.name, abs_src_path=str(path)))
        return files

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Give the templates our words, and the shell the ways to the narrative pages."""
        assert self.shell is not None  # noqa: S101 - set in on_config
        pages = sorted(files.documentation_pages(), key=lambda file: file.url)
        links = tuple(Link(_path(file.page), str(file.page.title)) for file in pages if file.page)
        self.shell = Shell(self.shell.portal, self.shell.assets, links)
        return furnish(env)

    def on_page_context(
        self, context: Any, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> Any:
        """What our shell shows around one page."""
        assert self.shell is not None  # noqa: S101 - set in on_config
        description = str(page.meta.get("description", ""))
        here = Here(_path(page), str(page.title), description, self.shell)
        return {**context, "here": here, "site": self.shell}


def guides_of(root: Path) -> Path | None:
    """The portal's own guides, else those that came with the engine, else None."""
    package = Path(__file__).parents[1]
    candidates = (root / "docs/guides", package / "guides", package.parents[1] / "docs/guides")
    return next((path for path in candidates if path.is_dir()), None)


def guides_in(folder: Path | None, language: str) -> Iterator[tuple[str, Path]]:
    """The files of the guides in `folder`, each with its name below `/help/`.

    One that stands below a folder called by `language` takes the place of the original's.
    """
    for path in sorted(folder.rglob("*")) if folder else ():
        name = path.relative_to(folder)  # type: ignore[arg-type]
        if path.is_file() and name.parts[0] not in LANGUAGES:
            own = folder / language / name  # type: ignore[operator]
            yield name.as_posix(), own if own.is_file() else path


def _path(page: Page) -> str:
    return "" if page.url in (".", "./") else page.url
