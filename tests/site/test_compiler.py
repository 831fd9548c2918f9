"""Our templates' own code gives what Jinja's gives, escapes what has to be, and keeps what recurs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined
from jinja2.exceptions import UndefinedError
from markupsafe import Markup, escape
from tests.portals import small_portal
from tests.site.made import edition_of, texts

from kaishu.base import i18n
from kaishu.site import pages
from kaishu.site.compiler import Direct, Once, text
from kaishu.site.environment import render
from kaishu.site.rendering import environment_for, shell_of
from kaishu.site.shell import Shell

if TYPE_CHECKING:
    from pathlib import Path

    from kaishu.catalog.model import Portal

AWKWARD = "<b>“公园” & 'gardens'</b>"


class _Compiled(Environment):
    code_generator_class = Direct


@pytest.fixture
def portal(tmp_path: Path) -> Portal:
    return edition_of(small_portal(tmp_path / "portal"), tmp_path / "packages").catalog.portal


def shown(template: str, **values: object) -> str:
    """What `template` shows of `values`."""
    environment = _Compiled(
        loader=DictLoader({"page": template}),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=[Once],
    )
    return environment.get_template("page").render(**values)


def test_every_page_is_what_jinjas_own_code_makes_of_it(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    for path in root.rglob("*.*"):
        if path.suffix in (".yaml", ".csv"):
            words = path.read_text(encoding="utf-8")
            words = words.replace("title: 城市公园名单", f'title: "城市公园名单 {AWKWARD}"')
            path.write_text(words.replace("东公园", AWKWARD), encoding="utf-8")
    edition = edition_of(root, tmp_path / "packages")
    with i18n.use("zh-CN"):
        environment, shell = environment_for(), shell_of(edition)
        ours = {page.path: render(page, environment, shell) for page in pages.all_pages(edition)}
    assert ours == texts(edition)
    assert str(escape(AWKWARD)) in ours["datasets/mzj/parks/"]


@pytest.mark.parametrize(
    "value", [AWKWARD, "公园", "", "a b", "&", 12, 1.5, None, Markup("<b>"), Markup("")]
)
def test_a_text_is_escaped_as_markupsafe_does_it(value: object) -> None:
    assert text(value) == str(escape(value))


def test_what_a_macro_gives_is_not_escaped_again() -> None:
    template = "{% macro bold(word, more='!') %}<b>{{ word }}{{ more }}</b>{% endmacro %}"
    assert shown(template + "{{ bold('a & b') }}") == "<b>a &amp; b!</b>"


def test_a_name_that_is_not_there_is_an_error_that_names_it() -> None:
    with pytest.raises(UndefinedError, match="absent"):
        shown("{{ absent.title }}")
    with pytest.raises(AttributeError, match="absent"):
        shown("{{ value.absent }}", value="a text")


def test_what_recurs_is_rendered_once_for_each_of_its_values(portal: Portal) -> None:
    site, asked = Shell(portal, {}), list[int]()

    def ask(n: int) -> int:
        asked.append(n)
        return n

    template = "{% for n in (1, 2, 1, 1) %}{% once n, 'x' %}<{{ ask(n) }}>{% endonce %}{% endfor %}"
    assert shown(template, ask=ask, site=site) == "<1><2><1><1>"
    assert asked == [1, 2]


def test_what_recurs_is_kept_for_each_portal_and_language(portal: Portal) -> None:
    template = "{% once 1 %}{{ language() }} {{ site.assets.name }}{% endonce %}"
    one, other = Shell(portal, {"name": "a"}), Shell(portal, {"name": "b"})
    for language in ("zh-CN", "en"):
        with i18n.use(language):
            for site, name in ((one, "a"), (other, "b")):
                words = shown(
                    template.replace(".name", "['name']"), site=site, language=i18n.current
                )
                assert words == f"{language} {name}"
