import { describe, expect, test } from 'vitest';
import type { Instance } from '../../platform/cloudrun/instance';
import { NoInstance, Revision, type RevisionOptions } from '../../platform/cloudrun/revision';

/** Instances that are no processes: what matters here is how many there are, and when. */
class Played {
  readonly started: { readonly url: string; die(): void }[] = [];
  stopped = 0;
  launching = 0;
  failure: Error | undefined;
  /** Resolves a start; starts wait for it. */
  gate: Promise<void> = Promise.resolve();

  async launch(): Promise<Instance> {
    this.launching += 1;
    await this.gate;
    this.launching -= 1;
    if (this.failure !== undefined) throw this.failure;
    let die = (): void => undefined;
    const ended = new Promise<void>((resolve) => {
      die = resolve;
    });
    const url = `http://instance-${this.started.length}`;
    this.started.push({ url, die });
    const stop = async () => {
      this.stopped += 1;
      die();
    };
    return { url, pid: 1, ended, stop };
  }
}

function revisionOf(played: Played, options: Partial<RevisionOptions> = {}): Revision {
  return new Revision({
    launch: () => played.launch(),
    concurrency: 2,
    maxInstances: 2,
    idleMs: 60_000,
    patienceMs: 60_000,
    ...options,
  });
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a revision', () => {
  test('has no instance at rest, and one by the first request', async () => {
    const played = new Played();
    const revision = revisionOf(played);
    expect(revision.instances).toHaveLength(0);
    expect((await revision.acquire()).url).toBe('http://instance-0');
    expect(played.started).toHaveLength(1);
  });

  test('starts another instance only when those there have no room, and no more than the bound', async () => {
    const played = new Played();
    const revision = revisionOf(played);
    const leases = [await revision.acquire(), await revision.acquire()];
    expect(played.started).toHaveLength(1);
    leases.push(await revision.acquire(), await revision.acquire());
    expect(played.started).toHaveLength(2);
    let fifth: string | undefined;
    const waiting = revision.acquire().then(({ url }) => {
      fifth = url;
    });
    await turn();
    expect(fifth).toBeUndefined();
    expect(played.started).toHaveLength(2);
    leases[0]?.release();
    await waiting;
    expect(fifth).toBe('http://instance-0');
  });

  test('starts one instance for as many requests as it takes, while it is still starting', async () => {
    const played = new Played();
    let open = (): void => undefined;
    played.gate = new Promise((resolve) => {
      open = resolve;
    });
    const revision = revisionOf(played);
    const three = [revision.acquire(), revision.acquire(), revision.acquire()];
    await turn();
    expect(played.launching).toBe(2);
    open();
    const urls = (await Promise.all(three)).map(({ url }) => url);
    expect(new Set(urls).size).toBe(2);
  });

  test('ends an instance that has had no request for a while', async () => {
    const played = new Played();
    const revision = revisionOf(played, { idleMs: 20 });
    (await revision.acquire()).release();
    await expect.poll(() => played.stopped, { timeout: 30_000 }).toBe(1);
    expect(revision.instances).toHaveLength(0);
  });

  test('ends none that has one', async () => {
    const played = new Played();
    const revision = revisionOf(played, { idleMs: 20 });
    const lease = await revision.acquire();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(played.stopped).toBe(0);
    lease.release();
  });

  test('replaces an instance that has died, for the next request', async () => {
    const played = new Played();
    const revision = revisionOf(played);
    (await revision.acquire()).release();
    played.started[0]?.die();
    await turn();
    expect((await revision.acquire()).url).toBe('http://instance-1');
  });

  test('tells requests why no instance gets ready, and tries anew for the next one', async () => {
    const played = new Played();
    played.failure = new Error('it has no out bucket');
    const revision = revisionOf(played);
    await expect(revision.acquire()).rejects.toThrow('it has no out bucket');
    played.failure = undefined;
    expect((await revision.acquire()).url).toBe('http://instance-0');
  });

  test('lets no request wait for ever', async () => {
    const revision = revisionOf(new Played(), { maxInstances: 1, concurrency: 1, patienceMs: 50 });
    await revision.acquire();
    await expect(revision.acquire()).rejects.toThrow(NoInstance);
  });

  test('ends all instances, and refuses who waits, when it is removed', async () => {
    const played = new Played();
    const revision = revisionOf(played, { maxInstances: 1, concurrency: 1 });
    await revision.acquire();
    const waiting = revision.acquire();
    const refused = expect(waiting).rejects.toThrow(NoInstance);
    await revision.retire();
    await refused;
    expect(played.stopped).toBe(1);
  });
});
