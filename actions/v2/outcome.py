"""What becomes of one JPEG in a bucket: a PDF in the out bucket, or a record of its refusal there.

Both are marked with the object that they come from (`source.py`). So events may come twice, late and out of order: a
generation that has its PDF is not converted again, an older one never replaces a newer one's, and no JPEG replaces the
PDF of another.
"""

from __future__ import annotations

import mmap
import os
from pathlib import Path
from typing import NamedTuple

from buckets.cloud_storage import ChangedError, Content, Storage, Stored
from buckets.names import pdf_name
from buckets.record import clear_record, write_record
from buckets.source import Source, source_of
from pdfmagic.conversion import SOURCE, convert_directory, make_private_directory
from pdfmagic.errors import ActionError, Problem
from pdfmagic.jpeg import check_jpeg
from pdfmagic.results import Json, log, log_failure
from request import Request

#: How often a thing is tried anew because others wrote meanwhile.
_ATTEMPTS = 5
#: What is gone needs no record: there is nothing left to account for.
_GONE = (Problem.NO_SUCH_OBJECT, Problem.NO_SUCH_BUCKET)


class _Work(NamedTuple):
    """`source` is to become `target` in `out_bucket`."""

    source: Source
    out_bucket: str
    target: str
    storage: Storage


def convert(request: Request) -> Json:
    """Converts, unless that was done before; the PDF's `bucket`, `object` and `size`, and `unchanged` in that case.

    The refusal of an event is recorded, then raised: an ActionError as in `actions/README.md`.
    """
    storage = Storage.connect(request.key, request.endpoint)
    if request.generation is None:
        return _convert_newest(request, storage)
    source = Source(request.bucket, request.name, request.generation)
    try:
        return _convert(source, request.out_bucket, storage)
    except Exception as error:
        refusal = error if isinstance(error, ActionError) else log_failure(error)
        if refusal.problem not in _GONE:
            _record(source, refusal, request.out_bucket, storage)
        raise refusal from None


def _convert_newest(request: Request, storage: Storage) -> Json:
    """Asked for by hand: whatever is there now. It may be replaced while it is looked at."""
    pdf_name(request.name)  # may be too long: then nothing is read
    for _ in range(_ATTEMPTS):
        source = Source(request.bucket, request.name, storage.find_newest(request.bucket, request.name))
        try:
            return _convert(source, request.out_bucket, storage)
        except ActionError as error:
            if error.problem is not Problem.NO_SUCH_OBJECT:
                raise
    raise ActionError(Problem.STORAGE_FAILED, "The object keeps being replaced. Try again.")


def _convert(source: Source, out_bucket: str, storage: Storage) -> Json:
    work = _Work(source, out_bucket, pdf_name(source.name), storage)
    there = storage.find(out_bucket, work.target)
    if _is_made(work, there):
        return _answer(work, there.size if there else 0, unchanged=True)
    with make_private_directory() as directory:
        jpeg = Path(directory, SOURCE)
        storage.download(source.bucket, source.name, source.generation, jpeg)
        _check(jpeg)
        return _store(work, convert_directory(directory), there)


def _store(work: _Work, pdf: Path, there: Stored | None) -> Json:
    """Writes the PDF unless another run writes this generation's, or a newer one's, first."""
    source, out_bucket, target, storage = work
    for _ in range(_ATTEMPTS):
        replaces = there.generation if there else 0
        try:
            storage.upload(out_bucket, target, Content(pdf, "application/pdf", source.mark()), replaces)
        except ChangedError:
            there = storage.find(out_bucket, target)
            if _is_made(work, there):
                return _answer(work, there.size if there else 0, unchanged=True)
        else:
            return _answer(work, pdf.stat().st_size)
    raise ActionError(Problem.STORAGE_FAILED, f"Others keep writing the PDF {target!r}. Try again.")


def _is_made(work: _Work, there: Stored | None) -> bool:
    """Whether the PDF of this generation, or of a newer one, is there. Raises NAME_TAKEN for that of another JPEG."""
    made_from = source_of(there)
    if made_from is None:
        return False
    if made_from[:2] != work.source[:2]:
        raise ActionError(
            Problem.NAME_TAKEN,
            f"{work.target!r} in the bucket {work.out_bucket!r} is the PDF of {made_from.name!r} in "
            f"{made_from.bucket!r}. Give this JPEG another name, or delete that PDF.",
        )
    return made_from.generation >= work.source.generation


def _answer(work: _Work, size: int, *, unchanged: bool = False) -> Json:
    """The result, which is logged; a record of an earlier refusal has no meaning any more."""
    try:
        clear_record(work.source, work.out_bucket, work.storage)
    except Exception as error:
        log_failure(error)  # logged: the PDF is there, and tells that the record is out of date
    source, pdf = work.source, f"{work.out_bucket}/{work.target}"
    log(**{"unchanged" if unchanged else "converted": f"{source.bucket}/{source.name}", "pdf": pdf, "size": size})
    answer = {"bucket": work.out_bucket, "object": work.target, "size": size}
    return {**answer, "unchanged": True} if unchanged else answer


def _record(source: Source, refusal: ActionError, out_bucket: str, storage: Storage) -> None:
    """Writes the refusal down. If that fails the activation's log has both, and the event has to come again.

    Raises ActionError: why a refusal for good is not written down, which may pass.
    """
    try:
        write_record(source, refusal, out_bucket, storage)
    except Exception as error:
        unwritten = log_failure(error)
        if not refusal.problem.may_pass:
            log_failure(refusal)
            raise unwritten from None


def _check(jpeg: Path) -> None:
    """Checks the downloaded file without reading it into memory."""
    with jpeg.open("rb") as file:
        if os.fstat(file.fileno()).st_size == 0:
            raise ActionError(Problem.NOT_A_JPEG, "This is not a JPEG: the object is empty.")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            check_jpeg(data)
