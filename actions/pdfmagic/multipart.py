"""A photograph in a form, as `curl -F file=@photo.jpg` and browsers send it.

Source: RFC 7578 (multipart/form-data); RFC 2046, 5.1.1 (how the parts are told apart).
"""

from __future__ import annotations

from typing import NamedTuple

from .errors import ActionError, Problem

TYPE = "multipart/form-data"
#: Parts that are looked at.
_MAX_PARTS = 100


class Upload(NamedTuple):
    """A file, and what came with it."""

    content: bytes
    #: The file's name, if it is known.
    name: str | None
    #: The form's other fields, by name.
    fields: dict[str, str]


def is_form(content_type: object) -> bool:
    """Whether a header `Content-Type` says that the body is such a form."""
    return isinstance(content_type, str) and content_type.partition(";")[0].strip().lower() == TYPE


def read_upload(body: bytes, content_type: str) -> Upload:
    """The one file of a form. Raises EMPTY_BODY if there is none, BAD_PARAMETER if there are several."""
    fields: dict[str, str] = {}
    files: list[tuple[bytes, str | None]] = []
    for head, content in _split(body, content_type):
        name, file_name = _read_parameter(head, "name"), _read_parameter(head, "filename")
        if file_name is not None:
            files.append((content, file_name or None))
        elif name is not None:
            fields[name] = content.decode("utf-8", "replace")
    if len(files) > 1:
        raise ActionError(
            Problem.BAD_PARAMETER, "The form has several files. Send one, or use v2 for several in one PDF."
        )
    if not files or not files[0][0]:
        message = "The form has no file: send the JPEG as a file of the form (curl -F file=@photo.jpg)."
        raise ActionError(Problem.EMPTY_BODY, message)
    return Upload(*files[0], fields)


def _split(body: bytes, content_type: str) -> list[tuple[str, bytes]]:
    """Headers and content of the parts."""
    boundary = _read_parameter(content_type, "boundary")
    if not boundary:
        return []
    parts = (b"\r\n" + body).split(b"\r\n--" + boundary.encode("utf-8"), _MAX_PARTS)[1:]
    split = [part.partition(b"\r\n\r\n") for part in parts if not part.startswith(b"--")]
    return [(head.decode("utf-8", "replace"), content) for head, between, content in split if between]


def _read_parameter(header: str, name: str) -> str | None:
    """A parameter of a header, quoted or not; None if it is not there."""
    # Not loaded by the requests that have no form: it takes a moment.
    from email.message import Message

    line = next((row for row in header.split("\r\n") if row.lower().startswith("content-disposition:")), header)
    message = Message()
    message["Content-Type"] = line.partition(":")[2].strip() if line is not header else header
    value = message.get_param(name)
    text = value[2] if isinstance(value, tuple) else value
    return text.replace('\\"', '"') if isinstance(text, str) else None
