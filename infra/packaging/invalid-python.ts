/** Syntax errors of Python sources, found when a zip is made, not at its first invocation. */
import { PackagingError } from './errors';

/** Lines of sources that no interpreter takes, and the actions that they are part of. */
export class InvalidPython extends PackagingError {
  constructor(
    readonly actions: readonly string[],
    readonly version: string,
    readonly lines: readonly string[],
  ) {
    const these = lines.length === 1 ? 'this line' : 'these lines';
    const are = actions.length === 1 ? 'is' : 'are';
    super(`${actions.join(', ')} ${are} not valid Python ${version}. Correct ${these}:\n${lines.join('\n')}`);
  }
}

/** The same faults, each line once: a file that actions share is one fault, not one of each of them. */
export function mergeInvalid(faults: readonly InvalidPython[]): InvalidPython[] {
  const lines = new Set(faults.flatMap((fault) => fault.lines));
  const merged = new Map<string, InvalidPython>();
  for (const line of lines) {
    const having = faults.filter((fault) => fault.lines.includes(line));
    const actions = having.flatMap((fault) => fault.actions);
    const others = merged.get(actions.join())?.lines ?? [];
    merged.set(actions.join(), new InvalidPython(actions, having[0]?.version ?? '', [...others, line]));
  }
  return [...merged.values()];
}
