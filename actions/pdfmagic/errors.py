"""The closed set of ways in which a conversion can fail, as results for the caller.

Every failure that PDFMagic knows is one `Problem`: a stable code for programs and the HTTP status of a web action. The
message of an `ActionError` is for people: what was found, and what to do. No other exception reaches a caller: see
`results.py`.
"""

from __future__ import annotations

from enum import Enum


class Problem(Enum):
    """Code and HTTP status. 4xx: the caller can fix it; 502: the service behind the action has to be fixed."""

    MISSING_PARAMETER = ("missing-parameter", 400)
    BAD_PARAMETER = ("bad-parameter", 400)
    EMPTY_BODY = ("empty-body", 400)
    BAD_BASE64 = ("bad-base64", 400)
    OTHER_ORIGIN = ("other-origin", 403)
    NO_SUCH_BUCKET = ("no-such-bucket", 404)
    NO_SUCH_OBJECT = ("no-such-object", 404)
    NO_SUCH_PATH = ("no-such-path", 404)
    NOT_ACCEPTABLE = ("not-acceptable", 406)
    NAME_TAKEN = ("name-taken", 409)
    TOO_LARGE = ("too-large", 413)
    TOO_MANY_PIXELS = ("too-many-pixels", 413)
    NOT_A_JPEG = ("not-a-jpeg", 422)
    TRUNCATED_JPEG = ("truncated-jpeg", 422)
    CORRUPT_JPEG = ("corrupt-jpeg", 422)
    UNSUPPORTED_JPEG = ("unsupported-jpeg", 422)
    TOO_SLOW = ("too-slow", 422)
    CONVERTER_FAILED = ("converter-failed", 502)
    BAD_KEY = ("bad-key", 502)
    NO_PERMISSION = ("no-permission", 502)
    STORAGE_FAILED = ("storage-failed", 502)
    INTERNAL_ERROR = ("internal-error", 502)

    def __init__(self, code: str, status: int) -> None:
        self.code = code
        self.status = status

    @property
    def may_pass(self) -> bool:
        """Whether the same file may do at another time. A bucket that is not there may be away for a moment."""
        return self.status >= 500 or self is Problem.NO_SUCH_BUCKET


def status_of(code: str) -> int:
    """The HTTP status of a problem by its code; 502 for an unknown code."""
    return next((problem.status for problem in Problem if problem.code == code), 502)


class ActionError(Exception):
    """A failure that the caller is told about.

    `message` never carries a credential, an image byte or a path of the machine. `name` is that of the photograph it is
    about, where there are several.
    """

    def __init__(self, problem: Problem, message: str, name: str | None = None) -> None:
        super().__init__(message)
        self.problem = problem
        self.message = message
        self.name = name
