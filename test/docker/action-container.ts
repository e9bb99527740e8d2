/** A container of a runtime image, spoken to as OpenWhisk's invoker does: POST /init once, then POST /run. */
import { setTimeout as sleep } from 'node:timers/promises';
import { docker } from './engine';

/** The port of OpenWhisk's action proxies, inside. */
const PORT = '8080';
const PATIENCE = 30_000;

export interface ProxyAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export class ActionContainer {
  private constructor(
    private readonly id: string,
    private readonly url: string,
  ) {}

  /** Starts one of `image`, reachable on a loopback port. Resolves when its proxy answers. */
  static async start(image: string): Promise<ActionContainer> {
    const id = docker('run', '--detach', '--publish', `127.0.0.1::${PORT}`, image).trim();
    const container = new ActionContainer(id, `http://${docker('port', id, PORT).trim()}`);
    try {
      await container.untilItAnswers();
      return container;
    } catch (error) {
      container.remove();
      throw error;
    }
  }

  /** @param code a zip */
  init(code: Buffer): Promise<ProxyAnswer> {
    return this.post('/init', { value: { name: 'action', main: 'main', binary: true, code: code.toString('base64') } });
  }

  run(parameters: object): Promise<ProxyAnswer> {
    return this.post('/run', { value: parameters, activation_id: 'test' });
  }

  remove(): void {
    docker('rm', '--force', '--volumes', this.id);
  }

  private async post(place: string, body: object): Promise<ProxyAnswer> {
    const response = await fetch(this.url + place, { method: 'POST', body: JSON.stringify(body) });
    return { status: response.status, body: (await response.json()) as ProxyAnswer['body'] };
  }

  /** A run before the initialization is refused, and that is an answer. */
  private async untilItAnswers(): Promise<void> {
    const end = Date.now() + PATIENCE;
    for (;;) {
      try {
        await this.run({});
        return;
      } catch (error) {
        if (Date.now() > end)
          throw new Error(`${docker('logs', this.id)}: the proxy does not answer`, { cause: error });
        await sleep(50);
      }
    }
  }
}
