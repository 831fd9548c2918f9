"""Raw commits into PostgreSQL, the peer of filings."""

from __future__ import annotations

import time

import psycopg


def raw_commits(url: str, count: int, row: str) -> float:
    """Three-row commits a second by one connection of psycopg."""
    with psycopg.connect(url, autocommit=True) as link:
        for table in "abc":
            link.execute(
                f"CREATE TABLE IF NOT EXISTS bench_{table} (id bigserial PRIMARY KEY, row text)"
            )
        begun = time.perf_counter()
        for _commit in range(count):
            with link.transaction():
                for table in "abc":
                    link.execute(f"INSERT INTO bench_{table} (row) VALUES (%s)", (row,))
        return count / (time.perf_counter() - begun)
