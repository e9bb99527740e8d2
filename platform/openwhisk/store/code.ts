/**
 * Code of actions, apart from their documents: lists and most reads never touch it. An accepted invocation runs the code
 * it was accepted for, so code stays until no entity has it and no invocation in flight holds it.
 */
import type { Environment, Table } from './environment';

/** The table of codes, by `codeId`, with counts of the invocations in flight that hold them. */
export class CodeStore {
  private readonly table: Table<string>;
  private readonly holds = new Map<string, number>();
  private readonly dropped = new Set<string>();

  constructor(private readonly environment: Environment) {
    this.table = environment.table('code');
  }

  /** Keeps code; to be called within a write. */
  put(id: string, text: string): void {
    this.table.put(id, text);
  }

  /** The code; empty for an id that is gone, which only an invocation that held nothing can ask for. */
  read(id: string): string {
    return this.table.get(id) ?? '';
  }

  /** Removes code that no entity has any more, at once or after its last hold; to be called within a write. */
  drop(id: string): void {
    if (this.holds.has(id)) this.dropped.add(id);
    else this.table.remove(id);
  }

  /** Keeps code from being removed until `release`. */
  hold(id: string): void {
    this.holds.set(id, (this.holds.get(id) ?? 0) + 1);
  }

  /** Ends one hold. */
  release(id: string): void {
    const left = (this.holds.get(id) ?? 1) - 1;
    if (left > 0) {
      this.holds.set(id, left);
      return;
    }
    this.holds.delete(id);
    if (!this.dropped.delete(id)) return;
    // A full disk, or a platform that stops: then the next start sweeps it away.
    this.environment.commit(() => void this.table.remove(id), 'nothing').catch(() => undefined);
  }

  /** Removes all code but the given and what is held: leftovers of a process that was killed. */
  sweep(inUse: Iterable<string>): void {
    const keep = new Set([...inUse, ...this.holds.keys()]);
    const gone = [...this.table.getKeys()].filter((id) => !keep.has(id));
    if (gone.length === 0) return;
    this.environment.write(() => {
      for (const id of gone) this.table.remove(id);
    }, 'nothing');
  }
}
