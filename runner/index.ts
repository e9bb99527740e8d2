/**
 * Applies a Pulumi program without the Pulumi CLI: a thin runner of dynamic resources, and of nothing else. See README.md.
 *
 * @example
 * const result = await up({ projectDir: '.', project: 'pdfmagic', stack: 'local', stateDir: '.pdfmagic/stack', config });
 */
import type { Json } from '../ground/json';
import type { StackLocation, StackOptions, StackResult } from './contract';
import { launch } from './launch';
import { mask, reveal } from './state/properties';
import type { StackState } from './state/stack-state';
import { StateFile } from './state/state-file';

export type * from './contract';
export { StackError } from './contract';
export { formatEvent, formatSummary } from './format';

/** Says what `up` would do. Providers are asked to check, diff and read; nothing is changed, the state neither. */
export function preview(options: StackOptions): Promise<StackResult> {
  return launch('preview', options);
}

/** Brings what is there in line with the program. @throws StackError when something failed; `up` again goes on */
export function up(options: StackOptions): Promise<StackResult> {
  return launch('up', options);
}

/** Brings the state in line with what is there: finds what was changed or deleted behind the stack. */
export function refresh(options: StackOptions): Promise<StackResult> {
  return launch('refresh', options);
}

/** Deletes all that the state holds; the program is not run. */
export function destroy(options: StackOptions): Promise<StackResult> {
  return launch('destroy', options);
}

/** The stack's outputs as the last `up` left them; secrets as `[secret]` unless they are asked for. */
export function outputs(location: StackLocation, how: { readonly showSecrets?: boolean } = {}): Record<string, Json> {
  const show = how.showSecrets ? reveal : mask;
  return Object.fromEntries(Object.entries(readState(location).outputs).map(([key, value]) => [key, show(value)]));
}

/** Names of the stacks that have a state in `stateDir`, also of those that hold nothing any more. */
export function stackNames(stateDir: string): string[] {
  return StateFile.names(stateDir);
}

/** The state of a stack, secrets wrapped but readable: keep it in memory. Empty when nothing was deployed. */
export function readState({ stateDir, project, stack }: StackLocation): StackState {
  return StateFile.read(stateDir, project, stack).state;
}
