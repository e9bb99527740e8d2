"""The record of a refusal, beside the PDFs: `NAME.error.json`, so that a file which nobody waits for is accounted for.

Its content: `{"bucket", "name", "generation", "code", "error", "activation"}`; it is marked as PDFs are. One whose
generation is not above that of the PDF is out of date.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import NamedTuple

from buckets.cloud_storage import ChangedError, Content, Storage
from buckets.names import record_name
from buckets.source import Source, source_of
from pdfmagic.conversion import make_private_directory
from pdfmagic.errors import ActionError

#: How often a record is written anew because another run was faster.
_ATTEMPTS = 5


class Record(NamedTuple):
    """The refusal of one generation of a JPEG."""

    source: Source
    #: Of a `Problem`.
    code: str
    #: For people.
    error: str
    #: The activation that refused it, if that is known.
    activation: str | None


def write_record(source: Source, refusal: ActionError, out_bucket: str, storage: Storage) -> None:
    """Writes it, unless that of a newer generation is there. Raises ActionError, as all calls of the storage."""
    name = record_name(source.name)
    activation = os.environ.get("__OW_ACTIVATION_ID")
    told = {"code": refusal.problem.code, "error": refusal.message, "activation": activation}
    record = {**source._asdict(), "generation": str(source.generation), **told}
    with make_private_directory() as directory:
        file = Path(directory, "record.json")
        file.write_text(json.dumps(record), encoding="utf-8")
        content = Content(file, "application/json", source.mark())
        for _ in range(_ATTEMPTS):
            there = storage.find(out_bucket, name)
            recorded = source_of(there)
            if recorded and recorded[:2] == source[:2] and recorded.generation > source.generation:
                return
            replaces = there.generation if there else 0
            try:
                storage.upload(out_bucket, name, content, replaces)
            except ChangedError:
                continue
            return


def clear_record(source: Source, out_bucket: str, storage: Storage) -> None:
    """Removes the record of this generation or of an older one. Raises ActionError, as all calls of the storage."""
    name = record_name(source.name)
    there = storage.find(out_bucket, name)
    recorded = source_of(there)
    if there and recorded and recorded[:2] == source[:2] and recorded.generation <= source.generation:
        storage.remove(out_bucket, name, there.generation)


def read_record(name: str, out_bucket: str, storage: Storage) -> Record | None:
    """The record of a JPEG's refusal, if there is one. Raises ActionError, as all calls of the storage."""
    target = record_name(name)
    there = storage.find(out_bucket, target)
    source = source_of(there)
    if there is None or source is None:
        return None
    try:
        record = json.loads(storage.read(out_bucket, target, there) or b"")
        return Record(source, str(record["code"]), str(record["error"]), record.get("activation"))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None  # not written by v2
