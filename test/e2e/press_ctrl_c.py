"""Runs a command on a pseudo-terminal, and presses Ctrl-C so many milliseconds after it has printed a text.

usage: press_ctrl_c.py TEXT MILLISECONDS COMMAND...; prints what the terminal shows and ends with the command's exit code.
"""

import os
import pty
import select
import sys
import time

text, delay, command = sys.argv[1].encode(), float(sys.argv[2]) / 1000, sys.argv[3:]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(command[0], command)
shown, seen, pressed = b"", None, False
while True:
    if select.select([terminal], [], [], 0.02)[0]:
        try:
            chunk = os.read(terminal, 65536)
        except OSError:  # the command has closed its terminal
            break
        if not chunk:
            break
        shown += chunk
    if seen is None and text in shown:
        seen = time.monotonic()
    if seen is not None and not pressed and time.monotonic() - seen >= delay:
        os.write(terminal, b"\x03")
        pressed = True
sys.stdout.write(shown.decode(errors="replace"))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
