"""A URL by which the page puts one JPEG into the in bucket, without a key of its own.

What is given: `name` of the visitor's file, `contentType`, `size` in bytes; if wanted, `quality`, `page` and `margin`
(`pdfmagic/options.py`), and `part`: true for a photograph of an album, whose arrival makes no PDF of its own. Answer:
`{"url", "method", "headers", "bucket", "name", "expires", "via"}`: send the file to `url` by `method` with just these
`headers`. Type and size are bound by the signature; the object's name is fresh, so nothing is ever replaced.

The settings are the deployer's (`buckets/deployment.py`). With events the file's arrival starts the conversion (`via`
is `v3`), else the page asks for it itself (`v2`).
"""

from __future__ import annotations

from typing import NamedTuple

from buckets.deployment import Settings
from buckets.page_names import make_page_name
from pdfmagic.errors import ActionError, Problem
from pdfmagic.options import NAMES, read_options
from pdfmagic.results import Json

_JPEG = "image/jpeg"
_MAX_BYTES = 128 * 1024 * 1024


class _File(NamedTuple):
    """What is to be uploaded: the name of the object, and its size in bytes."""

    name: str
    size: int


def grant(given: Json, deployed: object) -> Json:
    """The answer to what a caller gave, by the deployer's settings.

    Raises ActionError: MISSING_PARAMETER, BAD_PARAMETER, NOT_A_JPEG, TOO_LARGE (the caller's); BAD_KEY, NO_PERMISSION,
    STORAGE_FAILED (the deployer's).
    """
    file = _read_file(given)
    settings = Settings(deployed)
    bucket = settings.bucket("in-bucket")
    key, endpoint = settings.key("upload-key"), settings.endpoint()
    # Google's libraries take a moment to load: not before the request is known to be sound.
    from buckets.signed_urls import LENGTH_RANGE, Signer

    headers = {"Content-Type": _JPEG, LENGTH_RANGE: f"1,{file.size}", **_list_metadata(given)}
    url, expires = Signer(key, endpoint).write(bucket, file.name, headers)
    via = "v3" if settings.is_on("events") else "v2"
    answer = {"url": url, "method": "PUT", "headers": headers, "bucket": bucket, "name": file.name}
    return {**answer, "expires": expires, "via": via}


def _list_metadata(given: Json) -> dict[str, str]:
    """What the file's arrival goes by, as headers of the upload. Raises BAD_PARAMETER."""
    read_options(given)
    said = {name: str(given[name]) for name in NAMES if given.get(name) not in (None, "")}
    part = given.get("part")
    if part not in (None, "", False, True):
        raise ActionError(Problem.BAD_PARAMETER, "The parameter 'part' must be true or false.")
    return {f"x-goog-meta-{name}": text for name, text in {**said, **({"part": "true"} if part else {})}.items()}


def _read_file(given: Json) -> _File:
    name, kind, size = (given.get(parameter) for parameter in ("name", "contentType", "size"))
    for parameter in ("name", "contentType", "size"):
        if given.get(parameter) in (None, ""):
            message = f"The parameter '{parameter}' is missing: send JSON with 'name', 'contentType' and 'size'."
            raise ActionError(Problem.MISSING_PARAMETER, message)
    if not isinstance(name, str):
        raise ActionError(Problem.BAD_PARAMETER, "The parameter 'name' must be text: the name of the file.")
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise ActionError(Problem.BAD_PARAMETER, "The parameter 'size' must be a number of bytes.")
    if kind != _JPEG:
        raise ActionError(Problem.NOT_A_JPEG, f"This is not a JPEG: its content type must be {_JPEG}.")
    if size == 0:
        raise ActionError(Problem.NOT_A_JPEG, "This is not a JPEG: it is empty.")
    if size > _MAX_BYTES:
        limit = _MAX_BYTES // 2**20
        raise ActionError(Problem.TOO_LARGE, f"The file is larger than {limit} MiB. Send a smaller JPEG.")
    return _File(make_page_name(name), size)
