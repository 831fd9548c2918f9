"""The rules of the house, kept by a test each: layers, map, sizes, hosts, secrets, pins."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "kaishu"
LONGEST = 400

# Modules without a test file of their own name, and the file whose tests exercise each.
TESTED_ELSEWHERE = {
    "cases/access": "cases/test_views_status.py",
    "cases/chain": "cases/test_audit.py",
    "backend/publish/desk": "backend/publish/test_views.py",
    "backend/publish/draft": "backend/publish/test_views.py",
    "backend/publish/entry": "backend/publish/test_views.py",
    "backend/publish/forms": "backend/publish/test_views.py",
    "backend/publish/review_views": "backend/publish/test_views.py",
    "backend/publish/reviewing": "backend/publish/test_views.py",
    "cases/desk": "cases/test_views_desk.py",
    "cases/fields": "cases/test_views_public.py",
    "cases/forms_desk": "cases/test_views_desk.py",
    "cases/statements": "cases/test_views_status.py",
    "cases/clock": "cases/test_filing.py",
    "cases/forms": "cases/test_views_public.py",
    "cases/notices": "cases/test_filing.py",
    "cases/outbox": "cases/test_filing.py",
    "cases/steps": "cases/test_actions.py",
    "cases/words": "cases/test_transitions.py",
    "cases/middleware": "cases/test_views_public.py",
    "cases/models": "cases/test_actions.py",
    "cases/portal": "cases/test_views_public.py",
    "cases/records": "cases/test_sweeps.py",
    "cases/templating": "cases/test_views_public.py",
    "cases/throttle": "cases/test_views_desk.py",
    "cases/undertaking": "cases/test_views_public.py",
    "catalog/governance": "catalog/test_events.py",
    "catalog/model": "catalog/test_schema.py",
    "cli/audit": "cases/test_audit.py",
    "cli/add": "packaging/test_adding.py",
    "cli/database": "end_to_end/test_walk.py",
    "cli/due": "regulation/test_due_command.py",
    "cli/gate": "gate/test_push.py",
    "cli/language": "cli/test_check.py",
    "cli/libraries": "cli/test_build.py",
    "cli/options": "cli/test_main.py",
    "cli/keys": "cases/test_keys.py",
    "cli/retention": "cases/test_retention.py",
    "cli/preview": "backend/test_preview_server.py",
    "catalog/incidents": "publishing/test_purge.py",
    "cli/purge": "publishing/test_purge.py",
    "cli/recount": "cases/test_recount.py",
    "cli/store": "packaging/test_storing.py",
    "cli/staff": "end_to_end/test_walk.py",
    "exports/addresses": "exports/test_dcat.py",
    "exports/contribution": "exports/test_write.py",
    "exports/framed": "exports/test_write.py",
    "exports/turtle": "exports/test_dcat.py",
    "cli/rollback": "cli/test_releases.py",
    "gate/ahead": "gate/test_push.py",
    "gate/facts": "gate/test_push.py",
    "gate/judge": "gate/test_push.py",
    "gate/log": "gate/test_push.py",
    "gate/settings": "gate/test_install.py",
    "history/push": "gate/test_push.py",
    "history/rewrite": "publishing/test_purge.py",
    "history/versions": "catalog/test_public.py",
    "packaging/geojson": "packaging/test_coordinates.py",
    "packaging/bulk": "packaging/test_parity.py",
    "packaging/columns": "packaging/test_parity.py",
    "packaging/engine": "packaging/test_parity.py",
    "packaging/faults": "packaging/test_parity.py",
    "packaging/header": "packaging/test_sheets.py",
    "packaging/lines": "packaging/test_parity.py",
    "packaging/naming": "packaging/test_adding.py",
    "packaging/patterns": "packaging/test_parity.py",
    "packaging/part": "packaging/test_comparison.py",
    "packaging/plain": "packaging/test_accept.py",
    "packaging/plan": "packaging/test_accept.py",
    "packaging/regular": "packaging/test_parity.py",
    "packaging/rows": "packaging/test_package.py",
    "packaging/sinks": "packaging/test_writing.py",
    "packaging/sniff": "packaging/test_adding.py",
    "packaging/sources": "packaging/test_adding.py",
    "packaging/scan": "packaging/test_privacy.py",
    "packaging/row_differences": "packaging/test_differences.py",
    "packaging/resources": "packaging/test_check.py",
    "packaging/tables": "packaging/test_check.py",
    "packaging/values": "packaging/test_writing.py",
    "packaging/workbook": "packaging/test_xlsx.py",
    "packaging/xml": "packaging/test_writing.py",
    "publishing/media": "publishing/test_to_bucket.py",
    "publishing/outgoing": "publishing/test_sending.py",
    "publishing/first": "publishing/test_change.py",
    "publishing/following": "publishing/test_change.py",
    "publishing/state": "publishing/test_change.py",
    "publishing/trees": "publishing/test_release.py",
    "publishing/whole": "publishing/test_build.py",
    "regulation/asking": "regulation/test_due_command.py",
    "regulation/consistency": "regulation/test_assembly.py",
    "regulation/documents": "regulation/test_assembly.py",
    "regulation/reading": "regulation/test_assembly.py",
    "supervision/review": "cli/test_review.py",
    "site/environment": "site/test_build.py",
    "site/plugin": "site/test_build.py",
    "site/search/confusions": "site/search/test_vocabulary.py",
}
# Modules that hold nothing but declarations; what they declare is tested where it is used.
DECLARATIONS = {
    "backend/urls",
    "base/errors",
    "cases/apps",
    "catalog/dataset",
    "packaging/model",
    "regulation/model",
    "site/edition",
}

# A tag that fetches, or a style that does; a link for the reader to follow is no asset.
FOREIGN_ASSETS = (
    re.compile(r"<(?:script|img|iframe|source|embed|video|audio)\b[^>]*\bsrc\s*=\s*['\"]?(?:https?:)?//", re.I),
    re.compile(r"<link\b(?![^>]*rel=['\"]?(?:canonical|license))[^>]*\bhref\s*=\s*['\"]?(?:https?:)?//", re.I),
    re.compile(r"url\(\s*['\"]?(?:https?:)?//", re.I),
    re.compile(r"@import\s+['\"]?(?:https?:)?//", re.I),
    re.compile(r"!\[[^\]]*\]\(\s*(?:https?:)?//", re.I),
    re.compile(r"\b(?:fetch|importScripts|import|Worker|EventSource)\(\s*['\"`](?:https?:)?//"),
)  # fmt: skip
FORBIDDEN = {
    "a machine's path": re.compile(r"(?<![\w.])/(?:home|Users|root|work)/[\w.-]+"),
    "a package registry's address": re.compile(
        r"(?:--(?:extra-)?index[-]url|--trusted[-]host|_auth[T]oken|registry\s*=\s*htt[p])"
        r"|https?://[\w.-]*(?:[p]ypi|npm[j]s|registry|artifactory|nexus)[\w.-]*"
    ),
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----"),
    "a token": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|AKIA[0-9A-Z]{16}|sk-[A-Za-z0-9]{32,})\b"),
    "a password in an address": re.compile(r"[a-z][a-z0-9+.-]*://[^/\s:@'\"{}<>]+:[^/\s:@'\"{}<>]+@"),
}  # fmt: skip


def tracked() -> list[str]:
    """Paths of the files in git; where this is no clone, of the files that would be."""
    done = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z"], capture_output=True, check=False
    )
    if done.returncode == 0:
        return [path for path in done.stdout.decode().split("\0") if (ROOT / path).is_file()]
    left_out = {".git", ".venv", "var", "dist", "__pycache__"}
    return [
        path.relative_to(ROOT).as_posix()
        for path in ROOT.rglob("*")
        if path.is_file()
        and not left_out & set(path.parts)
        and (path.parent != ROOT / "build" or path.name == "README.md")
    ]


def texts() -> list[tuple[str, str]]:
    """Every tracked text file with its content."""
    found = []
    for path in tracked():
        content = (ROOT / path).read_bytes()
        if b"\0" not in content:
            found.append((path, content.decode("utf-8", "replace")))
    return found


def modules() -> list[str]:
    """Modules of the package as `package/module`, without `__init__` and migrations."""
    return sorted(
        path.relative_to(SOURCE).with_suffix("").as_posix()
        for path in SOURCE.rglob("*.py")
        if path.name != "__init__.py" and "migrations" not in path.parts and path.parent != SOURCE
    )


def code_blocks(path: str) -> list[str]:
    """The commands in a document's shell blocks, one a line, comments cut off."""
    text = (ROOT / path).read_text(encoding="utf-8")
    lines = "\n".join(re.findall(r"^```sh\n(.*?)^```", text, re.M | re.S)).splitlines()
    return [line.split("#")[0].strip() for line in lines if line.split("#")[0].strip()]


