/** The deployed page, as its tests see it: the platform that it runs on, a browser, and a person's steps. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { getDocumentProxy } from 'unpdf';
import { expect } from 'vitest';
import { openPromise } from 'yauzl';
import { countPages } from '../../cli/demo/check-pdf';
import type { PlatformName } from '../../contract/ways';
import { Machine, ROOT } from '../e2e/machine';
import { launch, open, type Watched } from './browser';

export const PHOTO = path.join(ROOT, 'examples/photo.jpg');
/** The beginning of one. */
export const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
/** A bound for what never comes: on a busy machine, the three actions of the way by a bucket take a minute to start. */
export const PATIENCE = { timeout: 110_000 };
export const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

/** Platform, page and browser. */
export class Stage {
  private readonly machine = new Machine();
  readonly temporary = this.machine.temporary;
  /** A photograph of some megabytes: noise does not get smaller. */
  readonly large = path.join(this.temporary, 'large.jpg');
  private launched: Browser | undefined;
  /** Of the page. */
  url = '';

  /** @param platform what the page is deployed on */
  constructor(readonly platform: PlatformName = 'openwhisk') {}

  get browser(): Browser {
    if (this.launched === undefined) throw new Error('not started');
    return this.launched;
  }

  async start(): Promise<void> {
    await this.machine.startPlatform();
    const up = await this.machine.run('up', '--platform', this.platform);
    expect(up.code, up.output).toBe(0);
    this.url = JSON.parse((await this.machine.run('outputs', '--json')).output).page;
    const noise = ['-size', '1400x1000', 'xc:gray', '+noise', 'Random', '-quality', '90'];
    execFileSync('/usr/bin/convert', [...noise, this.large]);
    this.launched = await launch();
  }

  async close(): Promise<void> {
    await this.launched?.close();
    await this.machine.close();
  }

  /** Opens the page of a deployment that has no way by a bucket. */
  async openWithoutBucket(): Promise<Watched> {
    const watched = await open(this.browser, 'about:blank');
    await watched.page.route(this.url, async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replace('data-large="bucket"', 'data-large="none"');
      await route.fulfill({ response, body });
    });
    await watched.page.goto(this.url);
    return watched;
  }

  /** A file of the test's own. */
  file(name: string, content: Buffer): string {
    const place = path.join(this.temporary, name);
    writeFileSync(place, content);
    return place;
  }

  /** Opens the page, and expects of it that it kept to its policy. */
  async visit(
    use: (watched: Watched) => Promise<void>,
    options: BrowserContextOptions = {},
    at = this.url,
  ): Promise<void> {
    const watched = await open(this.browser, at, options);
    try {
      await use(watched);
      expect(watched.faults).toEqual([]);
    } finally {
      await watched.context.close();
    }
  }
}

/** The row of a photograph. */
export const row = (page: Page, name: string) => page.locator('.item', { hasText: name });

/** What has become of it. */
export const stateOf = async (page: Page, name: string) => (await row(page, name).getAttribute('data-state')) ?? '';

/** Waits until it is converted, or refused. */
export const ends = (page: Page, name: string) =>
  expect.poll(() => stateOf(page, name), PATIENCE).toMatch(/done|failed/);

/** Clicks a link. @returns what it downloads */
export async function downloadOf(page: Page, link: Locator): Promise<Buffer> {
  const [begun] = await Promise.all([page.waitForEvent('download'), link.click()]);
  return readFileSync(await begun.path());
}

/** Width and height of each page of a PDF, in points. */
export async function sizesOf(pdf: Buffer): Promise<(readonly [number, number])[]> {
  const document = await getDocumentProxy(new Uint8Array(pdf), { verbosity: 0 });
  const numbers = Array.from({ length: document.numPages }, (_, at) => at + 1);
  const sizes = numbers.map(async (number) => {
    const { width, height } = (await document.getPage(number)).getViewport({ scale: 1 });
    return [Math.round(width), Math.round(height)] as const;
  });
  return Promise.all(sizes);
}

/** Clicks its "Download". */
export async function download(page: Page, name: string): Promise<{ readonly file: string; readonly pages: number }> {
  const [begun] = await Promise.all([page.waitForEvent('download'), row(page, name).locator('.download').click()]);
  return { file: begun.suggestedFilename(), pages: await countPages(readFileSync(await begun.path())) };
}

/** Clicks "Download all". @returns the names in the ZIP, each with its PDF sound */
export async function downloadAll(page: Page): Promise<{ readonly file: string; readonly names: readonly string[] }> {
  const [begun] = await Promise.all([page.waitForEvent('download'), page.locator('#download-all').click()]);
  const names: string[] = [];
  const zip = await openPromise(await begun.path());
  for await (const entry of zip.eachEntry()) {
    const parts: Buffer[] = [];
    for await (const part of await zip.openReadStreamPromise(entry)) parts.push(part as Buffer);
    expect(await countPages(Buffer.concat(parts))).toBe(1);
    names.push(entry.fileName);
  }
  return { file: begun.suggestedFilename(), names };
}
