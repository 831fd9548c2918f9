"""Nodes of JSON-LD written as Turtle (RDF 1.1 Turtle, W3C)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Node = dict[str, Any]
_INDENT = "    "
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_TO_ESCAPE = re.compile('[\\\\"\x00-\x1f\x7f]')


def prefixes(context: Mapping[str, str]) -> str:
    """The directives that declare the prefixes of a JSON-LD context."""
    return "".join(f"@prefix {name}: <{context[name]}> .\n" for name in sorted(context))


def statements(node: Node, context: Mapping[str, str]) -> str:
    """A node with an `@id` as a block of statements; further such nodes within it follow it.

    Values are texts, references `{"@id": …}`, literals `{"@value": …}` with `@language` or `@type`,
    further nodes, and lists of these.
    """
    block = f"\n{_iri(node['@id'], context)} {_properties(node, context, _INDENT)} .\n"
    return block + "".join(statements(one, context) for one in _named(node))


def _named(node: Node) -> Iterator[Node]:
    for value in node.values():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict) and "@id" in one and len(one) > 1:
                yield one


def _properties(node: Node, context: Mapping[str, str], indent: str) -> str:
    parts = [f"a {node['@type']}"] if "@type" in node else []
    for key, value in node.items():
        if not key.startswith("@"):
            values = value if isinstance(value, list) else [value]
            objects = f",\n{indent}{_INDENT}".join(_object(one, context, indent) for one in values)
            parts.append(f"{key} {objects}")
    return f" ;\n{indent}".join(parts)


def _object(value: Any, context: Mapping[str, str], indent: str) -> str:
    if isinstance(value, str):
        return _text(value)
    if "@value" in value:
        language, kind = value.get("@language"), value.get("@type")
        tail = f"@{language}" if language else f"^^{kind}" if kind else ""
        return _text(value["@value"]) + tail
    if "@id" in value:
        return _iri(value["@id"], context)
    inner = _properties(value, context, indent + _INDENT)
    return f"[ {inner} ]"


def _iri(text: str, context: Mapping[str, str]) -> str:
    """A prefixed name where its prefix is declared, else the address; addresses come escaped."""
    prefix, _colon, rest = text.partition(":")
    return text if prefix in context and not rest.startswith("//") else f"<{text}>"


def _text(text: str) -> str:
    return '"' + _TO_ESCAPE.sub(_escaped, text) + '"'


def _escaped(found: re.Match[str]) -> str:
    return _ESCAPES.get(found.group()) or f"\\u{ord(found.group()):04X}"
