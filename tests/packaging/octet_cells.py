"""Cells for tests of what their bytes tell."""

from __future__ import annotations

import numpy as np

from kaishu.packaging.octets import PADDING, Cells


def cells(texts: list[str]) -> Cells:
    """Cells as they lie in a file, one beside the other."""
    encoded = [text.encode() for text in texts]
    sizes = np.array([len(one) for one in encoded], np.int64)
    starts = np.concatenate(([0], np.cumsum(sizes + 1)[:-1]))
    held = bytearray(b",".join(encoded) + b"9" * PADDING)
    return Cells(np.frombuffer(held, np.uint8), starts, sizes)
