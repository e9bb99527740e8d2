"""What becomes of one JPEG in a bucket: a PDF in the out bucket, or a record of its refusal there.

Both are marked with the object that they come from (`source.py`). So events may come twice, late and out of order: a
generation that has its PDF is not converted again, an older one never replaces a newer one's, and no JPEG replaces the
PDF of another.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from buckets.cloud_storage import ChangedError, Content, Storage, Stored
from buckets.names import pdf_name
from buckets.record import clear_record, write_record
from buckets.source import REENCODED, Source, options_of, source_of
from pdfmagic.conversion import add_photograph, make_private_directory
from pdfmagic.errors import ActionError, Problem
from pdfmagic.options import NAMES, Options, read_options
from pdfmagic.pdf import PdfWriter
from pdfmagic.results import Json, log, log_failure
from pdfmagic.title import make_title
from photograph import fetch
from request import Request

#: How often a thing is tried anew because others wrote meanwhile.
_ATTEMPTS = 5
#: Metadata of a JPEG that is for an album: its arrival makes no PDF of its own.
_PART = "part"


class _Work(NamedTuple):
    """`source` is to become `target` in `out_bucket`."""

    source: Source
    options: Options
    #: Whether an event tells of it: what is there of its generation will do, however it was made.
    is_event: bool
    out_bucket: str
    target: str
    storage: Storage


def convert(request: Request) -> Json:
    """Converts, unless that was done before; the PDF's `bucket`, `object` and `size`, and `unchanged` in that case.

    The refusal of an event is recorded, then raised: an ActionError as in `actions/README.md`.
    """
    storage = Storage.connect(request.key, request.endpoint)
    if request.album is not None:
        # Few ask for it.
        from album import convert_album

        return convert_album(request, request.album, storage)
    if request.generation is None:
        return _convert_newest(request, storage)
    source = Source(request.bucket, request.name, request.generation)
    try:
        return _convert_new_file(source, request, storage)
    except Exception as error:
        refusal = error if isinstance(error, ActionError) else log_failure(error)
        if refusal.problem is Problem.NO_SUCH_OBJECT:
            # Removed or replaced since: no failure, and a newer file has an event of its own.
            return _skip(source, refusal.message)
        if refusal.problem is not Problem.NO_SUCH_BUCKET:
            _record(source, refusal, request.out_bucket, storage)
        raise refusal from None


def _convert_new_file(source: Source, request: Request, storage: Storage) -> Json:
    """What an event tells of: how it is to be converted, the file's own metadata say before the deployer."""
    there = storage.find(source.bucket, source.name)
    said = there.metadata if there and there.generation == source.generation else {}
    if said.get(_PART):
        return _skip(source, "It is for a PDF of several photographs.")
    named = {name: said[name] for name in NAMES if said.get(name)}
    options = read_options({**request.asked, **named})
    return _convert(_work(source, options, request, storage, is_event=True))


def _skip(source: Source, reason: str) -> Json:
    """What an event needs no PDF for."""
    log(skipped=f"{source.bucket}/{source.name}", reason=reason)
    return {"skipped": True}


def _convert_newest(request: Request, storage: Storage) -> Json:
    """Asked for by hand: whatever is there now. It may be replaced while it is looked at."""
    pdf_name(request.name)  # may be too long: then nothing is read
    for _ in range(_ATTEMPTS):
        source = Source(request.bucket, request.name, storage.find_newest(request.bucket, request.name))
        try:
            return _convert(_work(source, request.options, request, storage, is_event=False))
        except ActionError as error:
            if error.problem is not Problem.NO_SUCH_OBJECT:
                raise
    raise ActionError(Problem.STORAGE_FAILED, "The object keeps being replaced. Try again.")


def _work(source: Source, options: Options, request: Request, storage: Storage, *, is_event: bool) -> _Work:
    return _Work(source, options, is_event, request.out_bucket, pdf_name(source.name), storage)


def _convert(work: _Work) -> Json:
    there = work.storage.find(work.out_bucket, work.target)
    if _is_made(work, there):
        return _answer_unchanged(work, there)
    with make_private_directory() as directory:
        pdf = Path(directory, "photo.pdf")
        with fetch(work.source, work.storage) as data, pdf.open("wb") as file:
            writer = PdfWriter(file, make_title(work.source.name))
            reencoded = add_photograph(writer, data, work.options)
            writer.finish()
        return _store(work, pdf, reencoded, there)


def _store(work: _Work, pdf: Path, reencoded: str | None, there: Stored | None) -> Json:
    """Writes the PDF unless another run writes this generation's, or a newer one's, first."""
    mark = work.source.mark(work.options.describe())
    content = Content(pdf, "application/pdf", {**mark, **({REENCODED: reencoded} if reencoded else {})})
    for _ in range(_ATTEMPTS):
        replaces = there.generation if there else 0
        try:
            work.storage.upload(work.out_bucket, work.target, content, replaces)
        except ChangedError:
            there = work.storage.find(work.out_bucket, work.target)
            if _is_made(work, there):
                return _answer_unchanged(work, there)
        else:
            return _answer(work, pdf.stat().st_size, reencoded)
    raise ActionError(Problem.STORAGE_FAILED, f"Others keep writing the PDF {work.target!r}. Try again.")


def _is_made(work: _Work, there: Stored | None) -> bool:
    """Whether the PDF of this generation, or of a newer one, is there. Raises NAME_TAKEN for that of another JPEG.

    Whoever asks by hand for it in another way gets it anew.
    """
    made_from = source_of(there)
    if there is None or made_from is None:
        return False
    if made_from[:2] != work.source[:2]:
        whose = "several photographs" if made_from.is_album else f"{made_from.name!r} in {made_from.bucket!r}"
        raise ActionError(
            Problem.NAME_TAKEN,
            f"{work.target!r} in the bucket {work.out_bucket!r} is the PDF of {whose}. "
            "Give this JPEG another name, or delete that PDF.",
        )
    if made_from.generation == work.source.generation:
        return work.is_event or options_of(there) == work.options.describe()
    return made_from.generation > work.source.generation


def _answer_unchanged(work: _Work, there: Stored | None) -> Json:
    size, reencoded = (there.size, there.metadata.get(REENCODED)) if there else (0, None)
    return _answer(work, size, reencoded, unchanged=True)


def _answer(work: _Work, size: int, reencoded: str | None, *, unchanged: bool = False) -> Json:
    """The result, which is logged; a record of an earlier refusal has no meaning any more."""
    try:
        clear_record(work.source, work.out_bucket, work.storage)
    except Exception as error:
        log_failure(error)  # logged: the PDF is there, and tells that the record is out of date
    source, pdf = work.source, f"{work.out_bucket}/{work.target}"
    log(**{"unchanged" if unchanged else "converted": f"{source.bucket}/{source.name}", "pdf": pdf, "size": size})
    answer = {"bucket": work.out_bucket, "object": work.target, "size": size}
    return {**answer, **({REENCODED: reencoded} if reencoded else {}), **({"unchanged": True} if unchanged else {})}


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
