"""Several photographs in a bucket become one PDF in the out bucket.

Each is fetched, becomes its page and is forgotten; what is written goes to the storage piece by piece. So neither the
memory nor the disk of an action bounds how long the PDF gets. It appears when it is whole, or not at all.
"""

from __future__ import annotations

from typing import NamedTuple

from buckets.cloud_storage import ChangedError, Storage, Stored
from buckets.source import Source, name_album, source_of
from pdfmagic.conversion import add_photograph
from pdfmagic.errors import ActionError, Problem
from pdfmagic.pdf import PdfWriter
from pdfmagic.results import Json, log
from pdfmagic.title import make_title
from photograph import fetch
from request import Request
from several import Album


class _Pages(NamedTuple):
    """What became of the photographs, for the answer."""

    left_out: list[Json]
    reencoded: list[Json]


def convert_album(request: Request, album: Album, storage: Storage) -> Json:
    """Makes the PDF anew; its `bucket`, `object`, `size`, `pages`, and what was `leftOut` or `reencoded`.

    Raises ActionError: the first refusal, with the name of its photograph, unless that may be left out; NAME_TAKEN.
    """
    source = name_album(request.bucket, album.names)
    there = storage.find(request.out_bucket, album.into)
    _check_place(request, album, source, there)
    made = _Pages([], [])
    mark = source.mark(request.options.describe())
    try:
        with storage.open_upload(
            request.out_bucket, album.into, "application/pdf", mark, there.generation if there else 0
        ) as target:
            pdf = PdfWriter(target, make_title(album.into))
            for name in album.names:
                _add(pdf, request, name, made, storage)
            if pdf.pages == 0:
                reasons = "; ".join(f"{left['name']!r}: {left['error']}" for left in made.left_out[:3])
                raise ActionError(Problem.BAD_PARAMETER, f"None of the photographs can be converted. {reasons}")
            pdf.finish()
    except ChangedError:
        message = f"Others are writing the PDF {album.into!r}. Try again."
        raise ActionError(Problem.STORAGE_FAILED, message) from None
    log(converted=f"{request.bucket}/{len(album.names)} photographs", pdf=f"{request.out_bucket}/{album.into}")
    place = {"bucket": request.out_bucket, "object": album.into, "size": pdf.size, "pages": pdf.pages}
    return {**place, "leftOut": made.left_out, "reencoded": made.reencoded}


def _add(pdf: PdfWriter, request: Request, name: str, made: _Pages, storage: Storage) -> None:
    """Adds one page, or says why there is none."""
    try:
        with fetch(Source(request.bucket, name, 0), storage) as data:
            reason = add_photograph(pdf, data, request.options)
    except ActionError as error:
        if error.problem.may_pass:
            raise  # no fault of the photograph: it is not named, since leaving it out would not help
        if not request.album or not request.album.leaves_out:
            raise ActionError(error.problem, f"{name!r}: {error.message}", name) from None
        made.left_out.append({"name": name, "code": error.problem.code, "error": error.message})
    else:
        if reason:
            made.reencoded.append({"name": name, "reason": reason})


def _check_place(request: Request, album: Album, source: Source, there: Stored | None) -> None:
    """Raises NAME_TAKEN for what was made of something else, however it came there."""
    if there is not None and source_of(there) != source:
        raise ActionError(
            Problem.NAME_TAKEN,
            f"{album.into!r} in the bucket {request.out_bucket!r} was made of other photographs. Give this PDF another "
            "name, or delete that one.",
        )
