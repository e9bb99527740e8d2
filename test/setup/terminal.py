"""Runs a program on a terminal of its own: terminal.py COLUMNS WAIT_FOR ANSWER PROGRAM ARGUMENT...

Types ANSWER as soon as the screen shows WAIT_FOR, then shows all that was on the screen, and ends as the program ended.
"""
import fcntl, os, pty, struct, sys, termios

columns, expected, answer, *command = sys.argv[1:]
pid, screen = pty.fork()
if pid == 0:
    os.execvp(command[0], command)
fcntl.ioctl(screen, termios.TIOCSWINSZ, struct.pack("HHHH", 40, int(columns), 0, 0))
shown = b""
while True:
    try:
        chunk = os.read(screen, 4096)
    except OSError:
        break
    if not chunk:
        break
    before, shown = shown, shown + chunk
    if expected.encode() in shown and expected.encode() not in before:
        os.write(screen, answer.encode())
sys.stdout.buffer.write(shown)
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
