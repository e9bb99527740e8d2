/** Events of a run as lines for people. */
import type { Operation, StackEvent, StackResult } from './contract';

const SIGN: Readonly<Record<Operation, string>> = {
  same: ' ',
  create: '+',
  update: '~',
  replace: '±',
  delete: '-',
  read: '?',
  changed: '~',
  gone: '-',
};

const WORDS: Readonly<Record<Operation, { planned: string; started: string; done: string }>> = {
  same: { planned: 'unchanged', started: 'unchanged', done: 'unchanged' },
  create: { planned: 'will be created', started: 'is being created', done: 'created' },
  update: { planned: 'will be updated', started: 'is being updated', done: 'updated' },
  replace: { planned: 'will be replaced', started: 'is being replaced', done: 'replaced' },
  delete: { planned: 'will be deleted', started: 'is being deleted', done: 'deleted' },
  read: { planned: 'will be read', started: 'is being read', done: 'read' },
  changed: { planned: 'has changed', started: 'has changed', done: 'has changed' },
  gone: { planned: 'is gone', started: 'is gone', done: 'is gone' },
};

/** One line of an event, e.g. `+ openwhisk:Action v1 created`. */
export function formatEvent(event: StackEvent): string {
  if (event.kind === 'log') return event.severity === 'warning' ? `! ${event.text}` : `  ${event.text}`;
  const { operation, status, type, name, message, properties } = event;
  const what = `${type} ${name}`;
  if (status === 'failed') return `x ${what} failed: ${message ?? ''}`;
  if (status === 'skipped') return `  ${what} skipped: ${message ?? ''}`;
  const why = properties === undefined || properties.length === 0 ? '' : ` (${properties.join(', ')})`;
  return `${SIGN[operation]} ${what} ${WORDS[operation][status]}${why}`;
}

/** The operations of a summary in their order, each in words behind its number. */
const SUMMARY: readonly (readonly [operation: Operation, done: string, planned: string])[] = [
  ['create', 'created', 'to create'],
  ['update', 'updated', 'to update'],
  ['replace', 'replaced', 'to replace'],
  ['delete', 'deleted', 'to delete'],
  ['changed', 'changed', 'changed'],
  ['gone', 'gone', 'gone'],
  ['same', 'unchanged', 'unchanged'],
];

/**
 * What a run did in one line, e.g. `2 created, 1 updated, 9 unchanged`.
 * @param planned the run was a preview: `2 to create, 1 to update, 9 unchanged`
 */
export function formatSummary({ changes }: StackResult, planned = false): string {
  const parts = SUMMARY.flatMap(([operation, done, toDo]) => {
    const count = changes[operation] ?? 0;
    return count === 0 ? [] : [`${count} ${planned ? toDo : done}`];
  });
  return parts.length === 0 ? 'nothing to do' : parts.join(', ');
}
