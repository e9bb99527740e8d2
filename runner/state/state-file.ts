/** Keeps the state of a stack in `STACK.json` in the state folder: secrets encrypted, each provider's source once. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { hasCode } from '../../ground/errors';
import type { Json, JsonObject } from '../../ground/json';
import { replaceFile } from './files';
import { Sealer } from './seal';
import { emptyState, type ResourceState, type StackState } from './stack-state';

const VERSION = 1;

const json: z.ZodType<Json> = z.json();
const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), json);
const strings = z.array(z.string());

const resource = z.strictObject({
  urn: z.string(),
  id: z.string(),
  /** Key into `providers`. */
  provider: z.string(),
  inputs: jsonObject,
  outputs: jsonObject,
  parent: z.string().exactOptional(),
  dependencies: strings.default([]),
  propertyDependencies: z.record(z.string(), strings).default({}),
  additionalSecretOutputs: strings.default([]),
  protect: z.boolean().exactOptional(),
  retainOnDelete: z.boolean().exactOptional(),
  deletedWith: z.string().exactOptional(),
  initErrors: strings.default([]),
  unsettled: z.enum(['update', 'delete']).exactOptional(),
  replaced: z.boolean().exactOptional(),
});

const stateFile = z.strictObject({
  version: z.literal(VERSION),
  project: z.string(),
  stack: z.string(),
  resources: z.array(resource),
  interruptedCreates: z.array(resource),
  providers: z.record(z.string(), json),
  outputs: jsonObject,
});

/** A state file, read; changes of `state` are kept by `save`. */
export class StateFile {
  private readonly sealer: Sealer;
  private written: string | undefined;

  private constructor(
    readonly file: string,
    readonly state: StackState,
    sealer: Sealer,
    written: string | undefined,
  ) {
    this.sealer = sealer;
    this.written = written;
  }

  /**
   * Reads the state of a stack; an empty one when there is none yet.
   * @throws Error when the file is damaged, belongs to another project, or the key of its secrets is missing
   */
  static read(folder: string, project: string, stack: string): StateFile {
    const file = path.join(folder, `${stack}.json`);
    const text = readIfPresent(file);
    const sealer = new Sealer(folder);
    if (text === undefined) return new StateFile(file, emptyState(project, stack), sealer, undefined);
    const state = decode(file, text, sealer);
    if (state.project !== project) {
      throw new Error(`${file} is the state of project ${state.project}, not of ${project}. Use another state folder.`);
    }
    return new StateFile(file, state, sealer, text);
  }

  /** Names of the stacks that have a state in a folder; none if there is no such folder. */
  static names(folder: string): string[] {
    try {
      return readdirSync(folder).flatMap((name) => /^(.+)\.json$/.exec(name)?.[1] ?? []);
    } catch (error) {
      if (hasCode(error, 'ENOENT', 'ENOTDIR')) return [];
      throw error;
    }
  }

  /** Writes the state if it has changed; it is on disk when this returns. */
  save(): void {
    const text = this.encode();
    if (text === this.written) return;
    mkdirSync(path.dirname(this.file), { recursive: true, mode: 0o700 });
    replaceFile(this.file, text);
    this.written = text;
  }

  private encode(): string {
    const { project, stack, resources, interruptedCreates, outputs } = this.state;
    const providers: Record<string, Json> = {};
    const encode = (entry: ResourceState) => {
      const name = providerName(entry.provider);
      providers[name] = entry.provider;
      return inOrder({ ...entry, provider: name });
    };
    const plain = {
      version: VERSION,
      project,
      stack,
      resources: resources.map(encode),
      interruptedCreates: interruptedCreates.map(encode),
      providers,
      outputs,
    };
    return `${JSON.stringify(this.sealer.seal(plain as unknown as Json), null, 1)}\n`;
  }
}

function decode(file: string, text: string, sealer: Sealer): StackState {
  const parsed = stateFile.safeParse(parse(text));
  if (!parsed.success) {
    throw new Error(
      `${file} is not a state that this version can read (${z.prettifyError(parsed.error).split('\n')[0]}). Nothing was ` +
        'changed. Restore the file from a copy. To start over, first delete by hand what is deployed, then the file.',
    );
  }
  const { project, stack } = parsed.data;
  const providers = sealer.open(parsed.data.providers) as JsonObject;
  const decodeEntry = (entry: z.infer<typeof resource>): ResourceState => {
    const provider = providers[entry.provider] ?? '';
    return { ...entry, provider, inputs: open(sealer, entry.inputs), outputs: open(sealer, entry.outputs) };
  };
  return {
    project,
    stack,
    resources: parsed.data.resources.map(decodeEntry),
    interruptedCreates: parsed.data.interruptedCreates.map(decodeEntry),
    outputs: open(sealer, parsed.data.outputs),
  };
}

function open(sealer: Sealer, value: JsonObject): JsonObject {
  return sealer.open(value) as JsonObject;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function providerName(source: Json): string {
  return createHash('sha256').update(JSON.stringify(source)).digest('hex').slice(0, 16);
}

/** In the order of the schema, so that equal states are equal files; without empty lists and maps, which the reader adds. */
function inOrder(entry: Readonly<Record<string, unknown>>): object {
  const kept = ['inputs', 'outputs'];
  const keys = Object.keys(resource.shape).filter((key) => {
    const value = entry[key];
    if (value === undefined) return false;
    return kept.includes(key) || typeof value !== 'object' || Object.keys(value as object).length > 0;
  });
  return Object.fromEntries(keys.map((key) => [key, entry[key]]));
}

function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
