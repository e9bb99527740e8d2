"""The mark on all that is written: which generation of which object it was made from, as custom metadata."""

from __future__ import annotations

import os
from typing import NamedTuple

from buckets.cloud_storage import Stored


class Source(NamedTuple):
    """One generation of a JPEG."""

    bucket: str
    name: str
    generation: int

    def mark(self) -> dict[str, str]:
        """The custom metadata of what was made from it; with the `activation` that did, if that is known."""
        mark = {"source-bucket": self.bucket, "source-name": self.name, "source-generation": str(self.generation)}
        activation = os.environ.get("__OW_ACTIVATION_ID")
        return {**mark, "activation": activation} if activation else mark


def source_of(stored: Stored | None) -> Source | None:
    """What an object was made from; None if there is no object, or one without a mark."""
    if stored is None:
        return None
    marks = [stored.metadata.get(f"source-{part}", "") for part in Source._fields]
    bucket, name, generation = marks
    return Source(bucket, name, int(generation)) if bucket and name and generation.isdecimal() else None
