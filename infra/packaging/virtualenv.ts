/**
 * The project's own virtual environments for Python tools (virtualenv, ruff, the storage emulator): made when first needed,
 * from pinned requirements.
 *
 * Without locks: each build goes to a folder of its own, and only a finished one is published, by renaming a pointer file.
 * Whoever is interrupted leaves a folder that nobody points to; two at once both finish, and the later pointer stands.
 */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { chooseDefaultPython, findInterpreter, type Interpreter } from './interpreter';
import { runPython, writePipInstall } from './python';
import { makeVenv } from './venv';

/** What to make, and where. */
export interface VirtualenvArgs {
  /** Folder for this environment and nothing else; made if need be. */
  readonly dir: string;
  /** What is installed, in words for messages: `the storage emulator`. */
  readonly title: string;
  /** A requirements file in pip's form, every requirement pinned with hashes. */
  readonly requirements: string;
  /** The interpreter, by path or name; the system's `python3` if left out. */
  readonly python?: string;
  /** `false`: Python compiles what it imports when it does, rather than pip all of it. For tools that hardly ever run. */
  readonly compiled?: boolean;
  /** Told in plain lines what takes time; never called when the environment is there already. */
  readonly onProgress?: (line: string) => void;
}

/** A finished environment. */
export interface Virtualenv {
  /** Its folder; a new one whenever requirements or interpreter change. */
  readonly path: string;
  /** Its interpreter. */
  readonly python: string;
  /** Path of a program that a package put into `bin/`. */
  program(name: string): string;
}

const POINTER = 'current.json';

interface Pointer {
  readonly stamp: string;
  readonly folder: string;
}

/**
 * The environment of these requirements, made unless it is there. Installs wheels only, so nothing is compiled.
 * @throws PackagingError no such interpreter, no venv module, no network, a hash that does not match
 */
export async function ensureVirtualenv(args: VirtualenvArgs): Promise<Virtualenv> {
  const dir = path.resolve(args.dir);
  const interpreter = await findInterpreter(args.python ?? chooseDefaultPython());
  const stamp = await computeStamp(args.requirements, interpreter);
  const present = await findPublished(dir, stamp);
  if (present !== undefined) return present;

  const job = `${dir} ${stamp}`;
  const running = underWay.get(job) ?? build(args, dir, interpreter, stamp).finally(() => underWay.delete(job));
  underWay.set(job, running);
  return running;
}

/** The environment of these requirements if it is there; nothing is installed. @throws PackagingError no such interpreter */
export async function findVirtualenv(args: VirtualenvArgs): Promise<Virtualenv | undefined> {
  const interpreter = await findInterpreter(args.python ?? chooseDefaultPython());
  return findPublished(path.resolve(args.dir), await computeStamp(args.requirements, interpreter));
}

/** Builds of this process: who asks for the same one waits for it. */
const underWay = new Map<string, Promise<Virtualenv>>();

async function build(args: VirtualenvArgs, dir: string, interpreter: Interpreter, stamp: string): Promise<Virtualenv> {
  args.onProgress?.(`installing ${args.title} (only once) ...`);
  const folder = `${process.pid}-${randomUUID().slice(0, 8)}`;
  const target = path.join(dir, folder);
  await mkdir(dir, { recursive: true });
  try {
    await makeVenv(interpreter.command, target, `making a virtual environment in ${target}`);
    const install = writePipInstall(args.requirements, args.compiled ?? true);
    await runPython(path.join(target, 'bin', 'python'), install, `installing ${args.title}`);
    await publish(dir, { stamp, folder });
  } catch (error) {
    await rm(target, { recursive: true, force: true });
    throw error;
  }
  await removeAbandoned(dir, folder);
  return describeVirtualenv(target);
}

async function computeStamp(requirements: string, { command, version }: Interpreter): Promise<string> {
  const content = await readFile(requirements);
  const machine = `${process.platform}/${process.arch}/${command}/${version}\n`;
  return createHash('sha256').update(machine).update(content).digest('hex');
}

async function readPointer(dir: string): Promise<Partial<Pointer>> {
  try {
    return JSON.parse(await readFile(path.join(dir, POINTER), 'utf8')) as Partial<Pointer>;
  } catch {
    return {};
  }
}

async function findPublished(dir: string, stamp: string): Promise<Virtualenv | undefined> {
  const pointer = await readPointer(dir);
  if (pointer.stamp !== stamp || typeof pointer.folder !== 'string') return undefined;
  const present = describeVirtualenv(path.join(dir, pointer.folder));
  // The link breaks when the system's Python is upgraded.
  return existsSync(present.python) ? present : undefined;
}

async function publish(dir: string, pointer: Pointer): Promise<void> {
  const draft = path.join(dir, `${POINTER}.${pointer.folder}`);
  await writeFile(draft, JSON.stringify(pointer));
  await rename(draft, path.join(dir, POINTER));
}

/** Removes older environments and those of interrupted builds, but none that a living process is at. */
async function removeAbandoned(dir: string, current: string): Promise<void> {
  for (const entry of await readdir(dir)) {
    const builder = /^(?:current\.json\.)?(\d+)-[0-9a-f]{8}$/.exec(entry)?.[1];
    if (builder === undefined || entry === current || isAlive(Number(builder))) continue;
    await rm(path.join(dir, entry), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function describeVirtualenv(folder: string): Virtualenv {
  const bin = path.join(folder, 'bin');
  return { path: folder, python: path.join(bin, 'python'), program: (name) => path.join(bin, name) };
}
