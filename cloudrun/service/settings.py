"""The settings of the service, from its environment; `cloudrun/README.md` lists them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from buckets.deployment import OWN_IDENTITY
from buckets.endpoints import GOOGLE, check_endpoint
from pdfmagic.errors import ActionError

_SERVES = {"all": ("api", "events"), "api": ("api",), "events": ("events",)}


class SettingsError(Exception):
    """A variable that is missing or of no use, in words for whoever deploys the service."""


class Settings(NamedTuple):
    """What the service is told."""

    #: Those of v2, upload and result (`actions/settings.json`).
    deployed: dict[str, Any]
    #: What is put into the page, by the name that stands for it there.
    page: dict[str, str]
    #: Whether the page's large photographs go by the buckets.
    signs: bool
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
    in_bucket, upload_key = environment.get("IN_BUCKET") or "", environment.get("UPLOAD_KEY") or ""
    if bool(in_bucket) != bool(upload_key):
        raise SettingsError("Of IN_BUCKET and UPLOAD_KEY only one is set: set both, or neither.")
    deployed = {
        "in-bucket": in_bucket,
        "out-bucket": out_bucket,
        "gcs-key": environment.get("GCS_KEY") or OWN_IDENTITY,
        "upload-key": upload_key,
        "gcs-endpoint": environment.get("GCS_ENDPOINT") or "",
        # Whoever names the in bucket has its new files sent to `/events`.
        "events": True,
    }
    return Settings(deployed, _read_page(environment, signs=bool(upload_key)), bool(upload_key), _SERVES[serves])


def _read_page(environment: Mapping[str, str], *, signs: bool) -> dict[str, str]:
    age = environment.get("OBJECT_AGE") or ""
    if age and not (age.isascii() and age.isdecimal()):
        raise SettingsError(f"OBJECT_AGE is {age!r}: it must be a whole number of days.")
    try:
        storage = check_endpoint(environment.get("GCS_ENDPOINT") or GOOGLE)
    except ActionError as error:
        raise SettingsError("GCS_ENDPOINT is not the URL of a storage: SCHEME://HOST[:PORT].") from error
    # As a word of the Content Security Policy, after others.
    asked = {"large": "bucket", "storage": f" {storage}"} if signs else {"large": "none", "storage": ""}
    return {"platform": "cloudrun", "kept": age, **asked}
