"""Runs one program through delegator.py: no shell, a real time-out, and nothing left running.

As it stands delegator.py 0.1.1 fits neither way: its blocking mode hands every command to a shell (a list even loses
its arguments there) and knows no time-out, the other mode goes through pexpect, which polls. Both follow from the
arguments it gives to `subprocess.Popen`, so this module replaces exactly those and waits in delegator's own blocking
way.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Sequence
from typing import NamedTuple

import delegator


class Finished(NamedTuple):
    """How a program ended: its exit status (negative: minus the signal), and what it wrote to stderr."""

    return_code: int
    messages: str


class _Command(delegator.Command):
    """A delegator command run directly, in a session of its own, with nothing to read."""

    def __init__(self, arguments: list[str], environment: dict[str, str]) -> None:
        super().__init__(arguments)
        self._environment = environment

    @property
    def _default_popen_kwargs(self) -> dict[str, object]:
        return {
            "env": self._environment,
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.DEVNULL,
            "stderr": subprocess.PIPE,
            "shell": False,
            "start_new_session": True,
        }

    def kill_group(self) -> None:
        """Kills the program and all it started. Until `block` has reaped it, its number cannot be another's."""
        if self.subprocess.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)


def run(arguments: Sequence[str], *, seconds: float, directory: str, environment: dict[str, str]) -> Finished | None:
    """Runs `arguments` in `directory` to its end; None if it had to be killed after `seconds`.

    The first argument is an absolute path. `environment` is added to the action's own without the `__OW_` variables,
    which may hold the API key. Raises FileNotFoundError or PermissionError if the program cannot be started.
    """
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("__OW_")}
    command = _Command(list(arguments), {**inherited, **environment})
    command.run(block=True, binary=True, cwd=directory)
    late = threading.Event()

    def end() -> None:
        late.set()
        command.kill_group()

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    try:
        timer.start()
        command.block()
    finally:
        timer.cancel()
        command.kill_group()
    if late.is_set():
        return None
    return Finished(command.return_code, (command.err or b"").decode("utf-8", "replace"))
