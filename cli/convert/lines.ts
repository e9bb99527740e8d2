/** How lines of the reports look: files by what is said of them, and a bar. */
import { escapeControls } from '../terminal';

/** What is said of a file. */
export interface Remark {
  readonly file: string;
  readonly words: string;
}

/** A failure in words, with its code. */
export function explain({ error, code }: { readonly error?: string; readonly code?: string }): string {
  return `${error ?? ''}${code === undefined ? '' : ` (${code})`}`;
}

/** One line for each thing that is said, with all files that it is said of. @param before what is put between file and words */
export function groupRemarks(remarks: readonly Remark[], indent: string, before = ''): string[] {
  const files = new Map<string, string[]>();
  for (const { file, words } of remarks) files.set(words, [...(files.get(words) ?? []), escapeControls(file)]);
  return [...files].map(([words, names]) => `${indent}${names.join(', ')}: ${before}${escapeControls(words)}`);
}

/** What is said of photographs that could not be embedded as they are. @param all how many photographs there were */
export function listReencoded(remarks: readonly Remark[], all: number): string[] {
  if (remarks.length === 0) return [];
  if (all === 1) return groupRemarks(remarks, '', 'encoded again: ');
  const verb = remarks.length === 1 ? 'was' : 'were';
  return [
    `${remarks.length} ${verb} encoded again because the original could not be embedded:`,
    ...groupRemarks(remarks, '  '),
  ];
}

/** A bar, if there is room for one, and the words after it. @param columns of the terminal */
export function formatBar(done: number, total: number, words: string, columns: number): string {
  const length = Math.min(24, columns - words.length - 4);
  const filled = Math.floor((done / total) * length);
  return `${length > 5 ? `[${'#'.repeat(filled)}${'.'.repeat(length - filled)}] ` : ''}${words}`;
}
