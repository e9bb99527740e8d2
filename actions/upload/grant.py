"""pdfmagic/upload: a URL by which the page puts one JPEG into the in bucket, without a key of its own.

A web action, `POST /convert/upload` with JSON: `name` of the visitor's file, `contentType`, `size` in bytes; if wanted,
`quality`, `page` and `margin` (`pdfmagic/options.py`), and `part`: true for a photograph of an album, whose arrival
makes no PDF of its own. Answer:
`{"url", "method", "headers", "bucket", "name", "expires", "via"}`: send the file to `url` by `method` with just these
`headers`. Type and size are bound by the signature; the object's name is fresh, so nothing is ever replaced.

`settings` are the deployer's (`buckets/deployment.py`). With events the file's arrival starts the conversion (`via` is
`v3`), else the page asks for it itself (`v2`).
"""

from __future__ import annotations

from typing import NamedTuple

from buckets.deployment import Settings
from buckets.page_names import make_page_name
from pdfmagic.errors import ActionError, Problem
from pdfmagic.options import NAMES, read_options
from pdfmagic.origin import check_origin
from pdfmagic.results import Json, answer_web

_JPEG = "image/jpeg"
_MAX_BYTES = 128 * 1024 * 1024


class _File(NamedTuple):
    """What is to be uploaded: the name of the object, and its size in bytes."""

    name: str
    size: int


def main(args: Json) -> Json:
    """The entry point that OpenWhisk calls with the request."""
    return answer_web(lambda: _grant(args))


def _grant(args: Json) -> Json:
    check_origin(args)
    file = _read_file(args)
    settings = Settings(args.get("settings"))
    bucket = settings.bucket("in-bucket")
    key, endpoint = settings.key("upload-key"), settings.endpoint()
    # Google's libraries take a moment to load: not before the request is known to be sound.
    from buckets.signed_urls import LENGTH_RANGE, Signer

    headers = {"Content-Type": _JPEG, LENGTH_RANGE: f"1,{file.size}", **_list_metadata(args)}
    url, expires = Signer(key, endpoint).write(bucket, file.name, headers)
    via = "v3" if settings.is_on("events") else "v2"
    answer = {"url": url, "method": "PUT", "headers": headers, "bucket": bucket, "name": file.name}
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json", "Cache-Control": "no-store"},
        "body": {**answer, "expires": expires, "via": via},
    }


def _list_metadata(args: Json) -> dict[str, str]:
    """What the file's arrival goes by, as headers of the upload. Raises BAD_PARAMETER."""
    read_options(args)
    said = {name: str(args[name]) for name in NAMES if args.get(name) not in (None, "")}
    part = args.get("part")
    if part not in (None, "", False, True):
        raise ActionError(Problem.BAD_PARAMETER, "The parameter 'part' must be true or false.")
    return {f"x-goog-meta-{name}": text for name, text in {**said, **({"part": "true"} if part else {})}.items()}


def _read_file(args: Json) -> _File:
    name, kind, size = (args.get(parameter) for parameter in ("name", "contentType", "size"))
    for parameter in ("name", "contentType", "size"):
        if args.get(parameter) in (None, ""):
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
