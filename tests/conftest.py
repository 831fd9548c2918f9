"""Every test run gets a variable folder and a portal of its own, before Django reads its settings."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from tests.portals import small_portal

_SCRATCH = Path(tempfile.mkdtemp(prefix="kaishu-tests-"))
os.environ["KAISHU_ROOT"] = str(small_portal(_SCRATCH / "portal"))
os.environ["KAISHU_VAR"] = str(_SCRATCH / "var")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kaishu.backend.settings")
