"""Runs a program on a terminal of its own: terminal.py COLUMNS WAIT_FOR MILLISECONDS ANSWER PROGRAM ARGUMENT...

Types ANSWER so long after the screen first shows WAIT_FOR, then shows all that was on the screen, and ends as the program ended.
"""

import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time

columns, expected, delay, answer, *command = sys.argv[1:]
pid, screen = pty.fork()
if pid == 0:
    # Before the program can look.
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 40, int(columns), 0, 0))
    os.execvp(command[0], command)
shown, due = b"", None
typed = expected == ""
while True:
    if select.select([screen], [], [], 0.02)[0]:
        try:
            chunk = os.read(screen, 65536)
        except OSError:  # the program has closed its terminal
            break
        if not chunk:
            break
        shown += chunk
    if due is None and not typed and expected.encode() in shown:
        due = time.monotonic() + int(delay) / 1000
    if due is not None and not typed and time.monotonic() >= due:
        os.write(screen, answer.encode())
        typed = True
sys.stdout.buffer.write(shown)
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
