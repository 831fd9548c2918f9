"""Whether a connection to PostgreSQL is still good, told without asking the server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dj_database_url
import pytest
from django.db.utils import ConnectionHandler
from tests.postgres import cluster

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture
def connections() -> Iterator[list[Any]]:
    """Two connections of the portal's own kind to one server."""
    with cluster(durable=False) as url:
        said = dj_database_url.parse(
            url, engine="kaishu.backend.postgresql", conn_max_age=60, conn_health_checks=True
        )
        opened: list[Any] = [ConnectionHandler({"default": said})["default"] for _n in range(2)]
        yield opened
        for one in opened:
            one.close()


def value(connection: Any, statement: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def test_nothing_is_asked_and_a_closed_connection_is_noticed(connections: list[Any]) -> None:
    ours, other = connections
    assert not ours.is_usable()
    pid = value(ours, "SELECT pg_backend_pid()")
    assert ours.is_usable()
    last = value(other, f"SELECT query FROM pg_stat_activity WHERE pid = {pid}")
    assert last == "SELECT pg_backend_pid()"
    assert value(other, f"SELECT pg_terminate_backend({pid}, 5000)") is True
    assert not ours.is_usable()
    # As at the beginning of each request.
    ours.close_if_unusable_or_obsolete()
    ours.health_check_done = False
    assert value(ours, "SELECT pg_backend_pid()") != pid


def test_a_connection_closed_here_is_not_used_again(connections: list[Any]) -> None:
    ours = connections[0]
    value(ours, "SELECT 1")
    ours.connection.close()
    assert not ours.is_usable()
