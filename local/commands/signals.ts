/** Waiting for somebody to end a program that serves. */

/**
 * Resolves at the first SIGINT (Ctrl-C), SIGTERM or SIGHUP. A second signal does not cut a clean end short, since
 * `npm` and the terminal both pass on the same Ctrl-C.
 */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
}
