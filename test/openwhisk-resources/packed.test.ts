/** The packages as `npm pack` makes them; `@pdfmagic/openwhisk` is built, installed by npm in an empty folder, compiled against and used. */
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestPlatform } from './platform';
import { callsOf } from './serialized-calls';

const ROOT = path.resolve(__dirname, '../..');
const PACKAGES = ['openwhisk', 'emulated', 'cluster-waits'];
/** Files that npm adds to what `files` names, where a package has them. */
const ALWAYS = ['LICENSE', 'README.md', 'package.json'];
const folder = mkdtempSync(path.join(tmpdir(), 'packed-'));
/** npm as somebody runs it by hand: without the settings of the npm that may have started this test. */
const ENV = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^npm_/i.test(key)));

// Copies, since packing builds anew, and other tests use what is built in the project.
beforeAll(() => {
  cpSync(path.join(ROOT, 'tsconfig.base.json'), path.join(folder, 'tsconfig.base.json'));
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  for (const name of PACKAGES) {
    const copy = path.join(folder, 'infra', name);
    const filter = (from: string) => !/\/(dist|node_modules)$/.test(from);
    cpSync(path.join(ROOT, 'infra', name), copy, { recursive: true, filter });
    mkdirSync(path.join(copy, 'dist'));
    writeFileSync(path.join(copy, 'dist', 'of-an-earlier-build.js'), '');
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

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

/** Packs a package of `infra/`; its `prepack` builds it first, unless told otherwise. */
function pack(name: string, ...more: string[]): Packed {
  const args = ['pack', '--json', '--foreground-scripts=false', '--pack-destination', folder, ...more];
  const said = execFileSync('npm', args, { cwd: path.join(folder, 'infra', name), env: ENV, encoding: 'utf8' });
  const [packed] = JSON.parse(said.slice(said.search(/^\[/m))) as Packed[];
  if (packed === undefined) throw new Error(`npm pack said: ${said}`);
  return packed;
}

/** What a package consists of, by its sources. */
function filesOf(name: string): string[] {
  const from = path.join(ROOT, 'infra', name);
  const sources = readdirSync(path.join(from, 'src'), { recursive: true, encoding: 'utf8' });
  const built = sources.flatMap((file) =>
    file.endsWith('.ts') ? ['.js', '.d.ts'].map((ending) => `dist/${file.replace(/\.ts$/, ending)}`) : [],
  );
  return [...readdirSync(from).filter((file) => ALWAYS.includes(file)), ...built].sort();
}

/** npm's codes when neither its cache has a package nor a registry can be reached. */
const UNREACHABLE =
  /npm error code (ENOTCACHED|ENOTFOUND|EAI_AGAIN|ECONN\w+|E?TIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT)/;

/** Installs packages as a user does. @returns why it cannot be tried here; undefined when they are installed */
async function install(cwd: string, ...packages: string[]): Promise<string | undefined> {
  const args = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--fetch-retries=1', ...packages];
  try {
    await promisify(execFile)('npm', args, { cwd, env: ENV });
    return undefined;
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
    const [unreachable] = UNREACHABLE.exec(said) ?? [];
    if (unreachable === undefined) throw error;
    return `npm reaches neither its cache nor a registry (${unreachable})`;
  }
}

/** A program as its users write them: values typed by interfaces, and values that may be missing. */
const PROGRAM = `
import * as pulumi from '@pulumi/pulumi';
import { Action, Api, type Connection, Package, Rule, Trigger } from '@pdfmagic/openwhisk';
import { checkInputs } from '@pdfmagic/openwhisk/dynamic';
import { DynamicResource, deletedFirst, providerOf } from '@pdfmagic/openwhisk/dynamic-resource';
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
// A wrong input is refused: this line would be an error if the next one were none.
// @ts-expect-error
export const refused = () => new Package('refused', { connection, parameters: 'text' });

/** A dynamic resource of its own, by the kit. */
class Greeting extends DynamicResource {
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

/** The whole life of an action on a server, through the installed package: what OpenWhisk has of it after each step. */
const LIFE = `
import { readFileSync } from 'node:fs';
import openwhisk from 'openwhisk';
import { Action } from '@pdfmagic/openwhisk';
import { checkInputs } from '@pdfmagic/openwhisk/dynamic';
import { providerOf } from '@pdfmagic/openwhisk/dynamic-resource';
import { actions } from '@pdfmagic/openwhisk/providers';

const connection = JSON.parse(readFileSync(0, 'utf8'));
const client = openwhisk({ apihost: connection.apihost, api_key: connection.auth });
const seen = async () => (await client.actions.list()).map(({ name, limits }) => [name, limits.memory]);
const inputs = { connection, name: 'by-package', kind: 'nodejs:20', code: { source: 'function main() {}' } };
const steps = [[typeof Action, typeof checkInputs, typeof providerOf]];
const { id, outs } = await actions.create(inputs);
steps.push(await seen());
const updated = { ...inputs, memory: 512 };
steps.push((await actions.diff(id, outs, updated)).changes);
const { outs: later } = await actions.update(id, outs, updated);
steps.push(await seen());
await client.actions.update({ name: 'by-package', action: 'function main() {}', kind: 'nodejs:20', limits: { memory: 128 } });
const read = await actions.read(id, later);
steps.push([read.id === id, read.props.memory]);
await actions.delete(id, read.props);
steps.push(await seen(), (await actions.read(id, read.props)).id);
console.log(JSON.stringify(steps));
`;

const listFiles = ({ files }: Packed): string[] => files.map((file) => file.path).sort();
let openwhisk: Packed;
beforeAll(() => {
  openwhisk = pack('openwhisk');
});

it('the packed openwhisk holds what it is built of, its README and licence, and nothing of how it was built, or built earlier', () => {
  expect(listFiles(openwhisk)).toEqual(filesOf('openwhisk'));
});

// The compiler takes seconds for each, and does for them what it does for that one.
it.each(PACKAGES.filter((name) => name !== 'openwhisk'))(
  'the packed %s is built in the same way, and holds the same',
  (name) => {
    const read = (of: string, file: string) => JSON.parse(readFileSync(path.join(ROOT, 'infra', of, file), 'utf8'));
    for (const part of ['files', 'scripts'])
      expect(read(name, 'package.json')[part]).toEqual(read('openwhisk', 'package.json')[part]);
    expect(read(name, 'tsconfig.json').compilerOptions).toEqual(read('openwhisk', 'tsconfig.json').compilerOptions);
    const copy = path.join(folder, 'infra', name);
    rmSync(path.join(copy, 'dist'), { recursive: true });
    const built = filesOf(name).filter((file) => file.startsWith('dist/'));
    for (const file of [...built, 'dist/.tsbuildinfo']) {
      mkdirSync(path.join(copy, path.dirname(file)), { recursive: true });
      writeFileSync(path.join(copy, file), '');
    }
    expect(listFiles(pack(name, '--ignore-scripts', '--dry-run'))).toEqual(filesOf(name));
  },
);

it('the licence that is packed is that of the project', () => {
  const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
  expect(read('infra/openwhisk/LICENSE')).toBe(read('LICENSE'));
});

describe('the packed @pdfmagic/openwhisk, installed in an empty folder', () => {
  const consumer = mkdtempSync(path.join(tmpdir(), 'consumer-'));
  const platform = new TestPlatform();
  let notTried: string | undefined;

  beforeAll(async () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
    const versions: Record<string, string> = { ...dependencies, ...devDependencies };
    const beside = ['@pulumi/pulumi', 'typescript', '@types/node'].map((name) => `${name}@${versions[name]}`);
    const tarball = path.join(folder, path.basename(openwhisk.filename));
    writeFileSync(path.join(consumer, 'package.json'), '{"name": "consumer", "version": "1.0.0"}');
    notTried = await install(consumer, tarball, ...beside);
    if (notTried !== undefined) console.warn(`Not tried: ${notTried}`);
    const options = { strict: true, exactOptionalPropertyTypes: true, module: 'node16', target: 'es2022', outDir: '.' };
    const types = { types: ['node'], noUncheckedIndexedAccess: true, skipLibCheck: false };
    const tsconfig = { compilerOptions: { ...options, ...types }, files: ['program.ts'] };
    for (const [file, content] of Object.entries({
      'tsconfig.json': JSON.stringify(tsconfig),
      'program.ts': PROGRAM,
      'run.js': RUN,
      'life.mjs': LIFE,
    })) {
      writeFileSync(path.join(consumer, file), content);
    }
    await platform.start();
  }, 240_000);
  afterAll(async () => {
    await platform.stop();
    await rm(consumer, { recursive: true, force: true });
  });
  beforeEach(({ skip }) => skip(notTried !== undefined, notTried));

  function compile(): string {
    try {
      const args = [path.join(consumer, 'node_modules/typescript/bin/tsc'), '--project', '.'];
      return execFileSync(process.execPath, args, { cwd: consumer, encoding: 'utf8' });
    } catch (error) {
      return error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error);
    }
  }

  it('takes values typed by an interface, and missing ones, in strict mode with exactOptionalPropertyTypes, and refuses a wrong input at compile time', () => {
    // Checks the declarations of all packages that are installed, too.
    expect(compile()).toBe('');
  }, 120_000);

  it('creates, updates, reads and deletes an action, imported as ES modules', async () => {
    const running = promisify(execFile)(process.execPath, ['life.mjs'], { cwd: consumer });
    running.child.stdin?.end(JSON.stringify(platform.connection));
    const [exported, created, changes, updated, read, deleted, gone] = JSON.parse((await running).stdout);
    expect(exported).toEqual(['function', 'function', 'function']);
    expect(created).toEqual([['by-package', 256]]);
    expect(changes).toBe(true);
    expect(updated).toEqual([['by-package', 512]]);
    expect(read).toEqual([true, 128]);
    expect([deleted, gone]).toEqual([[], '']);
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
