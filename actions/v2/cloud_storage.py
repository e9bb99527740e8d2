"""Google Cloud Storage as v2 needs it: an object to a file, a file to an object, and failures in PDFMagic's own terms.

Over plain HTTP, that is to an emulator, no token of a real key is sent: it must not travel in clear. Transient failures
are repeated by Google's library, within bounds that leave the activation time to answer.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import google.auth
import requests
from google.api_core import exceptions as api
from google.api_core.client_options import ClientOptions
from google.auth import exceptions as auth
from google.auth.credentials import AnonymousCredentials, Credentials
from google.cloud import storage
from google.cloud.storage.retry import DEFAULT_RETRY
from google.oauth2 import service_account

from pdfmagic.errors import ActionError, Problem

#: A JPEG of 50 million pixels has some 25 MB; the temporary disk of an action is small.
MAX_OBJECT_BYTES = 128 * 1024 * 1024
#: Seconds: to connect and between two bytes; and for all attempts of one call.
TIMEOUT = (5, 15)
RETRY = DEFAULT_RETRY.with_timeout(8)

_SCOPE = "https://www.googleapis.com/auth/devstorage.read_write"


class Stored(NamedTuple):
    """An object as it is listed."""

    generation: int
    #: Bytes.
    size: int
    #: What was written beside it, by name (custom metadata).
    metadata: dict[str, str]


class Content(NamedTuple):
    """What is written as an object."""

    file: Path
    type: str
    #: Custom metadata.
    metadata: dict[str, str]


class ChangedError(Exception):
    """The object to be written is not, or no more, of the generation that was expected."""


class Storage:
    """A connection with one key. Warm activations reuse it, with its token and its open sockets."""

    _latest: tuple[str, Storage] | None = None

    def __init__(self, client: storage.Client) -> None:
        self._client = client

    @classmethod
    def connect(cls, key: dict[str, Any] | None, endpoint: str | None) -> Storage:
        """The connection for a key (None: the machine's identity) and endpoint (None: Google's own).

        Raises BAD_KEY; nothing is sent yet.
        """
        identity = hashlib.sha256(json.dumps([key, endpoint], sort_keys=True).encode()).hexdigest()
        if cls._latest is None or cls._latest[0] != identity:
            options = ClientOptions(api_endpoint=endpoint or "https://storage.googleapis.com")
            project = key.get("project_id") if key and isinstance(key.get("project_id"), str) else "none"
            client = storage.Client(project=project, credentials=_credentials(key, endpoint), client_options=options)
            cls._latest = (identity, cls(client))
        return cls._latest[1]

    def find(self, bucket: str, name: str) -> Stored | None:
        """What is known of an object; None if there is none, or no bucket."""
        with _failures(f"looking into the bucket {bucket!r}"):
            blob = self._client.bucket(bucket).get_blob(name, timeout=TIMEOUT, retry=RETRY)
        return None if blob is None else Stored(int(blob.generation or 0), int(blob.size or 0), blob.metadata or {})

    def newest(self, bucket: str, name: str) -> int:
        """The generation of an object. Raises NO_SUCH_BUCKET, NO_SUCH_OBJECT."""
        found = self.find(bucket, name)
        if found is None:
            raise self._not_found(bucket, name, "")
        return found.generation

    def download(self, bucket: str, name: str, generation: int, target: Path) -> None:
        """Streams that generation of an object to a file. Raises NO_SUCH_BUCKET, NO_SUCH_OBJECT, TOO_LARGE."""
        blob = self._client.bucket(bucket).blob(name, generation=generation)
        try:
            with _failures(f"reading from the bucket {bucket!r}"), target.open("wb") as file:
                blob.download_to_file(_Bounded(file), timeout=TIMEOUT, retry=RETRY)
        except api.NotFound as error:
            raise self._not_found(bucket, name, str(error)) from None

    def upload(self, bucket: str, name: str, content: Content, replaces: int) -> None:
        """Writes an object, whole or not at all.

        `replaces` is the generation that it may replace, 0 for none. Raises ChangedError if another is there.
        """
        blob = self._client.bucket(bucket).blob(name)
        blob.metadata = content.metadata
        options = {"content_type": content.type, "if_generation_match": replaces}
        try:
            with _failures(f"writing to the bucket {bucket!r}"):
                blob.upload_from_filename(str(content.file), timeout=TIMEOUT, retry=RETRY, **options)
        except api.PreconditionFailed:
            raise ChangedError(name) from None
        except api.NotFound:
            message = f"The bucket for PDFs, {bucket!r}, does not exist: the deployment has to create it."
            raise ActionError(Problem.STORAGE_FAILED, message) from None

    def remove(self, bucket: str, name: str, generation: int) -> None:
        """Deletes an object, if it is still that generation."""
        blob = self._client.bucket(bucket).blob(name)
        with contextlib.suppress(api.NotFound, api.PreconditionFailed), _failures(f"deleting from {bucket!r}"):
            blob.delete(if_generation_match=generation, timeout=TIMEOUT, retry=RETRY)

    def _not_found(self, bucket: str, name: str, said: str) -> ActionError:
        """Google says which of the two is missing; an emulator may not, and a key may lack the right to ask."""
        missing = "bucket does not exist" in said
        if not missing:
            try:
                missing = not self._client.bucket(bucket).exists(timeout=TIMEOUT, retry=None)
            except (api.GoogleAPICallError, auth.GoogleAuthError, requests.RequestException):
                missing = False
        if missing:
            return ActionError(Problem.NO_SUCH_BUCKET, f"There is no bucket {bucket!r}.")
        shown = name if len(name) <= 200 else f"{name[:200]}..."
        return ActionError(Problem.NO_SUCH_OBJECT, f"There is no object {shown!r} in the bucket {bucket!r}.")


class _Bounded:
    """A file that refuses to grow above the bound: an object's size says little, it may be stored compressed."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._written = 0

    def write(self, data: bytes) -> int:
        self._written += len(data)
        if self._written > MAX_OBJECT_BYTES:
            raise ActionError(
                Problem.TOO_LARGE, f"The object is larger than {MAX_OBJECT_BYTES // 2**20} MiB. Store a smaller JPEG."
            )
        return self._file.write(data)

    def tell(self) -> int:
        return self._file.tell()

    def seek(self, offset: int, whence: int = 0) -> int:
        self._written = self._file.seek(offset, whence)
        return self._written

    def truncate(self, size: int | None = None) -> int:
        return self._file.truncate(size)

    def flush(self) -> None:
        self._file.flush()


def _credentials(key: dict[str, Any] | None, endpoint: str | None) -> Credentials:
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


@contextlib.contextmanager
def _failures(doing: str) -> Iterator[None]:
    """Turns what Google's libraries raise into an ActionError; what the callers tell apart is left to them."""
    try:
        yield
    except (api.NotFound, api.PreconditionFailed):
        raise
    except api.Forbidden:
        problem, reason = Problem.NO_PERMISSION, "the action's key has no permission for it"
    except (api.Unauthorized, auth.RefreshError):
        problem, reason = Problem.BAD_KEY, "the action's key was refused; it may have been deleted or disabled"
    except api.GoogleAPICallError as error:
        problem, reason = Problem.STORAGE_FAILED, f"the storage answered with HTTP status {error.code}"
    except (api.RetryError, auth.TransportError, requests.RequestException) as error:
        problem, reason = Problem.STORAGE_FAILED, f"the storage cannot be reached ({type(error).__name__})"
    else:
        return
    raise ActionError(problem, f"Failed at {doing}: {reason}.") from None


def _is_secure(token_uri: str) -> bool:
    """An emulator's key has its tokens from an emulator, over plain HTTP."""
    return not token_uri.startswith("http://")
