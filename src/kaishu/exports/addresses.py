"""Addresses of the published things, absolute, below the portal's own address."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kaishu.catalog.dataset import Dataset
    from kaishu.catalog.model import Portal


def of_portal(portal: Portal, path: str = "") -> str:
    """The absolute address of `path` (relative, no leading slash) on the site."""
    return f"{portal.url.rstrip('/')}/{path}"


def of_dataset(portal: Portal, dataset: Dataset, path: str = "") -> str:
    """The absolute address of a dataset's page, or of a file below it."""
    return of_portal(portal, f"datasets/{dataset.key}/{path}")


def identifier(portal: Portal, dataset: Dataset) -> str:
    """A dataset's permanent identifier for machines: from its `id`, else its page's address."""
    id_ = dataset.descriptor.id
    return f"urn:uuid:{id_}" if id_ else of_dataset(portal, dataset)
