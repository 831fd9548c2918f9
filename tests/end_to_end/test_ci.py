"""The workflow files of a new portal, run step by step as the forges run them.

Every command is the file's own, in a clone as the forge makes it, with the variables that it sets.
Of the forge itself two things are played: installing the package, and keeping the artefacts.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.gate.conftest import git
from tests.portals import OPEN
from tests.servers import KAISHU

from kaishu.catalog.new import HIDDEN

pytestmark = pytest.mark.slow

PARKS = "datasets/dsj/parks"
GOOD, BAD = "code,name\n1,人民公园\n", "code,name\n一,人民公园\n"
SOURCE = "git+https://code.example.org/kaishu"
SCHEMAS = {"github": "github-workflows", "gitea": "github-workflows", "gitlab": "gitlab-ci"}


@dataclass
class Job:
    """What came of one job: whether it succeeded, its output, the artefacts' text by path."""

    succeeded: bool = True
    said: str = ""
    artefacts: dict[str, str] = field(default_factory=dict)


@dataclass
class Forge:
    """A portal in a repository, a branch of it, and a machine that runs jobs."""

    folder: Path
    kind: str

    @property
    def bare(self) -> Path:
        return self.folder / "portal.git"

    def push(self, files: dict[str, str], branch: str) -> None:
        """A commit with these files on the branch, which begins at main."""
        clone = self.folder / "department"
        if not clone.exists():
            git(self.folder, "clone", "-q", str(self.bare), str(clone))
        git(clone, "checkout", "-q", "-B", branch)
        for path, content in files.items():
            (clone / path).parent.mkdir(parents=True, exist_ok=True)
            (clone / path).write_text(content, encoding="utf-8")
        git(clone, "add", "-A")
        git(clone, "commit", "-q", "-m", "改动")
        assert git(clone, "push", "-q", "origin", branch).returncode == 0

    def run(self, event: str, branch: str) -> dict[str, Job]:
        """Every job of the workflow file for this event, in a fresh clone of the branch."""
        clone = self.folder / f"job-{event}-{branch}"
        assert git(self.folder, "clone", "-q", str(self.bare), str(clone)).returncode == 0
        git(clone, "checkout", "-q", "--detach", f"origin/{branch}")
        if self.kind == "gitlab":
            return self._gitlab(clone, event)
        if event == "pull_request":
            # What these two check out is the merge of both sides.
            git(clone, "checkout", "-q", "--detach", "origin/main")
            assert git(clone, "merge", "-q", "--no-ff", f"origin/{branch}").returncode == 0
        return self._github(clone, event)

    def _github(self, clone: Path, event: str) -> dict[str, Job]:
        workflow = read(clone / f".{self.kind}/workflows/kaishu.yml")
        assert event in workflow[True]  # YAML 1.1 reads the key `on` so
        summary = clone / "summary"
        context = {"github.event_name": event, "vars.KAISHU_PACKAGE": SOURCE}
        made = {}
        for name, job in workflow["jobs"].items():
            done = made[name] = Job()
            values = {key: substituted(one, context) for key, one in job["env"].items()}
            values["GITHUB_STEP_SUMMARY"] = str(summary)
            if event == "pull_request":
                values["GITHUB_BASE_REF"] = "main"
            for step in job["steps"]:
                if not holds(step.get("if", "success()"), context, done.succeeded):
                    continue
                if "run" in step:
                    self._sh(done, step["run"], clone, values, "-e")
                elif step["uses"].startswith("actions/upload-artifact@"):
                    keep(done, clone, step["with"]["path"].split())
                elif step["uses"].startswith("actions/checkout@"):
                    assert step["with"]["fetch-depth"] == 0
            if summary.exists():
                done.artefacts["summary"] = summary.read_text(encoding="utf-8")
        return made

    def _gitlab(self, clone: Path, event: str) -> dict[str, Job]:
        document = read(clone / ".gitlab-ci.yml")
        values = dict(document["variables"]) | {
            "KAISHU_PACKAGE": SOURCE,
            "CI_PIPELINE_SOURCE": "push" if event == "push" else "merge_request_event",
        }
        if event == "push":
            values["CI_COMMIT_BRANCH"] = "topic"
        else:
            base = git(clone, "merge-base", "HEAD", "origin/main").stdout.strip()
            values["CI_MERGE_REQUEST_DIFF_BASE_SHA"] = base
        assert values["GIT_DEPTH"] == "0"
        assert allowed(document["workflow"]["rules"], values)
        made = {}
        for name, job in document.items():
            if "script" not in job or not allowed(job.get("rules"), values):
                continue
            done = made[name] = Job()
            self._sh(done, "\n".join(job["script"]), clone, values, "-eo", "pipefail")
            if "artifacts" in job:
                assert job["artifacts"]["when"] == "always"
                keep(done, clone, job["artifacts"]["paths"])
        return made

    def _sh(
        self, job: Job, script: str, clone: Path, values: dict[str, str], *options: str
    ) -> None:
        """Run a step's commands by the shell that the forge takes, with `pip` played."""
        tools = self.folder / "tools"
        tools.mkdir(exist_ok=True)
        (tools / "pip").write_text(f'#!/bin/sh\n[ "$*" = "install {SOURCE}" ]\n')
        (tools / "pip").chmod(0o755)
        kept = {key: one for key, one in os.environ.items() if not key.startswith(("GIT_", "CI"))}
        path = f"{tools}:{Path(sys.executable).parent}:{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", *options, "-c", script],
            cwd=clone, env={**kept, **values, "PATH": path, "CI": "true"},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        job.succeeded &= done.returncode == 0
        job.said += done.stdout


