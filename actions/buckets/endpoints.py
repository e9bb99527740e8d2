"""Where the storage may be, and which places are Google's own.

Google's are reached by HTTPS below `googleapis.com`: `storage.googleapis.com`, a region's
`storage.europe-west1.rep.googleapis.com`, a network's own `storage-NAME.p.googleapis.com`. Whatever else the deployer
names is an emulator; it gets no token of Google's, see `access.py`. Refused are the addresses at which a machine is
told who it is.

Sources: "Cloud Storage request endpoints", "Private Service Connect" and "VM metadata" of Google's documentation.
"""

from __future__ import annotations

import re
from ipaddress import IPv6Address, ip_address
from typing import NamedTuple

from pdfmagic.errors import ActionError, Problem

#: Google's own storage.
GOOGLE = "https://storage.googleapis.com"

_URL = re.compile(r"(https?)://(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::([0-9]{1,5}))?(/[!-~]*)?", re.IGNORECASE)
#: Of an IPv4 address in other forms than four numbers: `0x7f000001`, `2130706433`.
_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)", re.IGNORECASE)
#: Google's metadata server, which also has an IPv6 address that is not link-local.
_METADATA = frozenset({"metadata", "metadata.google.internal", "fd20:ce::254"})
#: The token endpoint in keys of long ago.
_ACCOUNTS = "accounts.google.com"


class _Place(NamedTuple):
    scheme: str
    host: str
    port: str
    path: str


def check_endpoint(endpoint: object) -> str:
    """The endpoint without a slash at its end. Raises STORAGE_FAILED if the storage cannot be there."""
    place = _read(endpoint)
    if place is None or place.path not in ("", "/") or not _may_be_asked(place.host):
        raise ActionError(
            Problem.STORAGE_FAILED,
            "The setting 'gcs-endpoint' of the deployment is not the URL of a storage: SCHEME://HOST[:PORT], "
            "and not the address of a metadata server.",
        )
    return str(endpoint).rstrip("/")


def is_googles(url: object) -> bool:
    """Whether nobody but Google answers there."""
    place = _read(url)
    if place is None or place.scheme != "https" or place.port not in ("", "443"):
        return False
    return place.host.endswith(".googleapis.com") or place.host == _ACCOUNTS


def is_same_host(url: object, other: object) -> bool:
    """Whether both are URLs of one host, at whatever port."""
    place, second = _read(url), _read(other)
    return place is not None and second is not None and place.host == second.host


def _read(url: object) -> _Place | None:
    """The parts of a URL without user, query or fragment; None for anything else: no two readers differ on the rest."""
    match = _URL.fullmatch(url) if isinstance(url, str) else None
    if match is None:
        return None
    scheme, host, port, path = match.groups()
    return _Place(scheme.lower(), host.lower().strip("[]").rstrip("."), port or "", path or "")


def _may_be_asked(host: str) -> bool:
    if not host or host in _METADATA:
        return False
    try:
        address = ip_address(host)
    except ValueError:
        return not _NUMBER.fullmatch(host.rpartition(".")[2])
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if str(address) in _METADATA:
        return False
    return not (address.is_link_local or address.is_multicast or address.is_unspecified)
