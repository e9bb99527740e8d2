/**
 * Reads the stack config into a typed value, or fails with one error that names everything wrong with it:
 * the key, what was found, what is allowed, and the `pulumi config set` line that mends it.
 */
import * as pulumi from '@pulumi/pulumi';
import { type ConfigKey, KEYS, type KeyName, TARGETS, type Target } from './config-keys';

/** A stack whose OpenWhisk is the platform on this machine. */
export interface LocalConfig {
  readonly target: 'local';
  readonly student: string;
  /** Data folder of the platform, relative to the project. */
  readonly platformDir: string;
}

/** A stack on an OpenWhisk and on buckets that exist already. */
export interface ExistingConfig {
  readonly target: 'existing';
  readonly student: string;
  readonly apihost: string;
  readonly auth: pulumi.Output<string>;
  readonly namespace: string;
  readonly caCertificate: string | undefined;
  readonly image: string;
  readonly python: string;
  readonly inBucket: string;
  readonly outBucket: string;
  readonly serviceAccountKey: pulumi.Output<string>;
  readonly storageEndpoint: string | undefined;
}

/** The whole stack config, by target. The cloud target adds its own member here. */
export type StackConfig = LocalConfig | ExistingConfig;

/** Values as `pulumi config` gives them: full keys (`pdfmagic:student`) and plain text. */
export type RawConfig = Readonly<Record<string, string>>;

/** Reads the config of the stack that is running. @throws pulumi.RunError naming every problem. */
export function readConfig(): StackConfig {
  return parseConfig(pulumi.runtime.allConfig(), pulumi.getProject(), pulumi.getStack());
}

/** The pure half of {@link readConfig}. @throws pulumi.RunError naming every problem. */
export function parseConfig(raw: RawConfig, project: string, stack: string): StackConfig {
  const values = ownValues(raw, project);
  const target = TARGETS.find((t) => t === (values.get('target') ?? 'local'));
  const problems = [...unknownKeys(values), ...wrongValues(values, target)];
  if (problems.length > 0 || target === undefined) {
    const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
    throw new pulumi.RunError(`The config of stack "${stack}" has ${count}:\n\n${problems.join('\n')}`);
  }
  return assemble(target, values);
}

function ownValues(raw: RawConfig, project: string): Map<string, string> {
  const prefix = `${project}:`;
  const own = Object.entries(raw).filter(([key]) => key.startsWith(prefix));
  return new Map(own.map(([key, value]) => [key.slice(prefix.length), value]));
}

function isKey(name: string): name is KeyName {
  return Object.hasOwn(KEYS, name);
}

function unknownKeys(values: ReadonlyMap<string, string>): string[] {
  return [...values.keys()]
    .filter((name) => !isKey(name))
    .map((name) =>
      problem(name, 'there is no such key', `one of ${Object.keys(KEYS).join(', ')}`, `pulumi config rm ${name}`),
    );
}

function wrongValues(values: ReadonlyMap<string, string>, target: Target | undefined): string[] {
  const problems: string[] = [];
  const keys: [string, ConfigKey][] = Object.entries(KEYS);
  for (const [name, key] of keys) {
    const value = values.get(name);
    if (value === undefined) {
      if (target !== undefined && key.needed.includes(target)) {
        problems.push(problem(name, `nothing, but target ${target} needs it`, key.allowed, setLine(name, key)));
      }
    } else if (target !== undefined && !key.needed.includes(target) && !key.optional.includes(target)) {
      problems.push(
        problem(name, `a value that target ${target} has no use for`, 'nothing', `pulumi config rm ${name}`),
      );
    } else if (!key.schema.safeParse(value).success) {
      problems.push(problem(name, found(value, key), key.allowed, setLine(name, key)));
    }
  }
  const out = values.get('outBucket');
  if (out !== undefined && out === values.get('inBucket')) {
    problems.push(
      problem(
        'outBucket',
        `"${out}", which is the in bucket too`,
        KEYS.outBucket.allowed,
        setLine('outBucket', KEYS.outBucket),
      ),
    );
  }
  return problems;
}

/** What stands there, shortened; never for a secret. */
function found(value: string, key: ConfigKey): string {
  if (key.secret) return value === '' ? 'an empty secret' : 'a secret of another form (not shown)';
  return value.length > 80 ? `${JSON.stringify(value.slice(0, 80))}...` : JSON.stringify(value);
}

function setLine(name: string, key: ConfigKey): string {
  return `pulumi config set ${key.secret ? '--secret ' : ''}${name} ${key.example}`;
}

function problem(name: string, what: string, allowed: string, mend: string): string {
  return `  ${name}\n    found:   ${what}\n    allowed: ${allowed}\n    mend:    ${mend}\n`;
}

function assemble(target: Target, values: ReadonlyMap<string, string>): StackConfig {
  const need = (name: KeyName): string => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`config key ${name} passed the check without a value`);
    return value;
  };
  if (target === 'local') {
    return { target, student: need('student'), platformDir: values.get('platformDir') ?? '.pdfmagic' };
  }
  return {
    target,
    student: need('student'),
    apihost: need('apihost').replace(/\/+$/, ''),
    auth: pulumi.secret(need('auth')),
    namespace: values.get('namespace') ?? '_',
    caCertificate: values.get('caCertificate'),
    image: need('image'),
    python: need('python'),
    inBucket: need('inBucket'),
    outBucket: need('outBucket'),
    serviceAccountKey: pulumi.secret(need('serviceAccountKey')),
    storageEndpoint: values.get('storageEndpoint'),
  };
}
