/** A project in a temporary folder, with its state and its cloud in a file, to try the runner on. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Json } from '../../ground/json';
import { destroy, outputs, preview, readState, refresh, type StackEvent, type StackOptions, up } from '../../runner';

/** A thing of the program `fixtures/program.ts`. */
export interface ThingSpec {
  readonly properties: Record<string, Json>;
  readonly options?: Record<string, Json>;
  readonly type?: string;
  /** Its provider is serialized by Pulumi's SDK, not text already. */
  readonly bySdk?: boolean;
}

const root = path.join(__dirname, '..', '..');
const fixtures = path.join(__dirname, 'fixtures');

/** Makes a laboratory; `close` removes it. */
export function openLaboratory(more: Partial<StackOptions> = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-stack-'));
  const [projectDir, stateDir, cloud] = ['project', 'state', 'cloud'].map((name) => path.join(folder, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(path.join(projectDir, 'node_modules'), { recursive: true });
  mkdirSync(cloud);
  for (const scope of ['@pulumi', '@pdfmagic'])
    symlinkSync(path.join(root, 'node_modules', scope), path.join(projectDir, 'node_modules', scope));
  cpSync(path.join(fixtures, 'file-cloud'), path.join(projectDir, 'node_modules', 'file-cloud'), { recursive: true });
  cpSync(path.join(fixtures, 'program.ts'), path.join(projectDir, 'index.ts'));
  const events: StackEvent[] = [];
  const options: StackOptions = {
    projectDir,
    stateDir,
    project: 'laboratory',
    stack: 'test',
    env: { ...process.env, CLOUD: cloud },
    onEvent: (event) => events.push(event),
    ...more,
  };
  const inCloud = (name: string) => path.join(cloud, name);
  const stateFile = path.join(stateDir, 'test.json');
  return {
    options,
    projectDir,
    stateDir,
    stateFile,
    events,
    /** Writes the program: things by name, and the stack's outputs. */
    program(things: Record<string, ThingSpec>, stackOutputs: Record<string, Json> = {}): void {
      writeFileSync(path.join(projectDir, 'things.json'), JSON.stringify({ things, outputs: stackOutputs }));
    },
    /** Replaces the program by TypeScript of its own. */
    source(text: string): void {
      writeFileSync(path.join(projectDir, 'index.ts'), text);
    },
    /** Edits the provider's implementation. */
    editProvider(edit: (source: string) => string): void {
      const file = path.join(projectDir, 'node_modules', 'file-cloud', 'index.js');
      writeFileSync(file, edit(readFileSync(file, 'utf8')));
    },
    faults(faults: Record<string, 'refuse' | 'half' | 'hang' | 'wait'>): void {
      writeFileSync(inCloud('faults.json'), JSON.stringify(faults));
    },
    /** What exists, by name. */
    objects(): Record<string, Record<string, Json>> {
      return existsSync(inCloud('objects.json')) ? JSON.parse(readFileSync(inCloud('objects.json'), 'utf8')) : {};
    },
    setObjects(objects: Record<string, Record<string, Json>>): void {
      writeFileSync(inCloud('objects.json'), JSON.stringify(objects));
    },
    /** The calls since the last look that changed something, or all but diff. */
    calls(): string[] {
      const lines = existsSync(inCloud('journal')) ? readFileSync(inCloud('journal'), 'utf8').split('\n') : [];
      rmSync(inCloud('journal'), { force: true });
      return lines.filter((line) => line !== '' && !line.startsWith('diff'));
    },
    /** Waits until a provider hangs in a call. */
    untilHanging: () => until(() => existsSync(inCloud('hanging'))),
    /** Waits until a log event has this text. */
    untilLogged: (text: string) =>
      until(() => events.some((event) => event.kind === 'log' && event.text.includes(text))),
    /** Lets those go on that wait. */
    go: () => writeFileSync(inCloud('go'), ''),
    /** The process in which a provider hangs. */
    workerPid(): number {
      const pid = Number(readFileSync(inCloud('hanging'), 'utf8'));
      rmSync(inCloud('hanging'));
      return pid;
    },
    /** Makes the program register its resources late, in a timer that nothing waits for. */
    late(): void {
      const file = path.join(projectDir, 'index.ts');
      renameSync(file, path.join(projectDir, 'late.ts'));
      writeFileSync(file, "setTimeout(() => require('./late'), 1500);");
    },
    writeState: (text: string) => writeFileSync(stateFile, text),
    loseKey: () => rmSync(path.join(stateDir, 'secrets.key')),
    stateText: () => readFileSync(stateFile, 'utf8'),
    state: () => readState(options),
    outputs: (showSecrets = false) => outputs(options, { showSecrets }),
    up: (over: Partial<StackOptions> = {}) => up({ ...options, ...over }),
    preview: (over: Partial<StackOptions> = {}) => preview({ ...options, ...over }),
    refresh: () => refresh(options),
    destroy: (over: Partial<StackOptions> = {}) => destroy({ ...options, ...over }),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error('waited in vain');
    await sleep(20);
  }
}

export type Laboratory = ReturnType<typeof openLaboratory>;
