"""What the service is for and how to call it: for a person who opens its URL in a browser."""

from __future__ import annotations

import base64
import hashlib

from werkzeug.wrappers import Request, Response

from . import page

_STYLE = (
    ":root{color-scheme:light dark}"
    "body{max-width:46rem;margin:3rem auto;padding-inline:1rem;font:1rem/1.5 system-ui,sans-serif}"
    "pre{white-space:pre-wrap;overflow-wrap:anywhere}"
)
_POLICY = (
    "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    f"style-src 'sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'"
)
_PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><title>PDFMagic on Cloud Run</title>'
    '<link rel="icon" href="data:,">'
    f"<style>{_STYLE}</style></head><body><main><h1>PDFMagic on Cloud Run</h1>"
    "<p>This address is an API that converts JPEGs to PDFs. It is for programs. "
    "It answers POST and PUT only; a browser sends GET, so it shows this page.</p>"
    '<p><a href="{page}">The web page for people</a> makes PDFs of photographs that you choose.</p>'
    "<p>In these commands, URL is the address of this service with <code>/convert/pdf</code> at its end.</p>"
    "<h2>POST</h2><p>Send a JPEG, and the answer is the PDF.</p>"
    "<pre><code>curl -H 'Content-Type: image/jpeg' --data-binary @photo.jpg URL -o photo.pdf</code></pre>"
    "<h2>PUT</h2><p>Send the bucket and the name of a JPEG, and the PDF appears in the output bucket.</p>"
    "<pre><code>curl --request PUT --data 'bucket=B&amp;name=N' URL</code></pre></main></body></html>\n"
)


def opens(request: Request) -> bool:
    """Whether a browser asks: HTML by name, and not JSON before it."""
    if request.method != "GET":
        return False
    named = [kind for kind, quality in request.accept_mimetypes if quality > 0]
    first = next((kind for kind in named if kind in ("text/html", "application/json")), None)
    return first == "text/html"


def explain(request: Request) -> Response:
    """The page that says so."""
    # From wherever the service is: here its own URL has a path.
    up = "../" * (request.path.count("/") - 1)
    text = _PAGE.replace("{page}", f"{up}{page.PATH[1:]}/")
    headers = {
        "Content-Security-Policy": _POLICY,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
        "Vary": "Accept",
    }
    return Response(text, headers=headers, content_type="text/html; charset=UTF-8")
