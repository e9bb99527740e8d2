"""The mark on all that is written: which generation of which object it was made from, and how, as custom metadata."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from typing import NamedTuple

from buckets.cloud_storage import Stored

#: How a PDF was made, beside what it was made from.
_OPTIONS = "source-options"
#: Why the original was not kept although it was asked for; also the field of an answer that says so.
REENCODED = "reencoded"
#: Begins what stands for the photographs of an album.
_ALBUM = "album:"


class Source(NamedTuple):
    """One generation of a JPEG, or the photographs of an album."""

    bucket: str
    name: str
    generation: int

    def mark(self, options: str = "") -> dict[str, str]:
        """The custom metadata of what was made from it; with the `activation` that did, if that is known.

        `options`: how, if not by default.
        """
        mark = {"source-bucket": self.bucket, "source-name": self.name, "source-generation": str(self.generation)}
        activation = os.environ.get("__OW_ACTIVATION_ID")
        return {
            **mark,
            **({_OPTIONS: options} if options else {}),
            **({"activation": activation} if activation else {}),
        }

    @property
    def is_album(self) -> bool:
        """Whether it stands for several photographs."""
        return self.name.startswith(_ALBUM)


def name_album(bucket: str, names: Iterable[str]) -> Source:
    """What stands for several photographs, in any order."""
    text = "\n".join(sorted(names)).encode("utf-8", "surrogatepass")
    return Source(bucket, _ALBUM + hashlib.sha256(text).hexdigest(), 0)


def source_of(stored: Stored | None) -> Source | None:
    """What an object was made from; None if there is no object, or one without a mark."""
    if stored is None:
        return None
    marks = [stored.metadata.get(f"source-{part}", "") for part in Source._fields]
    bucket, name, generation = marks
    return Source(bucket, name, int(generation)) if bucket and name and generation.isdecimal() else None


def options_of(stored: Stored) -> str:
    """How an object was made; empty for the default."""
    return stored.metadata.get(_OPTIONS, "")
