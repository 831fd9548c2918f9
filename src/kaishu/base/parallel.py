"""Waiting for many things at once: files on their way to a place or from it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

T = TypeVar("T")
R = TypeVar("R")

AT_ONCE = 8


def each(do: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
    """What `do` gives for each item, in their order; eight are done at once.

    Where one fails, or nobody asks for more, those that have not begun are not.
    """
    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        yield from pool.map(do, items)
    finally:
        pool.shutdown(cancel_futures=True)
