/** The packages as `npm pack` makes them; `@pdfmagic/openwhisk` is installed in an empty folder, compiled against and run. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callsOf } from './serialized-calls';

const ROOT = path.resolve(__dirname, '../..');
const folder = mkdtempSync(path.join(tmpdir(), 'packed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** What the program that runs in the empty folder prints. */
interface Said {
  readonly registered: Record<string, { inputs: Record<string, unknown>; failures: string[] }>;
  /** The serialized provider of its own resource. */
  readonly greeting: string;
  readonly faults: readonly string[];
}

/** Packs a package of `infra/`; its `prepack` builds it first. */
function pack(name: string): Packed {
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^npm_/i.test(key)));
  const args = ['pack', '--json', '--foreground-scripts=false', '--pack-destination', folder];
  const said = execFileSync('npm', args, { cwd: path.join(ROOT, 'infra', name), env, encoding: 'utf8' });
  const [packed] = JSON.parse(said.slice(said.search(/^\[/m))) as Packed[];
  if (packed === undefined) throw new Error(`npm pack said: ${said}`);
  return packed;
}

/** A program as its users write them: values typed by interfaces, and values that may be missing. */
const PROGRAM = `
import * as pulumi from '@pulumi/pulumi';
import { Action, Api, type Connection, Package, Rule, Trigger } from '@pdfmagic/openwhisk';
import { checkInputs } from '@pdfmagic/openwhisk/dynamic';
import { deletedFirst, providerOf } from '@pdfmagic/openwhisk/dynamic-resource';
import { z } from 'zod';

interface Settings {
  readonly bucket: string;
  readonly limits?: { readonly pages: number };
}
interface Options {
  readonly name?: string | undefined;
  readonly memory?: number | undefined;
}
const settings: Settings = { bucket: 'in', limits: { pages: 3 } };
const options: Options = {};
const missing: string | undefined = process.env.NO_SUCH_VARIABLE;
const later: pulumi.Output<string | undefined> = pulumi.output(missing);

const connection: Connection = {
  apihost: 'https://host',
  auth: pulumi.secret('uuid:key'),
  namespace: missing,
  caCertificate: later,
};
const tools = new Package('tools', { connection, name: options.name, parameters: settings, annotations: settings });
const convert = new Action('convert', {
  connection,
  name: later,
  package: tools.name,
  kind: 'nodejs:default',
  code: 'function main() {}',
  codeFile: missing,
  memory: options.memory,
  web: 'on',
  webSecret: later,
  parameters: settings,
});
const trigger = new Trigger('trigger', { connection, name: later, parameters: settings, feed: missing });
new Rule('rule', { connection, name: later, trigger: trigger.fullyQualifiedName, action: convert.fullyQualifiedName, status: undefined });
new Api('api', { connection, basePath: '/b', path: '/p', verb: 'get', action: convert.fullyQualifiedName, apiName: missing, secureKey: later });
export const name: pulumi.Output<string> = convert.name;

/** A dynamic resource of its own, by the kit. */
class Greeting extends pulumi.dynamic.Resource {
  constructor(name: string, text: pulumi.Input<string>, options?: pulumi.CustomResourceOptions) {
    super(providerOf('consumer/providers', 'greetings'), name, { text }, deletedFirst(options), 'consumer', 'Greeting');
  }
}
new Greeting('greeting', 'hello');
export const faults = checkInputs(z.strictObject({ text: z.string('must be a text') }), { text: 1, txt: 'x' }).failures;
`;

/** Runs the compiled program under Pulumi's mocks and says what it registered, and what the checks say of it. */
const RUN = `
const pulumi = require('@pulumi/pulumi');
const providers = require('@pdfmagic/openwhisk/providers');
const kinds = { Package: 'packages', Action: 'actions', Api: 'apis', Trigger: 'triggers', Rule: 'rules' };
const plain = (value) =>
  typeof value !== 'object' || value === null ? value
  : '4dabf18193072939515e22adb298388d' in value ? plain(value.value)
  : Array.isArray(value) ? value.map(plain)
  : Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
const registered = {};
let greeting;
(async () => {
  await pulumi.runtime.setMocks({
    call: () => ({}),
    newResource: ({ name, type, inputs }) => {
      const { __provider, ...given } = plain(inputs);
      if (name === 'greeting') return void (greeting = __provider), { id: name, state: inputs };
      registered[name] = { kind: type.split(':').at(-1), inputs: given };
      return { id: name, state: inputs };
    },
  });
  const { faults } = require('./program');
  await pulumi.runtime.disconnect();
  for (const entry of Object.values(registered)) {
    const { failures = [] } = await providers[kinds[entry.kind]].check({}, entry.inputs);
    entry.failures = failures.map(({ reason }) => reason);
  }
  console.log(JSON.stringify({ registered, greeting, faults: faults.map(({ reason }) => reason) }));
})();
`;

