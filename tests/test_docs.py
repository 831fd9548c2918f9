"""Documents stay true: generated ones are current, links lead somewhere, commands and examples work."""

from __future__ import annotations

import importlib
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
from babel.messages.pofile import read_po
from click.testing import CliRunner
from jsonschema import Draft202012Validator
from tests.portals import small_portal, write

from kaishu.base import strict_yaml
from kaishu.base.i18n import use
from kaishu.base.vocabulary import Word
from kaishu.cases import words as case_words
from kaishu.catalog import events as event_words
from kaishu.cli.main import COMMANDS, main_group
from kaishu.packaging.check import check_portal
from kaishu.publishing.build import build
from kaishu.regulation import library
from kaishu.regulation import model as regulation_words
from kaishu.regulation.schema import json_schemas
from kaishu.supervision import obligation as obligation_words

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))
)
GUIDES = [path for path in DOCUMENTS if path.startswith("docs/guides/")]
# The modules whose words are one column of the glossary each.
VOCABULARIES = (
    importlib.import_module(Word.__module__),
    regulation_words,
    event_words,
    obligation_words,
    case_words,
)
LARGEST_PICTURE = 200 * 1024
LONGEST_QUOTE = 10


def text(path: str) -> str:
    """A document's text."""
    return (ROOT / path).read_text(encoding="utf-8")


def blocks(path: str, language: str) -> list[str]:
    """The code blocks of one language in a document."""
    return re.findall(rf"^```{language}\n(.*?)^```", text(path), re.M | re.S)


def shell_lines() -> Iterator[tuple[str, list[str]]]:
    """Every call of `kaishu` in a document's shell blocks, as words; the document first."""
    for path in DOCUMENTS:
        for line in "\n".join(blocks(path, "sh")).splitlines():
            words = shlex.split(line.replace("<", "").replace(">", ""), comments=True)
            if words and words[0].rsplit("/", 1)[-1] == "kaishu":
                yield path, words[1:]


def test_generated_documents_are_current() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/docs.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"run scripts/docs; out of date: {done.stdout}{done.stderr}"


def test_every_declared_problem_code_is_documented() -> None:
    page = text("docs/reference/problem-codes.md")
    declared = {
        code
        for path in (ROOT / "src" / "kaishu").rglob("*.py")
        for code in re.findall(
            r"problems\.(?:error|warning|note)\(\s*\"([\w-]+)\"", path.read_text(encoding="utf-8")
        )
    }
    assert len(declared) > 20
    assert {code for code in declared if f"| `{code}` |" not in page} == set()


@pytest.mark.parametrize("path", DOCUMENTS)
def test_relative_links_lead_to_a_file(path: str) -> None:
    prose = re.sub(r"^```.*?^```", "", text(path), flags=re.M | re.S)
    targets = re.findall(r"\]\(([^)\s]+)\)", prose)
    broken = [
        target
        for target in targets
        if not re.match(r"[a-z]+:|#", target)
        and not (ROOT / path).parent.joinpath(target.split("#")[0]).exists()
    ]
    assert broken == []


def test_guides_only_link_to_what_is_published_with_them() -> None:
    outside = [
        (path, target)
        for path in GUIDES
        for target in re.findall(r"\]\(([^)\s]+)\)", text(path))
        if target.startswith(("../", "/"))
    ]
    assert outside == []


def test_every_command_and_option_in_a_shell_block_exists() -> None:
    calls = list(shell_lines())
    assert {words[0] for _path, words in calls} == {
        "add",
        "attest",
        "audit",
        "build",
        "check",
        "due",
        "gate",
        "keys",
        "libraries",
        "new",
        "obligations",
        "preview",
        "purge",
        "register",
        "releases",
        "report",
        "retention",
        "review",
        "rollback",
        "serve",
        "staff",
    }
    for path, words in calls:
        command: click.Command = main_group
        known: set[str] = set()
        for word in words:
            if isinstance(command, click.Group):
                inner = command.get_command(click.Context(command), word)
                assert inner is not None, f"{path}: kaishu {' '.join(words)}"
                command = inner
                known = {name for option in command.params for name in option.opts}
            elif word.startswith("--"):
                assert word.split("=")[0] in known, f"{path}: {word} in kaishu {' '.join(words)}"


def test_every_command_named_in_prose_exists() -> None:
    for path in DOCUMENTS:
        for name in re.findall(r"`kaishu (\w+)", text(path)):
            assert name in COMMANDS, f"{path}: kaishu {name}"
        for script in re.findall(r"`(scripts/\w+)", text(path)):
            assert (ROOT / script).is_file(), f"{path}: {script}"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    command = importlib.import_module(f"kaishu.cli.{name}").command
    result = CliRunner().invoke(command, ["--help"])
    assert result.exit_code == 0
    assert f"kaishu {name}" in text("README.md")
    assert f"## `kaishu {name}`" in text("docs/reference/commands.md")


def test_the_due_date_of_the_readme_is_explained() -> None:
    [words] = [words for path, words in shell_lines() if path == "README.md" and words[0] == "due"]
    result = CliRunner().invoke(main_group, words)
    assert result.exit_code == 0, result.output
    assert "2026-10-20" in result.output
    assert "第二十九条" in result.output


