"""URLs by which whoever has one may read or write one object for some minutes, without a key.

Source: "V4 signing process" of Cloud Storage's documentation. Signing with a key asks nobody. The machine's own
identity has no private key: it asks Google to sign as an account (`signBlob`). What the URL then allows is what the
account may do.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple

from google.auth import exceptions as auth
from google.auth import iam
from google.auth.transport.requests import Request
from google.cloud import storage
from google.oauth2 import service_account

from buckets.access import find_own_identity, is_own_identity
from buckets.endpoints import GOOGLE
from buckets.failures import explain_failures
from pdfmagic.errors import ActionError, Problem

#: How long a URL is good for.
VALID = timedelta(minutes=10)
#: Of an upload: the bytes that the storage takes, as `LEAST,MOST`.
LENGTH_RANGE = "x-goog-content-length-range"

#: What the IAM Credentials API asks of a token.
_IAM_SCOPE = "https://www.googleapis.com/auth/iam"
_OAUTH = "https://oauth2.googleapis.com/token"


class SignedUrl(NamedTuple):
    """A URL, and until when it is good: ISO 8601, in UTC."""

    url: str
    expires: str


class Signer:
    """Signs with one key, or as one account."""

    def __init__(self, key: dict[str, Any] | None, endpoint: str | None) -> None:
        """`key`: of a service account; `endpoint`: None for Google's own. Raises BAD_KEY."""
        try:
            credentials = _make_signing_credentials(key or {})
            self._client = storage.Client(project=credentials.project_id or "none", credentials=credentials)
        except (KeyError, ValueError, TypeError, AttributeError, auth.GoogleAuthError):
            # The library's own words may quote the key.
            message = "The action's key cannot sign: deploy it with a service account's key, the JSON that Google made."
            raise ActionError(Problem.BAD_KEY, message) from None
        self._endpoint = endpoint or GOOGLE

    def read(self, bucket: str, name: str) -> SignedUrl:
        """To GET an object."""
        return self._sign(bucket, name, "GET", {})

    def write(self, bucket: str, name: str, headers: Mapping[str, str]) -> SignedUrl:
        """To PUT an object: the request has to carry just these headers."""
        return self._sign(bucket, name, "PUT", headers)

    def _sign(self, bucket: str, name: str, method: str, headers: Mapping[str, str]) -> SignedUrl:
        expires = datetime.now(timezone.utc) + VALID
        with explain_failures("having a URL signed"):
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


def _make_signing_credentials(key: dict[str, Any]) -> service_account.Credentials:
    """Those of the key, or of the account that Google signs for. Raises KeyError and the like if neither is named."""
    if not is_own_identity(key):
        return service_account.Credentials.from_service_account_info(key)
    signer = iam.Signer(Request(), find_own_identity(_IAM_SCOPE), key["sign_as"])
    return service_account.Credentials(signer, key["sign_as"], _OAUTH)
