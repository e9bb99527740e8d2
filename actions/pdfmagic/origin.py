"""Whether a web page of somebody else asks, by the browser of a visitor who need not know of it.

OpenWhisk and its gateway let scripts of every origin call a web action (CORS), and a platform on the visitor's own
machine is reached by them, too. Browsers say where a script is from in a header that no script can set:
`Sec-Fetch-Site` ("Fetch Metadata Request Headers", W3C). Programs that are no browser send none, and browsers none to
a service over plain HTTP elsewhere than on the visitor's machine; they are let in.
"""

from __future__ import annotations

from .errors import ActionError, Problem
from .results import Json

_OWN = ("same-origin", "none")


def check_origin(args: Json) -> None:
    """Raises OTHER_ORIGIN if a browser says that the request comes from a page of another origin."""
    headers = args.get("__ow_headers")
    check_site(headers.get("sec-fetch-site") if isinstance(headers, dict) else None)


def check_site(site: object) -> None:
    """The same of the header `Sec-Fetch-Site`; None where it is missing."""
    if site is not None and site not in _OWN:
        raise ActionError(Problem.OTHER_ORIGIN, "Only this service's own page may call it, not pages of other origins.")
