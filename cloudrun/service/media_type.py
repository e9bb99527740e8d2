"""Media types as OpenWhisk's controller (Pekko HTTP) sees them: text travels as a string, all else as base64."""

from __future__ import annotations

import re
from typing import NamedTuple

_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_ESSENCE = re.compile(rf"\s*({_WORD})/({_WORD})\s*")
_PARAMETER = re.compile(rf'\s*;\s*(?:({_WORD})=({_WORD}|"(?:[^"\\]|\\.)*"))?\s*')

#: Known as text without a charset: Pekko HTTP's registry of predefined types.
_APPLICATION = """atom+xml base64 javascript json json-patch+json merge-patch+json problem+json problem+xml rss+xml
    soap+xml vnd.api+json vnd.google-earth.kml+xml x-latex x-vrml x-www-form-urlencoded xhtml+xml xml xml-dtd"""
_TEXT = """asp cache-manifest calendar css csv event-stream html markdown mcf plain richtext tab-separated-values
    uri-list vnd.wap.wml vnd.wap.wmlscript x-asm x-c x-component x-h x-java-source x-pascal x-script x-scriptcsh
    x-scriptelisp x-scriptksh x-scriptlisp x-scriptperl x-scriptperl-module x-scriptphyton x-scriptrexx x-scriptscheme
    x-scriptsh x-scripttcl x-scripttcsh x-scriptzsh x-server-parsed-html x-setext x-sgml x-speech x-uuencode
    x-vcalendar x-vcard xml"""
_KNOWN_TEXT = {f"application/{name}" for name in _APPLICATION.split()} | {f"text/{name}" for name in _TEXT.split()}

FORM = "application/x-www-form-urlencoded"


class MediaType(NamedTuple):
    """The `type/subtype` of a `Content-Type`, in lower case, and whether it names a charset."""

    essence: str
    has_charset: bool

    @property
    def is_json(self) -> bool:
        """`application/json` and all that ends in `+json`."""
        return self.essence == "application/json" or self.essence.endswith("+json")

    @property
    def is_binary(self) -> bool:
        """Bytes of this type are no text."""
        if self.essence in _KNOWN_TEXT:
            return False
        return self.essence.startswith("multipart/") or not self.has_charset


OCTETS = MediaType("application/octet-stream", False)


def media_type(header: str) -> MediaType:
    """Parses a `Content-Type` (RFC 9110, 8.3.1); what is malformed is `application/octet-stream`."""
    essence = _ESSENCE.match(header)
    if essence is None:
        return OCTETS
    position, charset = essence.end(), False
    while position < len(header):
        parameter = _PARAMETER.match(header, position)
        if parameter is None:
            return OCTETS
        charset = charset or (parameter[1] or "").lower() == "charset"
        position = parameter.end()
    return MediaType(f"{essence[1]}/{essence[2]}".lower(), charset)
