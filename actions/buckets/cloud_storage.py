"""Google Cloud Storage as the actions need it: looking for an object, reading, writing and deleting it.

Transient failures are repeated by Google's library, within bounds that leave the activation time to answer.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import requests
from google.api_core import exceptions as api
from google.api_core.client_options import ClientOptions
from google.auth import exceptions as auth
from google.cloud import storage
from google.cloud.storage.retry import DEFAULT_RETRY

from buckets.access import make_credentials
from buckets.downloads import read_in_large_pieces
from buckets.endpoints import GOOGLE
from buckets.failures import explain_failures
from pdfmagic.errors import ActionError, Problem

#: A JPEG of 50 million pixels has some 25 MB; the temporary disk of an action is small.
MAX_OBJECT_BYTES = 128 * 1024 * 1024
#: Seconds: to connect and between two bytes; and for all attempts of one call.
TIMEOUT = (5, 15)
RETRY = DEFAULT_RETRY.with_timeout(8)
#: Bytes of an upload that are sent at a time, and kept in memory until then: a multiple of 256 KiB.
_PIECE = 8 * 1024 * 1024
#: As TIMEOUT and RETRY: the storage may take long to answer the last piece of a large object.
_PIECE_TIMEOUT = (5, 45)
_PIECE_RETRY = DEFAULT_RETRY.with_timeout(45)


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
            options = ClientOptions(api_endpoint=endpoint or GOOGLE)
            project = key.get("project_id") if key and isinstance(key.get("project_id"), str) else "none"
            credentials = make_credentials(key, endpoint)
            client = storage.Client(project=project, credentials=credentials, client_options=options)
            # As in the examples of Google that set the size of its pool.
            read_in_large_pieces(client._http)
            cls._latest = (identity, cls(client))
        return cls._latest[1]

    def find(self, bucket: str, name: str) -> Stored | None:
        """What is known of an object; None if there is none, or no bucket."""
        with explain_failures(f"looking into the bucket {bucket!r}"):
            blob = self._client.bucket(bucket).get_blob(name, timeout=TIMEOUT, retry=RETRY)
        return None if blob is None else Stored(int(blob.generation or 0), int(blob.size or 0), blob.metadata or {})

    def find_newest(self, bucket: str, name: str) -> int:
        """The generation of an object. Raises NO_SUCH_BUCKET, NO_SUCH_OBJECT."""
        found = self.find(bucket, name)
        if found is None:
            raise self._not_found(bucket, name, "")
        return found.generation

    def download(self, bucket: str, name: str, generation: int | None, target: Path) -> None:
        """Streams that generation of an object, or the newest, to a file.

        Raises NO_SUCH_BUCKET, NO_SUCH_OBJECT, TOO_LARGE.
        """
        blob = self._client.bucket(bucket).blob(name, generation=generation)
        try:
            with explain_failures(f"reading from the bucket {bucket!r}"), target.open("wb") as file:
                blob.download_to_file(_Bounded(file), timeout=TIMEOUT, retry=RETRY)
        except api.NotFound as error:
            raise self._not_found(bucket, name, str(error)) from None

    def read(self, bucket: str, name: str, stored: Stored) -> bytes | None:
        """The content of a small object as it was found; None if it is gone or another by now."""
        blob = self._client.bucket(bucket).blob(name, generation=stored.generation)
        with contextlib.suppress(api.NotFound), explain_failures(f"reading from the bucket {bucket!r}"):
            return blob.download_as_bytes(timeout=TIMEOUT, retry=RETRY)
        return None

    def upload(self, bucket: str, name: str, content: Content, replaces: int) -> None:
        """Writes an object, whole or not at all.

        `replaces` is the generation that it may replace, 0 for none. Raises ChangedError if another is there.
        """
        blob = self._client.bucket(bucket).blob(name)
        blob.metadata = content.metadata
        options = {"content_type": content.type, "if_generation_match": replaces}
        try:
            with explain_failures(f"writing to the bucket {bucket!r}"):
                blob.upload_from_filename(str(content.file), timeout=TIMEOUT, retry=RETRY, **options)
        except api.PreconditionFailed:
            raise ChangedError(name) from None
        except api.NotFound:
            raise _no_out_bucket(bucket) from None

    @contextlib.contextmanager
    def open_upload(
        self, bucket: str, name: str, kind: str, metadata: dict[str, str], replaces: int
    ) -> Iterator[BinaryIO]:
        """Something to write an object to, piece by piece. It appears when the block ends, and never if that fails.

        `kind` is its content type, `replaces` the generation that it may replace, 0 for none. Raises ChangedError if
        another is there.
        """
        blob = self._client.bucket(bucket).blob(name)
        blob.metadata = metadata
        options = {
            "content_type": kind,
            "if_generation_match": replaces,
            "timeout": _PIECE_TIMEOUT,
            "retry": _PIECE_RETRY,
        }
        writer = blob.open("wb", chunk_size=_PIECE, ignore_flush=True, **options)
        target = _Explained(writer, f"writing to the bucket {bucket!r}")
        try:
            yield target
            target.close()
        except api.PreconditionFailed:
            raise ChangedError(name) from None
        except api.NotFound:
            raise _no_out_bucket(bucket) from None
        finally:
            # Of what was not finished nothing stays; the storage forgets it by itself, should that fail.
            if not writer.closed:
                with contextlib.suppress(Exception):
                    writer.terminate()

    def remove(self, bucket: str, name: str, generation: int) -> None:
        """Deletes an object, if it is still that generation."""
        blob = self._client.bucket(bucket).blob(name)
        with contextlib.suppress(api.NotFound, api.PreconditionFailed), explain_failures(f"deleting from {bucket!r}"):
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


def _no_out_bucket(bucket: str) -> ActionError:
    message = f"The bucket for PDFs, {bucket!r}, does not exist: the deployment has to create it."
    return ActionError(Problem.STORAGE_FAILED, message)


class _Explained:
    """A file whose failures are told in our own terms."""

    def __init__(self, file: BinaryIO, doing: str) -> None:
        self._file = file
        self._doing = doing

    def write(self, data: bytes) -> int:
        with explain_failures(self._doing):
            return self._file.write(data)

    def close(self) -> None:
        with explain_failures(self._doing):
            self._file.close()


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