def read(path: Path) -> dict[Any, Any]:
    found: dict[Any, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def keep(job: Job, clone: Path, paths: list[str]) -> None:
    for path in paths:
        place = clone / path
        files = [place] if place.is_file() else sorted(place.rglob("*.html"))
        for one in files:
            name = one.relative_to(clone).as_posix()
            job.artefacts[name] = one.read_text(encoding="utf-8")


def substituted(text: str, context: dict[str, str]) -> str:
    return re.sub(r"\$\{\{ (.+?) \}\}", lambda found: context[found[1]], text)


def holds(condition: str, context: dict[str, str], succeeded: bool) -> bool:
    """GitHub's conditions, as far as the files use them; without a status function, success is one."""
    words = [one.strip() for one in condition.split("&&")]
    if not any(one.endswith("()") for one in words):
        words.append("success()")
    meanings = {"always()": True, "success()": succeeded}
    for word in words:
        name, _equal, value = word.partition(" == ")
        if not (meanings[word] if word in meanings else context[name] == value.strip("'")):
            return False
    return True


def allowed(rules: list[dict[str, str]] | None, values: dict[str, str]) -> bool:
    """GitLab's rules, as far as the file uses them: the first that matches decides."""
    if rules is None:
        return True
    for rule in rules:
        matches = True
        for word in rule["if"].split(" && "):
            name, _equal, value = word.removeprefix("$").partition(" == ")
            found = values.get(name, "")
            matches &= found == value.strip('"') if value else bool(found)
        if matches:
            return rule.get("when") != "never"
    return False


@pytest.fixture(params=SCHEMAS)
def forge(request: pytest.FixtureRequest, tmp_path: Path) -> Forge:
    """A new portal with a dataset, in the repository of a forge."""
    made = Forge(tmp_path, request.param)
    seed = tmp_path / "seed"
    subprocess.run([KAISHU, "new", str(seed)], capture_output=True, check=True)
    git(tmp_path, "init", "-q", "--bare", "-b", "main", str(made.bare))
    git(seed, "init", "-q", "-b", "main")
    git(seed, "add", "-A")
    git(seed, "commit", "-q", "-m", "门户")
    git(seed, "push", "-q", str(made.bare), "main")
    entry = OPEN.replace("theme: society", "theme: government")
    made.push({f"{PARKS}/datapackage.yaml": entry, f"{PARKS}/data/parks.csv": GOOD}, "main")
    return made


def report(jobs: dict[str, Job]) -> str:
    found = [job.artefacts["report.md"] for job in jobs.values() if "report.md" in job.artefacts]
    assert len(found) == 1
    return found[0]


def test_a_good_merge_request_passes_and_shows_what_changes(forge: Forge) -> None:
    forge.push({f"{PARKS}/data/parks.csv": f"{GOOD}2,中山公园\n"}, "topic")
    jobs = forge.run("pull_request", "topic")
    for job in jobs.values():
        assert job.succeeded, job.said
    said = report(jobs)
    assert "**城市公园名单** (`dsj/parks`)：新增 1 行" in said
    assert "新出现的问题：0" in said
    pages = {path: page for job in jobs.values() for path, page in job.artefacts.items()}
    assert "中山公园" in pages["preview/datasets/dsj/parks/index.html"]
    assert forge.kind == "gitlab" or pages["summary"] == said


def test_a_bad_merge_request_fails_and_still_shows_its_report(forge: Forge) -> None:
    other = {
        "datasets/dsj/other/datapackage.yaml": OPEN.replace("name: parks\n", "name: other\n", 1)
        .replace("id: 6f1f", "id: 7777")
        .replace("城市公园名单", "县级公园名单")
        .replace("theme: society", "theme: government"),
        "datasets/dsj/other/data/parks.csv": GOOD,
    }
    forge.push({f"{PARKS}/data/parks.csv": BAD, **other}, "topic")
    jobs = forge.run("pull_request", "topic")
    assert not any(job.succeeded for job in jobs.values())
    said = report(jobs)
    assert f"{PARKS}/data/parks.csv" in said
    assert "type-error" in said
    pages = {path: page for job in jobs.values() for path, page in job.artefacts.items()}
    # What is right is shown, what is not is left out.
    assert "人民公园" in pages["preview/datasets/dsj/other/index.html"]
    assert "preview/datasets/dsj/parks/index.html" not in pages
    assert forge.kind == "gitlab" or pages["summary"] == said


def test_a_breaking_change_without_notice_fails_though_the_portal_is_right(forge: Forge) -> None:
    entry = (forge.folder / f"department/{PARKS}/datapackage.yaml").read_text(encoding="utf-8")
    column = "        - {name: name, type: string, title: 名称}\n"
    changed = entry.replace(column, "")
    forge.push(
        {f"{PARKS}/datapackage.yaml": changed, f"{PARKS}/data/parks.csv": "code\n1\n"}, "topic"
    )
    jobs = forge.run("pull_request", "topic")
    assert not all(job.succeeded for job in jobs.values())
    assert "change_notice" in report(jobs)


def test_a_push_is_checked_and_built(forge: Forge) -> None:
    forge.push({f"{PARKS}/data/parks.csv": f"{GOOD}2,中山公园\n"}, "topic")
    forge.push({f"{PARKS}/data/parks.csv": BAD}, "wrong")
    for branch, right in (("topic", True), ("wrong", False)):
        (job,) = forge.run("push", branch).values()
        assert job.succeeded == right, job.said
        assert job.artefacts == {}
        built = forge.folder / f"job-push-{branch}/build/site/index.html"
        assert built.exists() == right
        assert ("type-error" in job.said) != right


def test_the_files_are_what_the_forges_publish_as_their_form(tmp_path: Path) -> None:
    places = set(HIDDEN.values()) - {".gitignore"}
    subprocess.run([KAISHU, "new", str(tmp_path / "new")], capture_output=True, check=True)
    for place in places:
        schema = next(one for name, one in SCHEMAS.items() if name in place)
        path = tmp_path / "new" / place
        command = [
            str(Path(sys.executable).with_name("check-jsonschema")),
            "--builtin-schema", f"vendor.{schema}", str(path),
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
        path.write_text(path.read_text(encoding="utf-8").replace("script:", "scripts:"))
        path.write_text(path.read_text(encoding="utf-8").replace("runs-on:", "runs_on:"))
        assert subprocess.run(command, capture_output=True, check=False).returncode == 1
    assert len(places) == len(SCHEMAS)
