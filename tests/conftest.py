"""Every test run gets a variable folder and a portal of its own, before Django reads its settings."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from hypothesis import HealthCheck, settings
from tests.portals import small_portal

from kaishu.base import i18n
from kaishu.site import libraries
from kaishu.site.libraries import Brought

_SCRATCH = Path(tempfile.mkdtemp(prefix="kaishu-tests-"))
os.environ["KAISHU_ROOT"] = str(small_portal(_SCRATCH / "portal"))
os.environ["KAISHU_VAR"] = str(_SCRATCH / "var")
os.environ.setdefault(libraries.VARIABLE, str(Path(__file__).parents[1] / "build/libraries"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kaishu.backend.settings")
# A password costs a third of a second on purpose; hundreds of sign-ins in tests need not.
PBKDF2PasswordHasher.iterations = 1_000

# How long an example takes, or is in the making, tells how busy the machine is and nothing more.
settings.register_profile(
    "any-machine",
    parent=settings(),
    deadline=None,
    suppress_health_check=[*settings().suppress_health_check, HealthCheck.too_slow],
)
settings.load_profile("any-machine")


def pytest_unconfigure() -> None:
    """A run leaves nothing of this behind."""
    shutil.rmtree(_SCRATCH, ignore_errors=True)


@pytest.fixture(scope="session")
def brought() -> Brought:
    """The browser libraries, brought now if set-up has not; one worker does it for all."""
    folder = Path(os.environ[libraries.VARIABLE])
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        libraries.bring(folder)
    return Brought(folder)


@pytest.fixture(autouse=True)
def _language_ends_with_its_test() -> Iterator[None]:
    """A command that is run in this process speaks the reader's language from then on."""
    with i18n.use(i18n.DEFAULT):
        yield


@pytest.fixture(autouse=True)
def _short_tables_are_meant(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The small portals of tests have short tables on purpose; their own test says what is short."""
    if not request.module.__name__.endswith(("test_quality", "publishing.test_build")):
        monkeypatch.setattr("kaishu.packaging.quality.FEW_ROWS", 0)
