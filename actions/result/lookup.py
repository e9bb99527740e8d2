"""What became of a JPEG that the page has uploaded.

What is given: `bucket` and `name` as `upload` named them, and the `generation`, which is optional. The answer:

- 200 `{"url", "object", "size", "activation", "reencoded"}`: a URL to GET the PDF by; the activation that made it, if
  that is known; why the photograph was encoded again, if it was;
- 202 `{"pending": true}` while nothing is decided;
- the refusal's own status with `{"error", "code", "activation"}`.

`name` may also be that of an album, `page/UUID/NAME.pdf`, as v2 was given it in `into`.

Only objects of such names are told of: who does not know one learns nothing.

The settings are the deployer's (`buckets/deployment.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from buckets.deployment import Settings
from buckets.names import check_object, pdf_name, read_generation
from buckets.page_names import check_page_name
from pdfmagic.errors import ActionError, Problem, status_of
from pdfmagic.results import Json

if TYPE_CHECKING:
    from buckets.cloud_storage import Storage
    from buckets.signed_urls import Signer
    from buckets.source import Source

_PENDING = {"pending": True}


class _Question(NamedTuple):
    bucket: str
    name: str
    #: None: whichever is known.
    generation: int | None
    out_bucket: str


def look_up(given: Json, deployed: object) -> tuple[int, Json]:
    """Status and body of the answer to what a caller gave, by the deployer's settings.

    Raises ActionError: MISSING_PARAMETER, BAD_PARAMETER, NO_SUCH_OBJECT (the caller's); BAD_KEY, NO_PERMISSION,
    STORAGE_FAILED (the deployer's).
    """
    settings = Settings(deployed)
    question = _read_question(given, settings)
    key, endpoint = settings.key("gcs-key"), settings.endpoint()
    # Google's libraries take a moment to load: not before the request is known to be sound.
    from buckets.cloud_storage import Storage
    from buckets.signed_urls import Signer

    storage = Storage.connect(key, endpoint)
    status, body = (
        _find_pdf(question, storage, Signer(key, endpoint)) or _find_refusal(question, storage) or (202, _PENDING)
    )
    if status == 202:
        # Nothing will ever come of an object that is not there.
        storage.find_newest(question.bucket, question.name)
    return status, body


def _read_question(given: Json, settings: Settings) -> _Question:
    bucket, name = _text(given, "bucket"), _text(given, "name")
    in_bucket = settings.bucket("in-bucket")
    check_object(name)
    check_page_name(name)
    if bucket != in_bucket:
        raise ActionError(Problem.BAD_PARAMETER, "The parameter 'bucket' is not the one that 'upload' returned.")
    return _Question(bucket, name, read_generation(given.get("generation")), settings.bucket("out-bucket"))


def _text(given: Json, parameter: str) -> str:
    value = given.get(parameter)
    if not isinstance(value, str) or not value:
        message = f"The parameter '{parameter}' is missing: give 'bucket' and 'name' as 'upload' returned them."
        raise ActionError(Problem.MISSING_PARAMETER, message)
    return value


def _find_pdf(question: _Question, storage: Storage, signer: Signer) -> tuple[int, Json] | None:
    """The PDF, if there is that of this object."""
    from buckets.source import REENCODED, source_of

    for target in _list_targets(question.name):
        there = storage.find(question.out_bucket, target)
        source = source_of(there)
        is_album = source is not None and source.is_album and source.bucket == question.bucket
        # An album has the name that is asked for itself.
        if there and (is_album if target == question.name else _is_asked_for(question, source)):
            break
    else:
        return None
    body = {"url": signer.read(question.out_bucket, target).url, "object": target, "size": there.size}
    known = {key: there.metadata.get(key) for key in ("activation", REENCODED)}
    return 200, {**body, **{key: value for key, value in known.items() if value}}


def _list_targets(name: str) -> tuple[str, ...]:
    """The PDF of this JPEG; also the one of this name."""
    return (pdf_name(name), name) if name.endswith(".pdf") else (pdf_name(name),)


def _find_refusal(question: _Question, storage: Storage) -> tuple[int, Json] | None:
    """The recorded refusal, if there is that of this object."""
    from buckets.record import read_record

    recorded = read_record(question.name, question.out_bucket, storage)
    if recorded is None or not _is_asked_for(question, recorded.source):
        return None
    code, error, activation = recorded.code, recorded.error, recorded.activation
    return status_of(code), {"error": error, "code": code, **({"activation": activation} if activation else {})}


def _is_asked_for(question: _Question, source: Source | None) -> bool:
    """Whether that comes from the object in question, of its generation or a newer one."""
    if source is None:
        return False
    if source[:2] != question[:2]:
        return False
    return question.generation is None or source.generation >= question.generation