def test_no_symbolic_link_is_tracked() -> None:
    """A link tells a machine's path, or leads out of a clone."""
    done = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "--stage"], capture_output=True, text=True, check=False
    )
    assert [line for line in done.stdout.splitlines() if line.startswith("120000")] == []


def test_no_interface_text_hides_in_an_f_string() -> None:
    """The texts there are not collected for translation."""
    hidden = [
        f"{path.relative_to(SOURCE)}:{call.lineno}"
        for path in SOURCE.rglob("*.py")
        for text in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in ("_", "N_", "ngettext")
        and all(isinstance(one, ast.Constant) for one in call.args)
    ]
    assert not hidden


def test_imports_only_point_down() -> None:
    tool = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    assert tool, "import-linter is not installed beside this Python"
    done = subprocess.run(
        [tool, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_module_is_too_long() -> None:
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for path in SOURCE.rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert long == {}


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        path.relative_to(ROOT).as_posix()
        for path in SOURCE.rglob("*.py")
        if "migrations" not in path.parts
        and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_the_map_names_every_package_and_module() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    named, package = set(), ""
    for line in text.splitlines():
        if match := re.match(r"\*\*`(\w+)`\*\*", line):
            package = match[1]
        elif package and (match := re.match(r"- `([\w/]+)` \S", line)):
            named.add(f"{package}/{match[1]}")
    inner = {
        path.parent.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*/*/__init__.py")
        if "migrations" not in path.parts
    }
    assert named == set(modules()) | inner


def test_every_module_has_its_tests() -> None:
    without = [
        module
        for module in modules()
        if not (ROOT / "tests" / mirror(module)).exists()
        and module not in DECLARATIONS
        and module not in TESTED_ELSEWHERE
    ]
    assert without == []


def test_the_list_of_modules_tested_elsewhere_is_true() -> None:
    existing = set(modules())
    for module in DECLARATIONS | set(TESTED_ELSEWHERE):
        assert module in existing, f"{module} is gone"
        assert not (ROOT / "tests" / mirror(module)).exists(), f"{module} has its own tests now"
    for module, test in TESTED_ELSEWHERE.items():
        assert (ROOT / "tests" / test).is_file(), f"{test}, said to exercise {module}, is gone"


def mirror(module: str) -> str:
    """The test file that mirrors a module."""
    package, _, name = module.rpartition("/")
    return f"{package}/test_{name}.py"


def test_no_page_takes_anything_from_another_host() -> None:
    found = [
        f"{path}: {match.group()}"
        for path, text in texts()
        if path.startswith(("src/", "site_src/", "docs/guides/"))
        for pattern in FOREIGN_ASSETS
        for match in pattern.finditer(text)
    ]
    assert found == []


@pytest.mark.parametrize(
    "fetching",
    [
        '<script src="https://cdn.example.org/x.js">',
        "<img alt='' src=//cdn.example.org/x.png>",
        '<link rel="stylesheet" href="https://fonts.example.org/css">',
        "background: url(https://cdn.example.org/x.png)",
        "![chart](https://cdn.example.org/x.png)",
        'fetch("https://api.example.org/")',
    ],
)
def test_what_would_fetch_from_another_host_is_recognised(fetching: str) -> None:
    assert any(pattern.search(fetching) for pattern in FOREIGN_ASSETS)


def test_no_file_holds_a_machine_path_a_registry_or_a_secret() -> None:
    found = [
        f"{path}: {what}: {match.group()}"
        for path, text in texts()
        for what, pattern in FORBIDDEN.items()
        for match in pattern.finditer(text)
    ]
    assert found == []


@pytest.mark.parametrize(
    "secret",
    [
        "/ho" + "me/somebody/portal",
        "pip install --index" + "-url http://10.0.0.1/simple",
        "https://py" + "pi.example.org/simple",
        "-----BEGIN " + "PRIVATE KEY-----",
        "postgres://kaishu:" + "hunter2@db/kaishu",
    ],
)
def test_what_must_not_be_committed_is_recognised(secret: str) -> None:
    assert any(pattern.search(secret) for pattern in FORBIDDEN.values())


def test_what_is_made_is_not_committed() -> None:
    assert [path for path in tracked() if path.startswith("build/")] == ["build/README.md"]
    assert [path for path in tracked() if path.startswith("var/")] == []


def test_the_pins_are_exact_versions_and_name_no_address() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert pins
    wrong = [
        line for line in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][0-9A-Za-z.+!]*", line)
    ]
    assert wrong == []
    assert "://" not in "\n".join(lines)


def test_every_direct_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [one for group in project["optional-dependencies"].values() for one in group]
    pinned = {
        normal(line.split("==")[0])
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    wanted = {
        normal(re.split(r"[\[<>=!~; ]", one)[0]) for one in (*project["dependencies"], *extras)
    }
    assert wanted - pinned == set()


def normal(name: str) -> str:
    """A distribution's name in its one normal form."""
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_every_script_that_a_readme_names_can_be_run(readme: str) -> None:
    named = re.findall(r"\bscripts/\w+", (ROOT / readme).read_text(encoding="utf-8"))
    assert {"scripts/demo", "scripts/test"} <= set(named)
    for script in named:
        assert os.access(ROOT / script, os.X_OK), f"{script} is not executable"


def test_both_readmes_give_the_same_commands() -> None:
    english, chinese = code_blocks("README.md"), code_blocks("README.zh-CN.md")
    assert english == chinese
    pattern = r"`(kaishu \w+|scripts/\w+)`"
    named = [
        re.findall(pattern, (ROOT / name).read_text(encoding="utf-8"))
        for name in ("README.md", "README.zh-CN.md")
    ]
    assert set(named[0]) == set(named[1])


def test_ci_runs_the_test_command_of_the_readme() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert lines[-1].removeprefix("exec ") == "scripts/test"


def test_every_benchmark_that_is_offered_exists() -> None:
    text = (ROOT / "scripts/bench.py").read_text(encoding="utf-8")
    areas = re.findall(r'"(\w+)"', re.findall(r"^AREAS = \((.+)\)$", text, re.M)[0])
    assert areas
    for area in areas:
        module = (ROOT / f"scripts/benches/{area}.py").read_text(encoding="utf-8")
        assert re.search(r"^def run\(", module, re.M), area
