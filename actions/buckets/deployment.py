"""What the deployer tells an action: buckets, keys, the storage's address. `actions/settings.json` lists it.

All of it is in the one parameter `settings`. The stack always gives it, and makes it final: OpenWhisk refuses whatever
request or event has a parameter of this name. No other parameter counts, nor a body, so there is nothing to forget.

Raises ActionError with problems of the deployment (HTTP status 502): the caller of an action cannot mend them.
"""

from __future__ import annotations

import json
from typing import Any

from buckets.endpoints import check_endpoint
from pdfmagic.errors import ActionError, Problem
from pdfmagic.results import decode_base64

#: In place of a key: the identity of the machine, which Google gives to it (Cloud Run).
OWN_IDENTITY = "application-default"


class Settings:
    """The settings of one action. Each has to be there: one that is missing is an error, never a default."""

    def __init__(self, settings: object) -> None:
        """Takes the parameter `settings`. Raises STORAGE_FAILED if it was deployed without any."""
        if not isinstance(settings, dict):
            raise ActionError(Problem.STORAGE_FAILED, "The action was deployed without the parameter 'settings'.")
        self._settings = settings

    def bucket(self, name: str) -> str:
        """The name of a bucket. Raises STORAGE_FAILED if it is not given."""
        bucket = self._value(name)
        if not isinstance(bucket, str) or not bucket:
            raise ActionError(
                Problem.STORAGE_FAILED, f"The setting '{name}' of the deployment is not the name of a bucket."
            )
        return bucket

    def key(self, name: str) -> dict[str, Any] | None:
        """A service-account key, or None for the machine's own identity. Raises BAD_KEY.

        It is given as an object, as its JSON text, or as base64 of that (Google's API answers so).
        """
        value = self._value(name)
        if value == OWN_IDENTITY:
            return None
        key = _parse_object(value) if isinstance(value, str) and value else value
        if not isinstance(key, dict) or not key:
            raise ActionError(
                Problem.BAD_KEY,
                f"The action was deployed without a usable '{name}': give a service account's key as JSON.",
            )
        return key

    def endpoint(self) -> str | None:
        """Base URL of an emulator or of a private endpoint; None for Google's own. Raises STORAGE_FAILED."""
        endpoint = self._value("gcs-endpoint")
        return None if endpoint == "" else check_endpoint(endpoint)

    def is_on(self, name: str) -> bool:
        """Whether that is `true`."""
        return self._value(name) is True

    def _value(self, name: str) -> object:
        if name not in self._settings:
            raise ActionError(Problem.STORAGE_FAILED, f"The action was deployed without the setting '{name}'.")
        return self._settings[name]


def _parse_object(text: str) -> object:
    try:
        return json.loads(text if text.lstrip().startswith("{") else decode_base64(text, "The key"))
    except (ActionError, ValueError, RecursionError):
        return None
