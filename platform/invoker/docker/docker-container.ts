/** A container of a Docker engine, as the pool sees it: OpenWhisk's action protocol over HTTP, logs from its streams. */
import { waitAtMost } from '../../../ground/wait-at-most';
import { ContainerLog } from '../activation/container-log';
import type { ActivationLog } from '../activation/logs';
import type { Answer } from '../activation/response';
import type { Container } from '../pool/container';
import { type ProxyResponse, post, postWhenUp } from './http';
import { removeContainer } from './leftovers';
import { hasKilledForMemory, wasKilledForMemory } from './memory';
import type { RunningContainer } from './run';

/** Where OpenWhisk's action proxies listen. */
const PORT = 8080;
/** What `docker run` ends with when its container was killed: 128 and the number of SIGKILL. */
const KILLED = 137;
/** Milliseconds that the streams of a container that is gone may take to be read to their end. */
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
    const { name, address } = this.running;
    try {
      const signal = AbortSignal.any([limit, this.gone.signal]);
      const { status, body } = await send(`http://${address}:${PORT}/${path}`, json, signal);
      const killed = status !== OK && (await hasKilledForMemory(name));
      return killed ? { kind: 'memory exhausted' } : { kind: 'http', status, body };
    } catch {
      const removed = this.removal !== undefined;
      const killed = !limit.aborted && !removed && (await this.wasKilled());
      await this.destroy();
      if (limit.aborted) return { kind: 'timed out' };
      return { kind: killed ? 'memory exhausted' : 'exited' };
    }
  }

  /** Of a connection that broke: for want of memory? The container may be gone, or about to be, or have lost its proxy alone. */
  private async wasKilled(): Promise<boolean> {
    const { name, started, ended } = this.running;
    await waitAtMost(STREAM_PATIENCE, ended);
    if (this.usable) return hasKilledForMemory(name);
    return (await ended) === KILLED && wasKilledForMemory(name, started);
  }

  private async remove(): Promise<void> {
    this.gone.abort();
    await removeContainer(this.running.name);
    await waitAtMost(STREAM_PATIENCE, this.running.ended);
  }
}
