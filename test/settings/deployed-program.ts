/** The program of a stack, run under mocks, and then deployed by the real providers to the OpenWhisk of this machine. */
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as providers from '@pdfmagic/openwhisk/providers';
import type { JsonObject } from '../../ground/json';
import program from '../../index';
import type { Invoker } from '../../platform/invoker/contract';
import { createInvoker } from '../../platform/invoker/create-invoker';
import { type OpenWhiskServer, startServer } from '../../platform/openwhisk/server';
import { authorization, identity } from '../openwhisk/identity';
import { writeStandInChart } from '../openwhisk-release/stand-in-chart';
import { answers } from '../program/answers';
import { all } from '../program/graph';
import { type Recording, record } from '../program/recording';
import { becomeReady } from '../program/student-machine';
import { type Came, send } from './attempts';

/** An action as the stack deploys it. */
export interface DeployedAction {
  readonly name: string;
  readonly parameters: JsonObject;
  readonly web: boolean;
  /** What opens it without the gateway, where that is needed. */
  readonly secret?: string;
  /** Operations of the API that lead to it: verb and URL. */
  readonly operations: readonly { readonly method: string; readonly url: string }[];
  /** Whether a trigger starts it. */
  readonly isFired: boolean;
}

type Inputs = Record<string, unknown>;
const kind = (name: string) => `pulumi-nodejs:dynamic/openwhisk:${name}`;

/** Runs the program with this config. */
export async function recordStack(config: Readonly<Record<string, string>>): Promise<Recording> {
  const leave = becomeReady();
  const chart = writeStandInChart();
  const installs = config.target === 'gke' || config.target === 'kubernetes';
  try {
    return await record(program, { ...config, ...(installs ? chart.config : {}) }, answers);
  } finally {
    leave();
    chart.remove();
  }
}

/** An OpenWhisk with the entities of a stack on it. */
export class DeployedProgram {
  readonly actions: DeployedAction[] = [];
  private readonly dataDir = mkdtempSync(path.join(tmpdir(), 'pdfmagic-settings-'));
  private invoker: Invoker | undefined;
  private server: OpenWhiskServer | undefined;

  /** @param apiHost what the actions are told of where OpenWhisk is */
  static async start(apiHost: string): Promise<DeployedProgram> {
    const deployed = new DeployedProgram();
    const { dataDir } = deployed;
    const invoker = await createInvoker({ dataDir, apiHost });
    const log = () => undefined;
    const host = { host: '127.0.0.1', port: 0, graceMs: 0, log };
    deployed.server = await startServer({ ...host, dataDir, identity, invoker });
    deployed.invoker = invoker;
    return deployed;
  }

  get url(): string {
    return this.server?.url ?? '';
  }

  /** Makes all entities of OpenWhisk; the flow of events to the trigger is not started. */
  async deploy({ resources }: Recording): Promise<void> {
    const image = this.invoker?.images[0];
    const inputsOf = (type: string): Inputs[] =>
      all(resources, kind(type)).map(({ inputs }) => ({
        ...inputs,
        ...('image' in inputs && { image }),
        connection: { apihost: this.url, auth: `${identity.uuid}:${identity.key}` },
      }));
    for (const inputs of inputsOf('Package')) await providers.packages.create(inputs as never);
    for (const inputs of inputsOf('Action')) await providers.actions.create(inputs as never);
    const operations: { action: unknown; method: string; url: string }[] = [];
    for (const inputs of inputsOf('Api')) {
      const { outs } = await providers.apis.create(inputs as never);
      operations.push({ action: inputs.action, method: String(inputs.verb).toUpperCase(), url: String(outs.url) });
    }
    for (const { feed: _, feedParameters: __, ...inputs } of inputsOf('Trigger'))
      await providers.triggers.create(inputs as never);
    const fired = inputsOf('Rule').map(({ action }) => action);
    for (const inputs of inputsOf('Rule')) await providers.rules.create(inputs as never);
    for (const inputs of inputsOf('Action')) {
      const name = String(inputs.name);
      const isThis = (action: unknown): boolean => String(action).endsWith(`/pdfmagic/${name}`);
      this.actions.push({
        name,
        parameters: (inputs.parameters ?? {}) as JsonObject,
        web: inputs.web === 'on' || inputs.web === 'raw',
        ...(typeof inputs.webSecret === 'string' && { secret: inputs.webSecret }),
        operations: operations.filter(({ action }) => isThis(action)),
        isFired: fired.some(isThis),
      });
    }
  }

  /** Changes parameters of an action as its deployer may. */
  async setParameters(name: string, parameters: JsonObject): Promise<void> {
    const list = Object.entries(parameters).map(([key, value]) => ({ key, value }));
    await this.rest('PUT', `actions/pdfmagic/${name}?overwrite=true`, { parameters: list });
  }

  /** A request to the REST API with the key. */
  rest(method: string, where: string, body?: JsonObject): Promise<Came> {
    const url = `${this.url}/api/v1/namespaces/_/${where}`;
    const json = body === undefined ? {} : { body: JSON.stringify(body) };
    return send({ method, url, headers: { authorization, 'content-type': 'application/json' }, ...json });
  }

  async stop(): Promise<void> {
    await this.server?.stop();
    await this.invoker?.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}
