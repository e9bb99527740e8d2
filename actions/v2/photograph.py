"""A JPEG out of a bucket, as a file that is not read into memory."""

from __future__ import annotations

import contextlib
import mmap
from collections.abc import Iterator
from pathlib import Path

from buckets.cloud_storage import Storage
from buckets.source import Source
from pdfmagic.conversion import make_private_directory
from pdfmagic.errors import ActionError, Problem


@contextlib.contextmanager
def fetch(source: Source, storage: Storage) -> Iterator[mmap.mmap]:
    """That generation of the JPEG, or the newest for 0; it is gone from the disk afterwards.

    Raises ActionError: NO_SUCH_BUCKET, NO_SUCH_OBJECT, TOO_LARGE; NOT_A_JPEG if it is empty.
    """
    with make_private_directory() as directory:
        jpeg = Path(directory, "photo.jpg")
        storage.download(source.bucket, source.name, source.generation or None, jpeg)
        if jpeg.stat().st_size == 0:
            raise ActionError(Problem.NOT_A_JPEG, "This is not a JPEG: the object is empty.")
        with jpeg.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            yield data
