"""Failures of Google's libraries in PDFMagic's own terms."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import requests
from google.api_core import exceptions as api
from google.auth import exceptions as auth

from pdfmagic.errors import ActionError, Problem


@contextlib.contextmanager
def explain_failures(doing: str) -> Iterator[None]:
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
    raise ActionError(problem, f"Failed while {doing}: {reason}.") from None
