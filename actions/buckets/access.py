"""By what right the storage is asked: a service-account key, the machine's own identity, or nothing.

Over plain HTTP, that is to an emulator, no token of a real key is sent: it must not travel in clear.
"""

from __future__ import annotations

from typing import Any

import google.auth
from google.auth import exceptions as auth
from google.auth.credentials import AnonymousCredentials, Credentials
from google.oauth2 import service_account

from pdfmagic.errors import ActionError, Problem

_SCOPE = "https://www.googleapis.com/auth/devstorage.read_write"


def credentials_for(key: dict[str, Any] | None, endpoint: str | None) -> Credentials:
    """The key's credentials; none if a token from a secure place would have to go to an insecure one."""
    is_insecure = endpoint is not None and not endpoint.startswith("https://")
    if key is None:
        return AnonymousCredentials() if is_insecure else _own_identity()
    try:
        if is_insecure and _is_secure(key["token_uri"]):
            return AnonymousCredentials()
        return service_account.Credentials.from_service_account_info(key, scopes=[_SCOPE])
    except (KeyError, ValueError, TypeError, AttributeError, auth.GoogleAuthError):
        # The library's own words may quote the key.
        message = "The action's 'gcs-key' is not a service-account key: deploy it with the JSON file that Google made."
        raise ActionError(Problem.BAD_KEY, message) from None


def _own_identity() -> Credentials:
    """What Google's metadata server (or the machine's settings) says that this program is."""
    try:
        return google.auth.default(scopes=[_SCOPE])[0]
    except auth.GoogleAuthError:
        message = "There is no 'gcs-key', and this machine has no identity of its own at Google: set one of the two."
        raise ActionError(Problem.BAD_KEY, message) from None


def _is_secure(token_uri: str) -> bool:
    """An emulator's key has its tokens from an emulator, over plain HTTP."""
    return not token_uri.startswith("http://")
