"""By what right the storage is asked: a service-account key, the machine's own identity, or nothing.

In place of a key there can be `{"type": "application-default", "sign_as": EMAIL}`: the machine's own identity, which
has an account sign for it where a URL is to be signed (`signed_urls.py`). GKE gives pods an identity in this way,
without any key.

What Google gives tokens for is sent to Google alone (`endpoints.py`): an emulator gets none, whoever named it.
"""

from __future__ import annotations

from typing import Any

import google.auth
from google.auth import exceptions as auth
from google.auth.credentials import AnonymousCredentials, Credentials
from google.oauth2 import service_account

from buckets.deployment import OWN_IDENTITY
from buckets.endpoints import is_googles, is_same_host
from pdfmagic.errors import ActionError, Problem

_SCOPE = "https://www.googleapis.com/auth/devstorage.read_write"


def is_own_identity(key: dict[str, Any] | None) -> bool:
    """Whether that is not a key, but stands for the identity of the machine."""
    return key is None or key.get("type") == OWN_IDENTITY


def make_credentials(key: dict[str, Any] | None, endpoint: str | None) -> Credentials:
    """The key's credentials or the machine's; none if those of Google had to go to an emulator. Raises BAD_KEY."""
    is_emulator = endpoint is not None and not is_googles(endpoint)
    if key is None or is_own_identity(key):
        return AnonymousCredentials() if is_emulator else find_own_identity(_SCOPE)
    token_uri = key.get("token_uri")
    if is_emulator and is_googles(token_uri):
        return AnonymousCredentials()
    # An emulator's key has its tokens from the emulator.
    if not (is_same_host(token_uri, endpoint) if is_emulator else is_googles(token_uri)):
        raise _bad_key()
    try:
        return service_account.Credentials.from_service_account_info(key, scopes=[_SCOPE])
    except (KeyError, ValueError, TypeError, AttributeError, auth.GoogleAuthError):
        # The library's own words may quote the key.
        raise _bad_key() from None


def _bad_key() -> ActionError:
    message = "The action's 'gcs-key' is not a service-account key: deploy it with the JSON file that Google made."
    return ActionError(Problem.BAD_KEY, message)


def find_own_identity(scope: str) -> Credentials:
    """What Google's metadata server (or the machine's settings) says that this program is. Raises BAD_KEY."""
    try:
        return google.auth.default(scopes=[scope])[0]
    except auth.GoogleAuthError:
        message = "There is no 'gcs-key', and this machine has no identity of its own at Google: set one of the two."
        raise ActionError(Problem.BAD_KEY, message) from None