def test_the_departments_examples_pass_the_check(tmp_path: Path) -> None:
    root = small_portal(tmp_path)
    parks, visits, withdrawn = blocks("docs/guides/department.md", "yaml")
    write(root, "datasets/mzj/parks/datapackage.yaml", parks)
    write(root, "datasets/mzj/visits/datapackage.yaml", visits)
    catalog, problems = check_portal(root)
    assert catalog is not None
    mine = [one for one in problems if one.dataset in ("mzj/parks", "mzj/visits")]
    assert mine == []
    successor = parks.replace("name: parks", "name: green-spaces").replace("id: 6f", "id: 7f")
    successor = successor.replace("title: 城市公园名单", "title: 城市绿地名单")
    write(root, "datasets/mzj/green-spaces/datapackage.yaml", successor)
    write(root, "datasets/mzj/parks/datapackage.yaml", parks + withdrawn)
    catalog, problems = check_portal(root)
    assert catalog is not None
    assert [one for one in problems if one.dataset == "mzj/parks"] == []
    assert not catalog.by_key["mzj/parks"].is_open


def test_the_operators_example_is_a_portal(tmp_path: Path) -> None:
    example, event = blocks("docs/guides/operator.md", "yaml")
    write(tmp_path, "catalog.yaml", example)
    write(tmp_path, event.splitlines()[0].removeprefix("# "), event)
    catalog, problems = check_portal(tmp_path)
    assert catalog is not None
    assert [one for one in problems if not one.dataset] == []


@pytest.mark.slow
def test_the_guides_own_regulation_makes_a_portal(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    files = ("regulation", "articles", "rules", "cases")
    for name, content in zip(files, blocks("docs/guides/regulation.md", "yaml"), strict=True):
        write(root, f"governance/regulation/{name}.yaml", content)
        Draft202012Validator(json_schemas()[f"{name}.json"]).validate(
            strict_yaml.read(root / f"governance/regulation/{name}.yaml", file=name).value
        )
    catalogue = (root / "catalog.yaml").read_text(encoding="utf-8")
    write(root, "catalog.yaml", catalogue.replace("yingkou-2022", "governance/regulation"))
    [example] = library.load("governance/regulation", root).examples
    arguments = [
        "due", example.rule, "--root", str(root), "--received", example.received, "--format", "json",
    ]  # fmt: skip
    told = json.loads(CliRunner().invoke(main_group, arguments).output)
    assert told["due_date"] == str(example.due)
    longer = json.loads(CliRunner().invoke(main_group, [*arguments, "--extended"]).output)
    assert longer["due_date"] == "2026-10-20"
    build(root, tmp_path / "build")
    page = (tmp_path / "build/site/regulation/index.html").read_text(encoding="utf-8")
    assert "示例市公共数据开放办法（虚构）" in page
    assert "主管部门承诺 3 个工作日" in page
    assert "至多再延长 3 个工作日，须经主管部门同意，并告知申请人" in page
    # What the text does not set comes from the national one only where nothing is missing between.
    assert "按 20 个工作日 计算" not in page


def test_every_environment_variable_is_documented() -> None:
    settings = text("src/kaishu/backend/settings.py")
    read = set(re.findall(r"environ\.get\(\"(\w+)\"", settings)) | {"DATABASE_URL"}
    for package in ("packaging", "publishing", "site", "backend/publish"):
        for path in sorted((ROOT / "src/kaishu" / package).glob("*.py")):
            read |= set(re.findall(r"\"(KAISHU_\w+)\"", path.read_text(encoding="utf-8")))
    documented = set(re.findall(r"^\| `(\w+)` \|", text("docs/installing.md"), re.M))
    # The command sets KAISHU_ROOT from --root.
    assert documented == read - {"KAISHU_ROOT"}


def test_the_glossary_has_every_word_as_the_interface_shows_it() -> None:
    page = text("docs/reference/glossary.md")
    words = [
        word
        for module in VOCABULARIES
        for word in vars(module).values()
        if isinstance(word, type) and issubclass(word, Word) and word.__module__ == module.__name__
    ]
    with use("zh-CN"):
        rows = {f"| {member.label} | `{member.value}` |" for word in words for member in word}
    assert len(rows) > 50
    assert {row for row in rows if row not in page} == set()


def test_the_glossary_has_no_code_that_is_gone() -> None:
    known = {
        member.value
        for module in VOCABULARIES
        for word in vars(module).values()
        if isinstance(word, type) and issubclass(word, Word)
        for member in word
    }
    listed = set(
        re.findall(r"^\| [^|]+ \| `([\w-]+)` \|", text("docs/reference/glossary.md"), re.M)
    )
    assert listed - known == {str(regulation_words.TermUnit.WORKING_DAY)}


def test_guides_call_the_things_on_the_screen_by_their_names() -> None:
    shown = []
    for path in (ROOT / "src" / "kaishu" / "locale" / "zh-CN").glob("*.po"):
        with path.open("rb") as source:
            for message in read_po(source):
                if message.id:
                    # English is the texts' own language.
                    shown += [str(message.string), str(message.id)]
    everything = "\n".join(shown)
    quoted = {
        (path, words)
        for path in GUIDES
        for words in re.findall(r"“([^”]+)”", text(path))
        if len(words) <= LONGEST_QUOTE or "/en/" in path
    }
    assert len(quoted) > 5
    assert {one for one in quoted if one[1] not in everything} == set()


def test_pictures_are_light_and_all_of_them_are_used() -> None:
    used = {
        (ROOT / path).parent.joinpath(target).resolve()
        for path in DOCUMENTS
        for target in re.findall(r"!\[[^\]]+\]\(([^)\s]+)\)", text(path))
    }
    pictures = {path.resolve() for path in (ROOT / "docs").rglob("*.png")}
    assert pictures == used
    assert {path.name for path in pictures if path.stat().st_size > LARGEST_PICTURE} == set()
