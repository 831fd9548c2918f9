"""The template environment of all pages, MkDocs's own included."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from kaishu.base import formats
from kaishu.base.i18n import current, gettext, ngettext
from kaishu.base.vocabulary import Openness
from kaishu.site import pictures, words
from kaishu.site.compiler import Direct, Once, html, text
from kaishu.site.shell import Here

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kaishu.site.shell import Page, Shell

THEME = Path(__file__).parent / "theme"
_PARAGRAPHS = re.compile(r"\n\s*\n")
_OURS = frozenset(path.name for path in THEME.glob("*.html"))


def furnish(environment: Environment) -> Environment:
    """Give `environment` our words and formats, and escape what our templates print.

    Only ours: Material's own partials print markup unescaped.
    """
    environment.autoescape = lambda name: name in _OURS
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.globals.update(
        _=gettext,
        gettext=gettext,
        ngettext=ngettext,
        language=current,
        long_date=formats.long_date,
        number=formats.number,
        size=formats.size,
        Openness=Openness,
        pictures=pictures,
        words=words,
        one_day=timedelta(days=1),
    )
    environment.filters.update(paragraphs=paragraphs, filled=filled)
    environment.add_extension(Once)
    return environment


class Precompiled(Environment):
    """Our templates in one language: a text in them is translated once, not on each page."""

    code_generator_class = Direct

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree: nodes.Template = _Translated().visit(super()._parse(source, name, filename))
        return tree


class _Translated(NodeTransformer):
    """Replaces `_("…")` by what it says in the language in use."""

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - the visitor's own name
        self.generic_visit(node)
        given = node.args
        if (
            isinstance(node.node, nodes.Name)
            and node.node.name == "_"
            and len(given) == 1
            and isinstance(given[0], nodes.Const)
        ):
            return nodes.Const(gettext(given[0].value), lineno=node.lineno)
        return node


def paragraphs(text: str) -> Markup:
    """Plain text as HTML paragraphs: a blank line ends one, a line break stays one."""
    parts = (part.strip() for part in _PARAGRAPHS.split(text.strip()))
    return Markup("\n").join(
        Markup("<p>{}</p>").format(Markup("<br>").join(escape(line) for line in part.split("\n")))
        for part in parts
        if part
    )


def filled(line: str, values: Iterable[object]) -> Markup:
    """HTML with a value in the place of each `%s`: for lines that differ in their values alone."""
    return html(str.__mod__(line, tuple(map(text, values))))


def render(page: Page, environment: Environment, shell: Shell) -> str:
    """The whole HTML text of `page`."""
    here = Here(page.path, page.title, page.description, shell, page.sources)
    text = environment.get_template(page.template).render(here=here, site=shell, **page.values)
    return text.rstrip() + "\n"
