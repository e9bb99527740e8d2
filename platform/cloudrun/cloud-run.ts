/** Cloud Run and Eventarc on this machine: services, triggers, and what is deployed over restarts. See README.md. */
import path from 'node:path';
import type { JsonObject } from '../../ground/json';
import type { EventStore } from '../openwhisk/store/events';
import type { WriteListener } from '../storage/start-storage';
import { type Deliveries, startDeliveries } from './deliveries';
import { type Launch, type LaunchOptions, prepareLaunch, removeInstances } from './launch';
import { Revision } from './revision';
import { type Deployed, readDeployed, type ServiceSpec, type TriggerSpec, writeDeployed } from './spec';

export interface CloudRunOptions extends LaunchOptions {
  /** URL of the platform; services are below it. */
  readonly url: string;
  readonly storageEndpoint: string;
  readonly ledger: EventStore;
}

/** Something names what is not there, or what is still in use. The message is for the one who asked. */
export class Conflict extends Error {}

/** All services and triggers of a platform; hears of writes as the storage's listener. */
export class CloudRun implements WriteListener {
  private readonly deployed: Deployed;
  private readonly revisions = new Map<string, Revision>();
  private readonly deliveries = new Map<string, Deliveries>();
  private readonly retiring = new Set<Promise<void>>();

  private constructor(private readonly options: CloudRunOptions) {
    this.deployed = readDeployed(path.resolve(options.dataDir));
  }

  /**
   * Ends what a platform that was killed left behind, and builds the image if there are services that need it: their first
   * requests would not wait for so long.
   * @throws Error when what an earlier run deployed cannot be read; DockerError when the image cannot be built
   */
  static async open(options: CloudRunOptions): Promise<CloudRun> {
    const left = await removeInstances(options.dataDir);
    if (left > 0) options.log(`cloudrun: ended ${left} instance(s) that an earlier run left behind`);
    const services = new CloudRun(options);
    const isNeeded = options.docker !== undefined && Object.keys(services.deployed.services).length > 0;
    if (isNeeded) await prepareLaunch(options);
    return services;
  }

  /** Goes on with the triggers of an earlier run; services start by their first request. To be called when all answers. */
  restore(): void {
    for (const [name, spec] of Object.entries(this.deployed.triggers)) this.deliver(name, spec);
  }

  /** URLs of all services. */
  urls(): string[] {
    return Object.keys(this.deployed.services).map((name) => this.urlOf(name));
  }

  urlOf(service: string): string {
    return `${this.options.url}/run/${service}`;
  }

  findService(name: string): ServiceSpec | undefined {
    return getOwn(this.deployed.services, name);
  }

  findTrigger(name: string): TriggerSpec | undefined {
    return getOwn(this.deployed.triggers, name);
  }

  /** The revision that takes requests; undefined when there is no such service. */
  findRevision(name: string): Revision | undefined {
    const spec = this.findService(name);
    if (spec === undefined) return undefined;
    const present = this.revisions.get(name) ?? this.makeRevision(name, spec);
    this.revisions.set(name, present);
    return present;
  }

  /** Deploys a service, or another revision of it. Like Cloud Run it rejects one whose instance does not get ready. */
  async putService(name: string, spec: ServiceSpec): Promise<void> {
    const revision = this.makeRevision(name, spec, await prepareLaunch(this.options));
    try {
      (await revision.acquire()).release();
    } catch (error) {
      await revision.retire();
      throw error;
    }
    const before = this.revisions.get(name);
    this.revisions.set(name, revision);
    this.deployed.services[name] = spec;
    this.keep();
    if (before !== undefined) this.retire(before);
  }

  /** @returns whether there was one @throws Conflict while a trigger needs it */
  async deleteService(name: string): Promise<boolean> {
    if (this.findService(name) === undefined) return false;
    const user = Object.entries(this.deployed.triggers).find(([, { service }]) => service === name)?.[0];
    if (user !== undefined) throw new Conflict(`the trigger ${user} delivers to the service ${name}: delete it first`);
    delete this.deployed.services[name];
    this.keep();
    const revision = this.revisions.get(name);
    this.revisions.delete(name);
    await revision?.retire();
    return true;
  }

  /** @throws Conflict without its service */
  async putTrigger(name: string, spec: TriggerSpec): Promise<void> {
    if (this.findService(spec.service) === undefined) throw new Conflict(`there is no service ${spec.service}`);
    await this.deliveries.get(name)?.feed.stop();
    this.deployed.triggers[name] = spec;
    this.keep();
    this.deliver(name, spec);
  }

  /** @returns whether there was one */
  async deleteTrigger(name: string): Promise<boolean> {
    if (this.findTrigger(name) === undefined) return false;
    delete this.deployed.triggers[name];
    this.keep();
    const running = this.deliveries.get(name);
    this.deliveries.delete(name);
    await running?.feed.stop();
    return true;
  }

  written(bucket: string, name: string, metadata?: JsonObject): void {
    for (const running of this.deliveries.values())
      if (running.bucket === bucket) running.source.written(name, metadata);
  }

  uncertain(): void {
    for (const { source } of this.deliveries.values()) source.uncertain();
  }

  /** Ends all of it for this run: deliveries first, then the instances. The next run goes on. */
  async close(): Promise<void> {
    await Promise.all([...this.deliveries.values()].map(({ feed }) => feed.stop()));
    await Promise.all([...this.revisions.values()].map((revision) => revision.retire()));
    await Promise.all(this.retiring);
    await removeInstances(this.options.dataDir);
  }

  /** Without `launch` its first request prepares one. */
  private makeRevision(name: string, spec: ServiceSpec, launch?: Launch): Revision {
    const { log } = this.options;
    let prepared = launch === undefined ? undefined : Promise.resolve(launch);
    const concurrency = spec.maxInstanceRequestConcurrency;
    return new Revision({
      concurrency,
      maxInstances: spec.maxInstanceCount,
      idleMs: spec.idleTimeout * 1000,
      patienceMs: spec.timeout * 1000,
      launch: async () => {
        prepared ??= prepareLaunch(this.options);
        // What failed is tried again by the next request.
        const start = await prepared.catch((error: unknown) => {
          prepared = undefined;
          throw error;
        });
        const environment = { ...spec.env, CONCURRENCY: String(concurrency), K_SERVICE: name };
        return start(name, environment, (line) => log(`cloudrun: ${name}: ${line}`));
      },
    });
  }

  private retire(revision: Revision): void {
    const retired = revision.retire().finally(() => this.retiring.delete(retired));
    this.retiring.add(retired);
  }

  private deliver(name: string, spec: TriggerSpec): void {
    const { storageEndpoint, ledger, log } = this.options;
    const serviceUrl = this.urlOf(spec.service);
    const timeout = (): number => 1000 * (this.findService(spec.service)?.timeout ?? 0);
    this.deliveries.set(name, startDeliveries({ name, spec, serviceUrl, timeout, storageEndpoint, ledger, log }));
  }

  private keep(): void {
    writeDeployed(path.resolve(this.options.dataDir), this.deployed);
  }
}

/** `constructor` and the like are no names of anything deployed. */
function getOwn<T>(all: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(all, name) ? all[name] : undefined;
}
