/** A container of a Docker engine, as the pool sees it: OpenWhisk's action protocol over HTTP, logs from its streams. */
import { waitAtMost } from '../../../ground/wait-at-most';
import { ContainerLog } from '../activation/container-log';
import type { ActivationLog } from '../activation/logs';
import type { Answer } from '../activation/response';
import type { Container } from '../pool/container';
import { type ProxyResponse, post, postWhenUp } from './http';
import { removeContainer } from './leftovers';
import { hasRunOutOfMemory } from './memory';
import type { RunningContainer } from './run';

/** Where OpenWhisk's action proxies listen. */
const PORT = 8080;
/** Milliseconds that the kernel's notice may stay behind: of a container that is gone, and of a process in one. */
const NOTICE_OF_CONTAINER = 1_000;
const NOTICE_OF_PROCESS = 200;
/** Milliseconds that the streams of a removed container may take to be read to their end. */
const STREAM_PATIENCE = 2_000;
const OK = 200;

type Post = (url: string, json: Buffer, signal: AbortSignal) => Promise<ProxyResponse>;

export class DockerContainer implements Container {
  private readonly log: ContainerLog;
  private readonly gone = new AbortController();
  private removal: Promise<void> | undefined;

  constructor(private readonly running: RunningContainer) {
    this.log = new ContainerLog(running);
    void running.ended.then(() => this.gone.abort());
  }

  get usable(): boolean {
    return !this.gone.signal.aborted;
  }

  beginLog(limit: number): ActivationLog {
    return this.log.begin(limit);
  }

  endLog(): Promise<void> {
    return this.log.end();
  }

  init(line: Buffer, timeout: number): Promise<Answer> {
    return this.request('init', line, timeout, postWhenUp);
  }

  run(line: Buffer, timeout: number): Promise<Answer> {
    return this.request('run', line, timeout, post);
  }

  /** The kernel does that (`--memory`, `--pids-limit`). */
  measure(): void {}

  /** The engine takes as long to pause and to go on as a warm run takes. */
  pause(): void {}

  resume(): void {}

  destroy(): Promise<void> {
    this.removal ??= this.remove();
    return this.removal;
  }

  private async request(path: string, json: Buffer, timeout: number, send: Post): Promise<Answer> {
    const limit = AbortSignal.timeout(timeout);
    const { name, address, started } = this.running;
    try {
      const signal = AbortSignal.any([limit, this.gone.signal]);
      const { status, body } = await send(`http://${address}:${PORT}/${path}`, json, signal);
      const killed = status !== OK && (await hasRunOutOfMemory(name, started, NOTICE_OF_PROCESS));
      return killed ? { kind: 'memory exhausted' } : { kind: 'http', status, body };
    } catch {
      const removed = this.removal !== undefined;
      const killed = !limit.aborted && !removed && (await hasRunOutOfMemory(name, started, NOTICE_OF_CONTAINER));
      await this.destroy();
      if (limit.aborted) return { kind: 'timed out' };
      return { kind: killed ? 'memory exhausted' : 'exited' };
    }
  }

  private async remove(): Promise<void> {
    this.gone.abort();
    await removeContainer(this.running.name);
    await waitAtMost(STREAM_PATIENCE, this.running.ended);
  }
}
