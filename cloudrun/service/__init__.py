"""PDFMagic as a service of Cloud Run: the conversion of the actions behind plain HTTP and CloudEvents."""

import sys
from pathlib import Path

_ACTIONS = Path(__file__).resolve().parents[2] / "actions"
# As in their zips: `pdfmagic/` and `buckets/` lie beside an action's own modules.
sys.path[:0] = [str(_ACTIONS), *(str(_ACTIONS / name) for name in ("v2", "upload", "result"))]
