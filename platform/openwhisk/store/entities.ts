/** Actions, packages, triggers and rules: held in memory, written through to the database. */
import { randomUUID } from 'node:crypto';
import { parseJson, writeJson } from '../../../ground/exact-json';
import { type Entity, type EntityType, idOf, isSequence } from '../entity/documents';
import type { CodeStore } from './code';
import { bytesOf, type Environment, type Table } from './environment';

/** Changes to entities that take effect together or not at all. */
export interface EntityChanges {
  readonly put?: readonly Entity[];
  /** Document ids. */
  readonly remove?: readonly string[];
  /** Code that a put action brings along, by its `codeId`. */
  readonly code?: ReadonlyMap<string, string>;
}

function codeIdOf(entity: Entity | undefined): string | undefined {
  return entity?.entityType === 'action' && !isSequence(entity.exec) ? entity.exec.codeId : undefined;
}

function compareNewestFirst(a: Entity, b: Entity): number {
  return b.updated - a.updated || b.sequence - a.sequence;
}

/** The table of entities, by document id. What is read comes from memory; `change` writes. */
export class EntityStore {
  private readonly table: Table<string>;
  private readonly entities = new Map<string, Entity>();
  private lastSequence = 0;

  constructor(
    private readonly environment: Environment,
    private readonly code: CodeStore,
  ) {
    this.table = environment.table('entities');
    for (const { key, value } of this.table.getRange()) {
      const entity = parseJson(value) as unknown as Entity;
      this.entities.set(key, entity);
      this.lastSequence = Math.max(this.lastSequence, entity.sequence);
    }
  }

  /** What a changed document carries: time and sequence. Never earlier than a time given before. */
  stamp(): { readonly updated: number; readonly sequence: number } {
    this.lastSequence += 1;
    return { updated: Date.now(), sequence: this.lastSequence };
  }

  /** A revision that no document had before. */
  makeRevision(): string {
    return randomUUID();
  }

  /** The entity of any type with this document id. */
  get(id: string): Entity | undefined {
    return this.entities.get(id);
  }

  /** All entities of a type in a namespace, in its packages too, or in one package: newest first. */
  list<T extends EntityType>(type: T, path: string): Extract<Entity, { entityType: T }>[] {
    const found: Extract<Entity, { entityType: T }>[] = [];
    for (const entity of this.entities.values()) {
      if (isOf(entity, type) && (entity.namespace === path || entity.namespace.startsWith(`${path}/`)))
        found.push(entity);
    }
    return found.sort(compareNewestFirst);
  }

  /** Document ids' code in use, for the code store to keep. */
  *codeIds(): Iterable<string> {
    for (const entity of this.entities.values()) {
      const id = codeIdOf(entity);
      if (id !== undefined) yield id;
    }
  }

  /**
   * Writes changes as one transaction, on the disk when this returns; memory follows only if that worked.
   * @throws StoreError when the database cannot be written
   */
  change({ put = [], remove = [], code }: EntityChanges): void {
    const before = [...put.map(idOf), ...remove].map((id) => codeIdOf(this.entities.get(id)));
    const kept = new Set(put.map(codeIdOf));
    const dropped = before.filter((id) => id !== undefined && !kept.has(id)) as string[];
    const texts = put.map((entity) => writeJson(entity));
    this.environment.write(
      () => {
        for (const [id, text] of code ?? []) this.code.put(id, text);
        for (const [at, entity] of put.entries()) this.table.put(idOf(entity), texts[at] ?? '');
        for (const id of remove) this.table.remove(id);
        for (const id of dropped) this.code.drop(id);
      },
      texts.length > 0 ? bytesOf([...texts, ...(code?.values() ?? [])]) : 'nothing',
    );
    for (const entity of put) this.entities.set(idOf(entity), entity);
    for (const id of remove) this.entities.delete(id);
  }
}

function isOf<T extends EntityType>(entity: Entity, type: T): entity is Extract<Entity, { entityType: T }> {
  return entity.entityType === type;
}
