from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.servers import copy_of_the_example, run, serving
from tests.site.unlike import portal

from kaishu.publishing.build import build

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kaishu.site.libraries import Brought


@contextlib.contextmanager
def built(root: Path, brought: Brought) -> Iterator[str]:
    """Where a portal, built with the browser libraries, is served."""
    assert brought.missing == []
    run("build", root=root)
    with serving(root) as served:
        yield served.url


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example portal's built site."""
    root = copy_of_the_example(tmp_path_factory.mktemp("example") / "portal")
    build(root, root / "build")
    return (root / "build/site").resolve()


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory, brought: Brought) -> Iterator[str]:
    """Where the example portal, built with the browser libraries, is served."""
    with built(copy_of_the_example(tmp_path_factory.mktemp("served") / "portal"), brought) as url:
        yield url


@pytest.fixture(scope="session")
def unlike(tmp_path_factory: pytest.TempPathFactory, brought: Brought) -> Iterator[str]:
    """Where the portal unlike the example is served, built with the browser libraries."""
    with built(portal(tmp_path_factory.mktemp("unlike") / "portal"), brought) as url:
        yield f"{url}/sub/path"
