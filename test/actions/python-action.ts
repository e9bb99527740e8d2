/** Runs PDFMagic's packaged Python actions in a real interpreter, with a temporary folder that the tests can look into. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { JsonObject } from '../../ground/json';
import { chooseDefaultPython, PROJECT_ROOT, packagePythonAction } from '../../infra/packaging';

const DRIVER = path.join(__dirname, 'run_action.py');

/** The policy of the runtime image. */
const POLICY = readFileSync(path.join(PROJECT_ROOT, 'runtime', 'policy.xml'));

/** The photograph of 800x600 pixels that `npm start` converts. */
export const PHOTO = readFileSync(path.join(PROJECT_ROOT, 'examples', 'photo.jpg'));

/** A warm action in an interpreter of its own. */
export class PythonAction {
  private readonly answers: Interface;
  private readonly waiting: Array<{ done(line: string): void; failed(error: Error): void }> = [];
  /** All that the action wrote to stdout and stderr. */
  output = '';

  private constructor(
    private readonly child: ChildProcess,
    private readonly root: string,
  ) {
    this.answers = createInterface({ input: child.stdio[3] as Readable });
    this.answers.on('line', (line) => this.waiting.shift()?.done(line));
    const listen = (chunk: Buffer) => {
      this.output += chunk.toString();
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('close', (code) => {
      for (const { failed } of this.waiting.splice(0)) failed(new Error(`ended with ${code}: ${this.output}`));
    });
  }

  /** Packages the action if need be, and starts it. `environment` is added to what a sandbox would have. */
  static async start(name: string, environment: Record<string, string> = {}): Promise<PythonAction> {
    const { file } = await packagePythonAction(name);
    const root = mkdtempSync(path.join(tmpdir(), 'pdfmagic test '));
    for (const folder of ['action', 'tmp', 'config/ImageMagick'])
      mkdirSync(path.join(root, folder), { recursive: true });
    writeFileSync(path.join(root, 'config', 'ImageMagick', 'policy.xml'), POLICY);
    const child = spawn(chooseDefaultPython(), ['-B', DRIVER, file, path.join(root, 'action')], {
      env: { XDG_CONFIG_HOME: path.join(root, 'config'), TMPDIR: path.join(root, 'tmp'), ...environment },
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    });
    return new PythonAction(child, root);
  }

  /** One activation; of a result with `error`, OpenWhisk keeps nothing else (`ActivationResponse.processRunResponseContent`). */
  async run(parameters: JsonObject): Promise<JsonObject> {
    const line = await new Promise<string>((done, failed) => {
      this.waiting.push({ done, failed });
      this.child.stdin?.write(`${JSON.stringify(parameters)}\n`);
    });
    const result = JSON.parse(line) as JsonObject;
    return result.error === undefined ? result : { error: result.error };
  }

  /** What lies in the temporary folder now: nothing, between two activations. */
  leftovers(): string[] {
    return readdirSync(path.join(this.root, 'tmp'));
  }

  /** The process, whose children can be looked for. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Ends the interpreter and removes its folders. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.child.once('close', resolve));
    this.child.stdin?.end();
    await closed;
    await rm(this.root, { recursive: true, force: true });
  }
}
