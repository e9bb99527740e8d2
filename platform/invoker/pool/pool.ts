/**
 * Finds a container for every invocation: a warm one of the same action, else one that a provider starts; at most `capacity`
 * invocations run at a time and the others wait in order (OpenWhisk's ContainerPool).
 */
import pLimit, { type LimitFunction } from 'p-limit';
import { describeDiskFull } from '../../../ground/disk-full';
import { ActivationLog } from '../activation/logs';
import { NO_CODE, PROVISION_FAILED } from '../activation/messages';
import { type ActivationResponse, makeDeveloperError, makeWhiskError } from '../activation/response';
import type { Executable, Invocation, Outcome } from '../contract';
import { activate } from './activation';
import type { Container } from './container';
import {
  type ColdContainer,
  type ContainerProvider,
  type ResolvedRuntime,
  resolveRuntime,
  UnusableCode,
} from './container-provider';
import { ExecutableKeys } from './identity';
import { Preparations } from './preparations';
import { Supervision } from './supervision';
import { type WarmContainer, WarmContainers } from './warm';

const MIB = 1024 * 1024;
const DEVELOPER_ERROR = 2;
const SETTLED = [() => undefined, () => undefined] as const;

/** What the pool is made of; times in milliseconds. */
export interface PoolOptions {
  /** Asked in this order for what runs an action. */
  readonly providers: readonly ContainerProvider[];
  readonly apiHost: string;
  readonly capacity: number;
  readonly maxIdle: number;
  readonly idleTime: number;
  readonly pauseGrace: number;
  readonly log: (message: string) => void;
}

/** The containers of one invoker, and the invocations that wait for one. `stop` ends all of them. */
export class ContainerPool {
  private readonly limit: LimitFunction;
  private readonly preparations = new Preparations();
  private readonly live = new Set<Container>();
  /** Ends of the invocations that run or wait; none rejects. */
  private readonly underWay = new Set<Promise<void>>();
  private readonly keys = new ExecutableKeys();
  private readonly warm: WarmContainers;
  private readonly supervision: Supervision;
  private stopped = false;

  constructor(private readonly options: PoolOptions) {
    const end = ({ container }: WarmContainer) => void this.end(container);
    this.warm = new WarmContainers(options.maxIdle, options.idleTime, options.pauseGrace, end);
    this.supervision = new Supervision(this.warm);
    this.limit = pLimit(options.capacity);
  }

  /** Runs one invocation to its end; rejects only when the pool is or gets stopped. */
  run(invocation: Invocation): Promise<Outcome> {
    this.preparations.putOff();
    const work = this.limit(() => this.serve(invocation));
    const ended = work.then(...SETTLED).finally(() => this.underWay.delete(ended));
    this.underWay.add(ended);
    return work;
  }

  /** Prepares an action for its first run, when nothing else is to be done; that run says what is wrong with it. */
  prepare(action: Executable): void {
    this.preparations.add(async () => {
      const resolved = resolveRuntime(this.options.providers, action.exec);
      if (!this.stopped && !('error' in resolved)) await resolved.prepare?.(action);
    });
  }

  /** Ends everything; invocations that wait or run are rejected. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.supervision.stop();
    this.warm.clear();
    const prepared = this.preparations.stop();
    while (this.live.size > 0 || this.underWay.size > 0) {
      await Promise.all([...this.live].map((container) => this.end(container)));
      await Promise.all(this.underWay);
    }
    await prepared;
    await Promise.all(this.options.providers.map((provider) => provider.stop()));
  }

  private async serve(invocation: Invocation): Promise<Outcome> {
    if (this.stopped) throw new Error('The invoker has been stopped.');
    const outcome = await this.invoke(invocation).catch((error: unknown) => {
      this.options.log(`${invocation.action.name} could not be run: ${String(error)}`);
      // OpenWhisk has no words for it, and whoever asked can do something about it.
      const why = describeDiskFull(error) ?? PROVISION_FAILED;
      return endWithoutRun(invocation, makeWhiskError(why));
    });
    if (this.stopped) throw new Error('The invoker was stopped while the action ran.');
    return outcome;
  }

  private async invoke(invocation: Invocation): Promise<Outcome> {
    const { action } = invocation;
    const resolved = resolveRuntime(this.options.providers, action.exec);
    if ('error' in resolved) return endWithoutRun(invocation, makeDeveloperError(resolved.error));
    const key = this.keys.of(action);
    const warm = this.warm.take(key, actionOf(action), action.revision);
    if (warm) return this.activate(invocation, resolved, warm);
    // Binary code is not empty, and not read before it has to be.
    if (!action.exec.binary && action.exec.code === '') return endWithoutRun(invocation, makeDeveloperError(NO_CODE));
    try {
      const cold = await resolved.start(action);
      const memory = action.limits.memory * MIB;
      const entry = { container: cold.container, key, action: actionOf(action), revision: action.revision, memory };
      return await this.activate(invocation, resolved, entry, cold);
    } catch (error) {
      if (!(error instanceof UnusableCode)) throw error;
      const log = new ActivationLog(action.limits.logs * MIB);
      log.note(error.message);
      return endWithoutRun(invocation, makeDeveloperError(error.error), log.collect(true));
    }
  }

  private async activate(
    invocation: Invocation,
    { runtime }: ResolvedRuntime,
    entry: WarmContainer,
    cold?: ColdContainer,
  ): Promise<Outcome> {
    const { container } = entry;
    this.live.add(container);
    // What started while all was being ended is ended here.
    if (this.stopped) await this.end(container);
    this.supervision.watch(entry);
    const code = cold ? { code: cold.code } : {};
    const outcome = await activate(invocation, { container, runtime, apiHost: this.options.apiHost, ...code });
    this.supervision.unwatch(entry);
    if (container.usable && outcome.statusCode !== DEVELOPER_ERROR && !this.stopped)
      this.warm.put(entry, performance.now());
    else void this.end(container);
    return outcome;
  }

  private async end(container: Container): Promise<void> {
    await container.destroy();
    this.live.delete(container);
  }
}

function actionOf({ namespace, name }: Executable): string {
  return `${namespace} ${name}`;
}

/** The outcome of an invocation for which no code ran. */
function endWithoutRun(
  invocation: Invocation,
  { statusCode, result }: ActivationResponse,
  logs: readonly string[] = [],
): Outcome {
  const now = Date.now();
  const waitTime = Math.max(0, now - invocation.acceptedAt);
  return { statusCode, result, logs, start: now, end: now, waitTime, timedOut: false };
}
