"""The settings of the service, from its environment; `cloudrun/README.md` lists them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from buckets.deployment import OWN_IDENTITY

_SERVES = {"all": ("api", "events"), "api": ("api",), "events": ("events",)}


class SettingsError(Exception):
    """A variable that is missing or of no use, in words for whoever deploys the service."""


class Settings(NamedTuple):
    """What the service is told."""

    #: Those of v2 (`actions/settings.json`).
    deployed: dict[str, Any]
    #: Of `api` and `events`.
    serves: tuple[str, ...]


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Reads the variables. Raises SettingsError."""
    out_bucket = environment.get("OUT_BUCKET")
    if not out_bucket:
        raise SettingsError("OUT_BUCKET is not set: name the bucket that PDFs go to.")
    serves = environment.get("SERVES") or "all"
    if serves not in _SERVES:
        raise SettingsError(f"SERVES is {serves!r}: it must be one of {', '.join(_SERVES)}.")
    deployed = {
        "out-bucket": out_bucket,
        "gcs-key": environment.get("GCS_KEY") or OWN_IDENTITY,
        "gcs-endpoint": environment.get("GCS_ENDPOINT") or "",
    }
    return Settings(deployed, _SERVES[serves])
