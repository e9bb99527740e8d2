"""Writes a PDF whose pages hold one JPEG each, front to back: nothing of a picture is kept in memory.

Source: ISO 32000-1: 7.5 (file structure), 7.4.8 (DCTDecode), 8.6.5.5 (ICCBased), 8.9.5 (images), 14.3.3 (title). There
is neither a date nor anything by chance in it: the same pictures give the same bytes.
"""

from __future__ import annotations

import hashlib
import zlib
from typing import BinaryIO, Callable, NamedTuple

from .layout import Layout

#: 1.5: progressive JPEGs and profiles of version 4.
_HEADER = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n"
_SPACES = {1: "DeviceGray", 3: "DeviceRGB", 4: "DeviceCMYK"}
_CATALOG, _PAGES, _FIRST_FREE = 1, 2, 3


class Picture(NamedTuple):
    """A JPEG as it goes into the PDF."""

    width: int
    height: int
    #: Number of its colours: 1, 3 or 4.
    colours: int
    #: RGB that no marker of the JPEG would have every reader take for YCbCr.
    is_rgb: bool
    #: A colour profile of as many colours.
    profile: bytes | None
    #: Bytes that `write` writes.
    size: int
    write: Callable[[BinaryIO], None]


class PdfWriter:
    """A PDF in the making. `finish` ends it; without that what was written is none."""

    def __init__(self, target: BinaryIO, title: str | None = None) -> None:
        """`title`: of the document, in any characters; None for none."""
        self._target = target
        self._title = title
        self._position = 0
        self._free = _FIRST_FREE
        self._offsets: dict[int, int] = {}
        self._pages: list[int] = []
        self._profiles: dict[bytes, int] = {}
        self._write(_HEADER)

    @property
    def pages(self) -> int:
        """How many there are so far."""
        return len(self._pages)

    @property
    def size(self) -> int:
        """Bytes that were written so far."""
        return self._position

    def add_page(self, picture: Picture, layout: Layout) -> None:
        """Writes a page and its picture."""
        space = self._add_space(picture)
        image = self._begin()
        entries = [
            f"/Type /XObject /Subtype /Image /Width {picture.width} /Height {picture.height}",
            f"/ColorSpace {space} /BitsPerComponent 8 /Filter /DCTDecode",
        ]
        if picture.colours == 4:
            # Adobe's CMYK is of light, not of ink.
            entries.append("/Decode [1 0 1 0 1 0 1 0]")
        if picture.is_rgb:
            entries.append("/DecodeParms <</ColorTransform 0>>")
        self._write(f"<<\n{chr(10).join(entries)}\n/Length {picture.size}\n>>\nstream\n".encode())
        before = self._position
        picture.write(_Counted(self))
        if self._position - before != picture.size:
            raise RuntimeError("a picture has not the size that it said")
        self._write(b"\nendstream\nendobj\n")
        matrix = " ".join(_number(value) for value in layout.matrix)
        content = self._add_stream("", f"q\n{matrix} cm\n/I Do\nQ\n".encode())
        box = f"[0 0 {_number(layout.width)} {_number(layout.height)}]"
        page = f"<<\n/Type /Page\n/Parent {_PAGES} 0 R\n/MediaBox {box}\n/Contents {content} 0 R\n"
        self._pages.append(self._add(f"{page}/Resources <</XObject <</I {image} 0 R>>>>\n>>"))

    def finish(self) -> None:
        """Writes what goes behind the pages."""
        kids = "\n".join(f"{page} 0 R" for page in self._pages)
        self._add(f"<<\n/Type /Pages\n/Count {len(self._pages)}\n/Kids [\n{kids}\n]\n>>", _PAGES)
        self._add(f"<<\n/Type /Catalog\n/Pages {_PAGES} 0 R\n>>", _CATALOG)
        info = ""
        if self._title is not None:
            text = ("\ufeff" + self._title).encode("utf-16-be", "replace").hex().upper()
            info = f"/Info {self._add(f'<</Title <{text}>>>')} 0 R\n"
        start = self._position
        rows = "".join(f"{self._offsets[number]:010d} 00000 n \n" for number in range(1, self._free))
        self._write(f"xref\n0 {self._free}\n0000000000 65535 f \n{rows}".encode())
        trailer = f"trailer\n<<\n/Size {self._free}\n/Root {_CATALOG} 0 R\n{info}>>\n"
        self._write(f"{trailer}startxref\n{start}\n%%EOF\n".encode())

    def _add_space(self, picture: Picture) -> str:
        """The colour space: that of the profile, which is written once for all pages that have it."""
        device = _SPACES[picture.colours]
        if picture.profile is None:
            return f"/{device}"
        key = hashlib.sha256(picture.profile).digest()
        if key not in self._profiles:
            entries = f"/N {picture.colours} /Alternate /{device} /Filter /FlateDecode "
            self._profiles[key] = self._add_stream(entries, zlib.compress(picture.profile))
        return f"[/ICCBased {self._profiles[key]} 0 R]"

    def _add_stream(self, entries: str, content: bytes) -> int:
        number = self._begin()
        self._write(f"<<{entries}/Length {len(content)}>>\nstream\n".encode() + content + b"\nendstream\nendobj\n")
        return number

    def _add(self, text: str, number: int | None = None) -> int:
        number = self._begin(number)
        self._write(f"{text}\nendobj\n".encode())
        return number

    def _begin(self, number: int | None = None) -> int:
        if number is None:
            number = self._free
            self._free += 1
        self._offsets[number] = self._position
        self._write(f"{number} 0 obj\n".encode())
        return number

    def _write(self, content: bytes) -> None:
        self._target.write(content)
        self._position += len(content)


class _Counted:
    """What a picture writes to."""

    def __init__(self, pdf: PdfWriter) -> None:
        self._pdf = pdf

    def write(self, content: bytes) -> int:
        self._pdf._write(content)
        return len(content)


def _number(value: float) -> str:
    """A number as PDF has it: no exponent, a thousandth of a point at the finest."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
