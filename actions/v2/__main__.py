"""pdfmagic/v2: a JPEG in a bucket of Google Cloud Storage becomes a PDF in the out bucket.

Parameters: `bucket` and `name` of the JPEG; `settings` are the deployer's (`buckets/deployment.py`). Answer:
`{"bucket", "object", "size"}` of the PDF, and `"unchanged": true` if it was there already. An event gives the
`generation`, too: its refusal is recorded in the out bucket, since nobody waits for the answer (`outcome.py`).

Called directly, by a trigger (v3), or as a web action by the API `PUT /convert/pdf`: `curl --request PUT --data
'bucket=B&name=N' URL`. PUT, because the same request any number of times leaves the same object at the same place, so
a client or proxy may repeat it; POST, which promises no such thing, is taken by v1 on this path.
"""

from __future__ import annotations

from pdfmagic.origin import check_origin
from pdfmagic.results import Json, answer_event, answer_plain, answer_web
from request import read_opaque_body, read_request


def main(args: Json) -> Json:
    """The entry point that OpenWhisk calls; an HTTP request is recognised by its `__ow_method`."""
    invoked = answer_event if "generation" in args else answer_plain
    answer = answer_web if "__ow_method" in args else invoked
    return answer(lambda: _convert(args))


def _convert(args: Json) -> Json:
    check_origin(args)
    request = read_request({**read_opaque_body(args.get("__ow_body")), **args}, args.get("settings"))
    # Google's libraries take a moment to load: not before the request is known to be sound, and never in v0 and v1.
    from outcome import convert

    return convert(request)
