/** Actions that take all they can: code in Python. Tests of the sandboxes use the same. */

/** Forks without end, each child in a session of its own. */
export const FORK_BOMB = `import os
def main(args):
    while True:
        try:
            if os.fork() == 0:
                os.setsid()
        except OSError:
            pass
`;

/** Takes memory without end. */
export const MEMORY_BOMB = 'def main(a):\n    x = []\n    while True:\n        x.append(bytearray(4_000_000))\n';

/** Writes a gigabyte of log, and goes on. */
export const LOG_FLOOD = `import os
def main(args):
    lines = (b"x" * 1023 + b"\\n") * 1024
    for n in range(1024):
        os.write(1, lines)
    return {"done": True}
`;

/** Ignores every signal that can be ignored, with a child that does so, too. @param mark seconds that only this one sleeps */
export const deafAction = (mark: number) => `import os, signal, time
def main(args):
    for each in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP, signal.SIGCHLD}:
        signal.signal(each, signal.SIG_IGN)
    if os.fork() == 0:
        os.setsid()
        os.execv("/bin/sleep", ["/bin/sleep", "${mark}"])
    while True:
        time.sleep(60)
`;
