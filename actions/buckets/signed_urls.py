"""URLs by which whoever has one may read or write one object for some minutes, without a key.

Source: "V4 signing process" of Cloud Storage's documentation. Signing asks nobody: what the URL then allows is what the
key's account may do.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple

from google.auth import exceptions as auth
from google.cloud import storage
from google.oauth2 import service_account

from pdfmagic.errors import ActionError, Problem

#: How long a URL is good for.
VALID = timedelta(minutes=10)
#: Of an upload: the bytes that the storage takes, as `LEAST,MOST`.
LENGTH_RANGE = "x-goog-content-length-range"

_GOOGLE = "https://storage.googleapis.com"


class SignedUrl(NamedTuple):
    """A URL, and until when it is good: ISO 8601, in UTC."""

    url: str
    expires: str


class Signer:
    """Signs with one key."""

    def __init__(self, key: dict[str, Any] | None, endpoint: str | None) -> None:
        """`key`: of a service account; `endpoint`: None for Google's own. Raises BAD_KEY."""
        try:
            # None is the identity of the machine, whose private key is nowhere at hand.
            credentials = service_account.Credentials.from_service_account_info(key or {})
            self._client = storage.Client(project=credentials.project_id or "none", credentials=credentials)
        except (KeyError, ValueError, TypeError, AttributeError, auth.GoogleAuthError):
            # The library's own words may quote the key.
            message = "The action's key cannot sign: deploy it with a service account's key, the JSON that Google made."
            raise ActionError(Problem.BAD_KEY, message) from None
        self._endpoint = endpoint or _GOOGLE

    def read(self, bucket: str, name: str) -> SignedUrl:
        """To GET an object."""
        return self._sign(bucket, name, "GET", {})

    def write(self, bucket: str, name: str, headers: Mapping[str, str]) -> SignedUrl:
        """To PUT an object: the request has to carry just these headers."""
        return self._sign(bucket, name, "PUT", headers)

    def _sign(self, bucket: str, name: str, method: str, headers: Mapping[str, str]) -> SignedUrl:
        expires = datetime.now(timezone.utc) + VALID
        url = (
            self._client.bucket(bucket)
            .blob(name)
            .generate_signed_url(
                version="v4",
                method=method,
                expiration=VALID,
                headers=dict(headers),
                api_access_endpoint=self._endpoint,
            )
        )
        return SignedUrl(url, expires.isoformat(timespec="seconds"))
