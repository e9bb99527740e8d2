/** The two platforms, each with a stack of the same student, and plain HTTP to them. */
import http from 'node:http';
import type { Bucket } from '@google-cloud/storage';
import { afterAll, beforeAll, expect } from 'vitest';
import type { CloudBucket } from '../../cli/client/buckets';
import { openService } from '../../cli/client/service';
import type { PlatformName } from '../../infra/config';
import { Machine } from '../e2e/machine';
import { clientOf } from '../storage/emulator';

/** What is sent; nothing else is added but `Host` and `Content-Length`. */
export interface Sent {
  readonly method: string;
  /** Behind the URL of the API: a further path or a query. */
  readonly suffix?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A deployed platform. */
export class Deployed {
  private constructor(
    readonly machine: Machine,
    readonly convertUrl: string,
    private readonly pageUrl: string,
    private readonly inBucket: CloudBucket,
    private readonly outBucket: CloudBucket,
    /** The same bucket for what the service never does with it. */
    readonly rawOutBucket: Bucket,
  ) {}

  /** Starts a platform and deploys to it. */
  static async start(platform: PlatformName): Promise<Deployed> {
    const machine = new Machine();
    await machine.startPlatform();
    const up = await machine.run('up', '--platform', platform);
    expect(up.code, up.output).toBe(0);
    const stack = await machine.stack();
    expect(stack.platform).toBe(platform);
    const { inBucket, outBucket } = openService(stack);
    const raw = clientOf(stack.storageEndpoint ?? '').bucket(stack.outBucket);
    return new Deployed(machine, stack.endpoints.v1, stack.page ?? '', inBucket, outBucket, raw);
  }

  /** One request to the API. */
  send(sent: Sent): Promise<Answer> {
    return sendTo(this.convertUrl, sent);
  }

  /** One request to the page, or to what is beside it. */
  page(sent: Sent): Promise<Answer> {
    return sendTo(this.pageUrl.replace(/\/*$/, '/'), sent);
  }

  /** Puts an object into the in bucket. */
  async put(name: string, bytes: Buffer): Promise<void> {
    await this.inBucket.upload(bytes, name, { replace: true });
  }

  /** The names in the out bucket. */
  async results(): Promise<string[]> {
    return (await this.outBucket.list()).map(({ name }) => name).sort();
  }

  /** An object of the out bucket. */
  async result(name: string): Promise<Buffer> {
    const bytes = await this.outBucket.read(name);
    if (bytes === undefined) throw new Error(`there is no ${name}`);
    return bytes;
  }

  close(): Promise<void> {
    return this.machine.close();
  }
}

/** Both, once the tests of the file run. */
export interface Both {
  openwhisk: Deployed;
  cloudrun: Deployed;
}

/** Deploys to both platforms before the tests of a file, and ends them after these. */
export function deployBoth(): Both {
  const both: Partial<Both> = {};
  beforeAll(async () => {
    [both.openwhisk, both.cloudrun] = await Promise.all([Deployed.start('openwhisk'), Deployed.start('cloudrun')]);
  }, 600_000);
  afterAll(async () => {
    await Promise.all([both.openwhisk?.close(), both.cloudrun?.close()]);
  });
  return both as Both;
}

/** Sends a request to a URL with the suffix behind it. */
function sendTo(base: string, { method, suffix = '', headers = {}, body }: Sent): Promise<Answer> {
  const url = `${base}${suffix}`;
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, headers: { ...headers, ...length } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.once('error', reject);
      answer.once('end', () => {
        const received = Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
        resolve({
          status: answer.statusCode ?? 0,
          headers: Object.fromEntries(received),
          body: Buffer.concat(chunks),
        });
      });
    });
    request.once('error', reject);
    request.end(body);
  });
}
