"""Templates compiled to plainer Python than Jinja's own, for templates and values that are ours.

Jinja's code is ready for values of any kind, and asks at each step what it has before it: whether
a function wants the context, whether a name is an attribute or a key, whether a macro's arguments
are all there. In our templates a dot is an attribute, a call is a call, and macros are called by
position; the text that comes out is the same (a test compares it with that of Jinja's own code).
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator
from jinja2.ext import Extension
from markupsafe import Markup, escape

from kaishu.base.i18n import current

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2.compiler import Frame, MacroRef
    from jinja2.parser import Parser

    from kaishu.site.shell import Shell

_SPECIAL = re.compile("[&<>\"']").search
_NUMBERS = frozenset({int, float})
# A text that is HTML already; the class's own constructor would ask whether it has to be made so.
html: Callable[[str], Markup] = partial(str.__new__, Markup)


def text(value: Any) -> str:
    """`value` as HTML, escaped where it is not HTML already."""
    kind = type(value)
    # Most texts have nothing to escape, and many are letters and figures alone: both are seen in
    # less time than escaping takes.
    if kind is Markup or (kind is str and (value.isalnum() or not _SPECIAL(value))):
        shown: str = value
        return shown
    return str(value) if kind in _NUMBERS else escape(value)


class Direct(CodeGenerator):
    """Writes attributes, calls and macros as Python has them."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802
        """The template's module, which knows how we escape."""
        self.writeline(f"from {__name__} import html, text")
        super().visit_Template(node, frame)

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802
        """`a.b`."""
        self.visit(node.node, frame)
        self.write(f".{node.attr}")

    def visit_Call(  # noqa: N802
        self, node: nodes.Call, frame: Frame, forward_caller: bool = False
    ) -> None:
        """`f(a, b=c)`."""
        self.visit(node.node, frame)
        self.write("(")
        for argument in (*node.args, *node.kwargs):
            self.visit(argument, frame)
            self.write(", ")
        self.write("caller=caller)" if forward_caller else ")")

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:
        """A macro is the function itself."""
        optional = len(macro_ref.node.defaults)
        self.write("macro")
        if optional:
            self.writeline(f"macro.__defaults__ = (missing,) * {optional}")

    def return_buffer_contents(self, frame: Frame, force_unescaped: bool = False) -> None:
        """What a macro gives is HTML."""
        self.writeline(f"return html(concat({frame.buffer}))")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        self.write("text(")


class Once(Extension):
    """`{% once a, b %}…{% endonce %}`: rendered once for each of the values of `a` and `b`.

    Nothing else that differs from page to page may stand in it. It is kept with the `site`, for
    each language.
    """

    tags = {"once"}  # noqa: RUF012 - as Jinja declares it

    def parse(self, parser: Parser) -> nodes.Node:
        """The block as a call of what keeps it."""
        line = next(parser.stream).lineno
        given = parser.parse_tuple(with_condexpr=False)
        body = parser.parse_statements(("name:endonce",), drop_needle=True)
        place = nodes.Const(f"{parser.name}:{line}")
        call = self.call_method("kept", [nodes.Name("site", "load"), place, given])
        return nodes.CallBlock(call, [], [], body).set_lineno(line)

    def kept(self, site: Shell, place: str, given: object, caller: Callable[[], str]) -> str:
        """What the block at `place` is for the values `given`."""
        key = (place, current(), given)
        found = site.fragments.get(key)
        if found is None:
            found = site.fragments[key] = caller()
        return found