describe.each(['openwhisk', 'emulated', 'cluster-waits'])('the packed %s', (name) => {
  it('holds what it needs built, and nothing of how it was built', () => {
    const files = pack(name).files.map((file) => file.path);
    for (const part of ['index.js', 'index.d.ts', 'providers.js', 'providers.d.ts'])
      expect(files).toContain(`dist/${part}`);
    expect(files.filter((file) => /tsbuildinfo|^src\/|tsconfig/.test(file))).toEqual([]);
  });
});

describe('the packed @pdfmagic/openwhisk, installed in an empty folder', () => {
  const consumer = path.join(folder, 'consumer');
  const installed = path.join(consumer, 'node_modules', '@pdfmagic', 'openwhisk');

  beforeAll(() => {
    mkdirSync(installed, { recursive: true });
    const tarball = path.join(folder, path.basename(pack('openwhisk').filename));
    execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', installed]);
    const { dependencies, peerDependencies } = JSON.parse(readFileSync(path.join(installed, 'package.json'), 'utf8'));
    for (const name of [...Object.keys({ ...dependencies, ...peerDependencies }), '@types/node']) {
      const link = path.join(consumer, 'node_modules', name);
      mkdirSync(path.dirname(link), { recursive: true });
      symlinkSync(path.join(ROOT, 'node_modules', name), link);
    }
    const options = { strict: true, exactOptionalPropertyTypes: true, module: 'node16', target: 'es2022', outDir: '.' };
    const types = { types: ['node'], noUncheckedIndexedAccess: true, skipLibCheck: true };
    const tsconfig = { compilerOptions: { ...options, ...types }, files: ['program.ts'] };
    for (const [file, content] of Object.entries({
      'package.json': '{"name": "consumer", "version": "1.0.0"}',
      'tsconfig.json': JSON.stringify(tsconfig),
      'program.ts': PROGRAM,
      'run.js': RUN,
    })) {
      writeFileSync(path.join(consumer, file), content);
    }
  });

  function compile(): string {
    try {
      return execFileSync(process.execPath, [path.join(ROOT, 'node_modules/typescript/bin/tsc')], {
        cwd: consumer,
        encoding: 'utf8',
      });
    } catch (error) {
      return error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error);
    }
  }

  it('takes values typed by an interface, and missing ones, in strict mode with exactOptionalPropertyTypes', () => {
    expect(compile()).toBe('');
  });

  it('refuses a wrong input at compile time', () => {
    const program = path.join(consumer, 'program.ts');
    writeFileSync(program, PROGRAM.replace('parameters: settings, annotations', "parameters: 'text', annotations"));
    expect(compile()).toMatch(/program\.ts.*'string' is not assignable/);
    writeFileSync(program, PROGRAM);
    expect(compile()).toBe('');
  });

  it('runs a program, whose missing names are those of the resources', () => {
    const said = execFileSync(process.execPath, ['run.js'], { cwd: consumer, encoding: 'utf8' });
    const { registered, greeting, faults }: Said = JSON.parse(said);
    expect(Object.keys(registered).sort()).toEqual(['api', 'convert', 'rule', 'tools', 'trigger']);
    for (const [name, { inputs, failures }] of Object.entries(registered)) {
      expect(failures).toEqual([]);
      if (name !== 'api') expect(inputs.name).toBe(name);
    }
    expect(registered.convert?.inputs).toMatchObject({ parameters: { bucket: 'in', limits: { pages: 3 } } });
    expect(registered.convert?.inputs).not.toHaveProperty('webSecret');
    expect(callsOf(greeting)).toHaveLength(6);
    expect(callsOf(greeting)).toContain('consumer/providers greetings create');
    expect(faults).toEqual(['txt: is not a known property', 'text: must be a text']);
  });
});
