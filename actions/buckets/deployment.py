"""Parameters that the deployer of an action gives: buckets, keys, the storage's address. No body counts.

Raises ActionError with problems of the deployment (HTTP status 502): the caller of an action cannot mend them.
"""

from __future__ import annotations

import json
from typing import Any

from pdfmagic.errors import ActionError, Problem
from pdfmagic.results import Json, decode_base64

#: In place of a key: the identity of the machine, which Google gives to it (Cloud Run).
OWN_IDENTITY = "application-default"


def bucket_of(args: Json, parameter: str) -> str:
    """The name of a bucket. Raises STORAGE_FAILED if it is not given."""
    bucket = args.get(parameter)
    if not isinstance(bucket, str) or not bucket:
        raise ActionError(Problem.STORAGE_FAILED, f"The action was deployed without the parameter '{parameter}'.")
    return bucket


def key_of(args: Json, parameter: str = "gcs-key") -> dict[str, Any] | None:
    """A service-account key, or None for the machine's own identity. Raises BAD_KEY.

    It is given as an object, as its JSON text, or as base64 of that (Google's API answers so).
    """
    value = args.get(parameter)
    if value == OWN_IDENTITY:
        return None
    key = _json_object(value) if isinstance(value, str) and value else value
    if not isinstance(key, dict) or not key:
        raise ActionError(
            Problem.BAD_KEY,
            f"The action was deployed with no usable '{parameter}': give a service account's key as JSON.",
        )
    return key


def endpoint_of(args: Json) -> str | None:
    """Base URL of an emulator or of a private endpoint; None for Google's own. Raises STORAGE_FAILED."""
    endpoint = args.get("gcs-endpoint")
    if endpoint is None or endpoint == "":
        return None
    if not isinstance(endpoint, str) or not endpoint.startswith(("http://", "https://")):
        raise ActionError(
            Problem.STORAGE_FAILED, "The parameter 'gcs-endpoint' of the deployment is not an HTTP(S) URL."
        )
    return endpoint.rstrip("/")


def _json_object(text: str) -> object:
    try:
        return json.loads(text if text.lstrip().startswith("{") else decode_base64(text, "The key"))
    except (ActionError, ValueError, RecursionError):
        return None
