/** Turns what the program and the providers print into events, line by line and without secrets. */

/** What `pulumi.log` puts before a line when there is no engine to take it. */
const RUNTIME_PREFIX = /^(info|warning|error): \[runtime\] /;

/**
 * Sends all further output of this process to `emit`. @returns a function that sends the last, unfinished lines, and nothing any
 * more: what the SDK prints as the process exits (its count of promises, runtime/debuggable.ts) is about its own insides
 */
export function captureOutput(emit: (severity: 'info' | 'warning', line: string) => void): () => void {
  const flushes = [captureStream(process.stdout, 'info', emit), captureStream(process.stderr, 'warning', emit)];
  return () => {
    for (const flush of flushes) flush();
  };
}

function captureStream(
  stream: NodeJS.WriteStream,
  severity: 'info' | 'warning',
  emit: (severity: 'info' | 'warning', line: string) => void,
): () => void {
  let rest = '';
  let ended = false;
  const take = (text: string): void => {
    if (ended) return;
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) emit(severity, line.replace(RUNTIME_PREFIX, ''));
  };
  const write = (chunk: string | Uint8Array, ...others: unknown[]): boolean => {
    take(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'));
    const callback = others.at(-1);
    if (typeof callback === 'function') process.nextTick(callback);
    return true;
  };
  stream.write = write;
  return () => {
    if (rest !== '') emit(severity, rest);
    ended = true;
  };
}
