"""PDFMagic as a service of Cloud Run: the conversion of the actions behind plain HTTP and CloudEvents."""

import sys
from pathlib import Path

_ACTIONS = Path(__file__).resolve().parents[2] / "actions"
# As in v2's zip: `pdfmagic/` and `buckets/` lie beside its own modules.
sys.path[:0] = [str(_ACTIONS), str(_ACTIONS / "v2")]
