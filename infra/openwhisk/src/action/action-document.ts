import { hasUnknown } from '../dynamic/unknown';
import type { PropertyRules } from '../entity/entity-difference';
import { type EntityDocument, toKeyValues, toObject, withoutKeys } from '../entity/entity-document';
import { canonicalizePath, makeAbsolute } from '../entity/entity-path';
import { pickOwnParameters } from '../entity/inherited';
import { MARK, readMark, writeMark } from '../entity/mark';
import type { Json, JsonObject } from '../json';
import { isObject } from '../json';
import type { ActionInputs } from './action-inputs';
import { digestOfExec, type EncodedCode, hasDigest } from './code';

/** An action as OpenWhisk shows it. With `?code=false` there is no `exec.code`. */
export interface ActionDocument extends EntityDocument {
  readonly exec: {
    readonly kind: string;
    readonly code?: string;
    readonly binary?: boolean;
    readonly image?: string;
    readonly main?: string;
    readonly components?: readonly string[];
  };
  readonly limits: {
    readonly timeout: number;
    readonly memory: number;
    readonly logs: number;
    readonly concurrency?: number;
  };
}

/** OpenWhisk's defaults (`reference.conf`), sent with every PUT: a limit taken out of a program goes back to them. */
const LIMITS = { timeout: 60_000, memory: 256, logs: 10, concurrency: 1 } as const;

/** Annotations that inputs of their own, or OpenWhisk, write. */
const MANAGED = ['web-export', 'raw-http', 'final', 'require-whisk-auth', 'exec', MARK] as const;
const API_KEY = 'provide-api-key';

/** How actions are compared. `wsk` makes the parameters of a web action final, and so does this. */
export const actionProperties: PropertyRules = {
  name: { identity: true },
  package: { identity: true },
  code: { canonical: (value) => (isObject(value) && !hasUnknown(value) ? value.sha256 : value) },
  kind: {},
  image: {},
  main: {},
  components: {
    canonical: (value, { namespace }) =>
      Array.isArray(value) ? value.map((path) => canonicalizePath(path, namespace)) : value,
  },
  parameters: { canonical: (value) => value ?? {} },
  annotations: {
    canonical: (value) => (isObject(value) ? { [API_KEY]: false, ...value } : (value ?? { [API_KEY]: false })),
  },
  final: { canonical: (value, { web }) => value ?? (web !== undefined && web !== 'off') },
  web: { canonical: (value) => value ?? 'off' },
  webSecret: {},
  timeout: { canonical: (value) => value ?? LIMITS.timeout },
  memory: { canonical: (value) => value ?? LIMITS.memory },
  logs: { canonical: (value) => value ?? LIMITS.logs },
  concurrency: { canonical: (value) => value ?? LIMITS.concurrency },
  publish: { canonical: (value) => value ?? false },
  mark: {},
};

/** What decides whether `exec` must be sent again. */
export const EXEC_PROPERTIES = ['code', 'kind', 'image', 'main', 'components'];

/**
 * The body of a PUT. OpenWhisk keeps what a PUT leaves out and unites annotations, so everything is spelled out, and
 * annotations that must go are named in `delAnnotations` (recorded cases `action-put-merge`, `action-del-annotations`).
 *
 * @param exec Left out when the code is there already: a zip may have 36 MB.
 * @param existing The action as it is now, if it is.
 */
export function makeActionBody(inputs: ActionInputs, exec: object | undefined, existing?: ActionDocument): object {
  const annotations = annotationsOf(inputs);
  const gone = Object.keys(toObject(existing?.annotations)).filter((key) => !(key in annotations) && key !== 'exec');
  const { timeout, memory, logs, concurrency } = { ...LIMITS, ...inputs };
  return {
    ...(exec && { exec }),
    ...(inputs.components === undefined && { parameters: toKeyValues(inputs.parameters) }),
    annotations: toKeyValues(annotations),
    ...(gone.length > 0 && { delAnnotations: gone }),
    limits: { timeout, memory, logs, concurrency },
    publish: inputs.publish ?? false,
  };
}

/** The `exec` of a PUT. */
export function execOf(inputs: ActionInputs, code: EncodedCode | undefined): object {
  if (inputs.components !== undefined) {
    return { kind: 'sequence', components: inputs.components.map(makeAbsolute) };
  }
  const main = inputs.main === undefined ? {} : { main: inputs.main };
  const runtime = inputs.image === undefined ? { kind: inputs.kind } : { kind: 'blackbox', image: inputs.image };
  return { ...runtime, ...code, ...main };
}

/**
 * The inputs that describe an action as it is, in the words of `previous` where they mean the same.
 *
 * @param inherited Parameters of the action's package, which a GET shows merged in.
 */
export function actionInputsOf(
  document: ActionDocument,
  previous: ActionInputs,
  inherited: JsonObject,
): Omit<ActionInputs, 'connection' | 'adopt'> {
  const { exec, limits } = document;
  const annotations = toObject(document.annotations);
  const sequence = exec.kind === 'sequence';
  const secret = annotations['require-whisk-auth'];
  return {
    name: previous.name,
    ...(previous.package !== undefined && { package: previous.package }),
    ...codeOf(exec, previous),
    ...(exec.image !== undefined && { image: exec.image }),
    ...(exec.image === undefined && !sequence && { kind: keepKind(exec.kind, previous.kind) }),
    ...(exec.main !== undefined && exec.main !== '' && { main: exec.main }),
    ...(sequence && { components: exec.components ?? [] }),
    ...(!sequence && {
      parameters: pickOwnParameters(toObject(document.parameters), inherited, previous.parameters ?? {}),
    }),
    annotations: withoutKeys(annotations, ...MANAGED),
    ...readMark(document.annotations),
    final: annotations.final === true,
    web: webOf(annotations),
    ...(secret !== undefined && secret !== false && { webSecret: secret === true ? true : String(secret) }),
    ...limits,
    publish: document.publish ?? false,
  };
}

/** All annotations that an action should have, apart from `exec`. */
function annotationsOf(inputs: ActionInputs): JsonObject {
  const web = inputs.web ?? 'off';
  const final = inputs.final ?? web !== 'off';
  const published: JsonObject = web === 'off' ? {} : { 'web-export': true, 'raw-http': web === 'raw' };
  return {
    [API_KEY]: false,
    ...inputs.annotations,
    ...published,
    ...(final && { final: true }),
    ...(inputs.webSecret !== undefined && { 'require-whisk-auth': inputs.webSecret }),
    ...writeMark(inputs.mark),
  };
}

function webOf(annotations: Readonly<Record<string, Json>>): 'off' | 'on' | 'raw' {
  if (annotations['web-export'] !== true) return 'off';
  return annotations['raw-http'] === true ? 'raw' : 'on';
}

function codeOf(exec: ActionDocument['exec'], previous: ActionInputs): Pick<ActionInputs, 'code'> {
  if (exec.code === undefined || exec.code === '') {
    // Not asked for: the version says that nobody touched it.
    return exec.code === undefined && previous.code !== undefined ? { code: previous.code } : {};
  }
  if (previous.code !== undefined && hasDigest(exec, previous.code.sha256)) return { code: previous.code };
  return { code: { sha256: digestOfExec(exec) } };
}

/** OpenWhisk resolves `python:default` to the kind it has as default; that is no drift. */
function keepKind(actual: string, previous: string | undefined): string {
  const family = previous?.split(':')[0];
  return previous?.endsWith(':default') && actual.startsWith(`${family}:`) ? previous : actual;
}
