/** Somebody ends a program: Ctrl-C, `kill`, a closed terminal. */

/**
 * Is aborted by the first SIGINT (Ctrl-C), SIGTERM or SIGHUP; from now on these end nothing by themselves. A second signal
 * does not cut a clean end short, since `npm` and the terminal both pass on the same Ctrl-C.
 */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => controller.abort());
  return controller.signal;
}

/** Resolves when `signal` is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
