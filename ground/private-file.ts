/** Files that only their owner may read. */
import { chmodSync, renameSync, writeFileSync } from 'node:fs';

/** Writes a file of mode 0600 whole: a reader sees the old text or the new one. @throws Error of the file system */
export function writePrivateFile(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.new`;
  writeFileSync(temporary, text, { mode: 0o600 });
  // The umask may have taken rights, and a leftover may have more.
  chmodSync(temporary, 0o600);
  renameSync(temporary, file);
}
