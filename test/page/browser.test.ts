import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countPages } from '../../cli/demo/check-pdf';
import { TRUNCATED } from '../actions/jpegs';
import { Machine, ROOT } from '../e2e/machine';
import { findBrowser, launch, open, violations, type Watched } from './browser';

const { present, unless } = findBrowser();
const PHOTO = path.join(ROOT, 'examples/photo.jpg');
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const PATIENCE = { timeout: 60_000 };
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

const machine = new Machine();
let browser: Browser;
let url: string;
/** A photograph of some megabytes: noise does not get smaller. */
const large = path.join(machine.temporary, 'large.jpg');

/** A file of the test's own. */
function file(name: string, content: Buffer): string {
  const place = path.join(machine.temporary, name);
  writeFileSync(place, content);
  return place;
}

const row = (page: Page, name: string) => page.locator('.item', { hasText: name });
const stateOf = async (page: Page, name: string) => (await row(page, name).getAttribute('data-state')) ?? '';
const ends = (page: Page, name: string) => expect.poll(() => stateOf(page, name), PATIENCE).toMatch(/done|failed/);

/** Opens the page, and expects of it that it kept to its policy. */
async function visit(use: (watched: Watched) => Promise<void>, options = {}, at = url): Promise<void> {
  const watched = await open(browser, at, options);
  try {
    await use(watched);
    expect(watched.faults).toEqual([]);
  } finally {
    await watched.context.close();
  }
}

async function download(page: Page, name: string): Promise<{ readonly file: string; readonly pages: number }> {
  const [begun] = await Promise.all([page.waitForEvent('download'), row(page, name).locator('.download').click()]);
  return { file: begun.suggestedFilename(), pages: await countPages(readFileSync(await begun.path())) };
}

/** Clicks "Download all". @returns the names in the ZIP, each with its PDF sound */
async function downloadAll(page: Page): Promise<{ readonly file: string; readonly names: readonly string[] }> {
  const [begun] = await Promise.all([page.waitForEvent('download'), page.locator('#download-all').click()]);
  const names: string[] = [];
  for await (const entry of await yauzl.openPromise(await begun.path())) {
    expect(entry.compressionMethod).toBe(0);
    names.push(entry.fileName);
  }
  return { file: begun.suggestedFilename(), names };
}

describe.runIf(present)(`the page in a browser${unless}`, () => {
  beforeAll(async () => {
    await machine.startPlatform();
    const up = await machine.run('up');
    expect(up.code, up.output).toBe(0);
    url = JSON.parse((await machine.run('outputs', '--json')).output).page;
    execFileSync('/usr/bin/convert', ['-size', '1400x1000', 'xc:gray', '+noise', 'Random', '-quality', '90', large]);
    browser = await launch();
  });

  afterAll(() => browser?.close());

  test('three files are chosen, one of them no JPEG: two PDFs, and one clear refusal', async () => {
    await visit(async ({ page }) => {
      const second = file('second.jpeg', readFileSync(PHOTO));
      await page.setInputFiles('#files', [PHOTO, file('holiday.jpg', PNG), second]);
      for (const name of ['photo.jpg', 'holiday.jpg', 'second.jpeg']) await ends(page, name);
      expect(await download(page, 'photo.jpg')).toEqual({ file: 'photo.pdf', pages: 1 });
      expect(await download(page, 'second.jpeg')).toEqual({ file: 'second.pdf', pages: 1 });
      expect(await row(page, 'holiday.jpg').locator('.state').textContent()).toBe(
        'This is a PNG image, not a JPEG. Save it as a JPEG and try again.',
      );
      expect(await page.locator('#tally').textContent()).toBe('2 of 3 ready, 1 failed');
      await expect.poll(() => page.locator('#announcer').textContent(), PATIENCE).toContain('the PDF is ready');
    });
  });

  test('photographs may be dropped on the page, and all PDFs downloaded at once', async () => {
    await visit(async ({ page }) => {
      const jpeg = `Uint8Array.from(atob('${readFileSync(PHOTO).toString('base64')}'), (c) => c.charCodeAt(0))`;
      await page.evaluate(`{
        const dataTransfer = new DataTransfer();
        for (const name of ['one.jpg', 'two.jpg']) dataTransfer.items.add(new File([${jpeg}], name));
        document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
      }`);
      await ends(page, 'one.jpg');
      await ends(page, 'two.jpg');
      const { file, names } = await downloadAll(page);
      expect(file).toBe('PDFMagic.zip');
      expect(names).toEqual(['one.pdf', 'two.pdf']);
    });
  });

  test('three are converted at a time; who is removed is not sent any further', async () => {
    await visit(async ({ page }) => {
      let asked = 0;
      const held: (() => void)[] = [];
      await page.route('**/convert/pdf', async (route) => {
        asked += 1;
        await new Promise<void>((resolve) => held.push(resolve));
        await route.continue().catch(() => undefined); // the removed one is gone
      });
      const ended: string[] = [];
      page.on('requestfailed', (request) => ended.push(request.failure()?.errorText ?? ''));
      const names = ['1.jpg', '2.jpg', '3.jpg', '4.jpg', '5.jpg'];
      await page.setInputFiles(
        '#files',
        names.map((name) => file(name, readFileSync(PHOTO))),
      );
      await expect.poll(() => asked, PATIENCE).toBe(3);
      expect(await stateOf(page, '4.jpg')).toBe('waiting');
      await row(page, '1.jpg').locator('.remove').click();
      await expect.poll(() => ended, PATIENCE).toEqual(['net::ERR_ABORTED']);
      await expect.poll(() => asked, PATIENCE).toBe(4);
      expect(await stateOf(page, '5.jpg')).toBe('waiting');
      await expect
        .poll(() => {
          for (const go of held.splice(0)) go();
          return page.locator('.item[data-state=done]').count();
        }, PATIENCE)
        .toBe(4);
    });
  });

  test('a PDF is viewed in a tab of its own', async () => {
    await visit(async ({ page, context }) => {
      await page.setInputFiles('#files', PHOTO);
      await ends(page, 'photo.jpg');
      const [tab] = await Promise.all([context.waitForEvent('page'), row(page, 'photo.jpg').locator('.view').click()]);
      expect(tab.url()).toMatch(/^blob:/);
    });
  });

  test('what only the service finds wrong is told in words, with what it said', async () => {
    await visit(async ({ page }) => {
      await page.setInputFiles('#files', file('half.jpg', TRUNCATED));
      await ends(page, 'half.jpg');
      expect(await row(page, 'half.jpg').locator('.state').textContent()).toMatch(/incomplete: its end is missing/);
      await page.locator('#how').click();
      expect(await row(page, 'half.jpg').locator('dl').textContent()).toContain('The JPEG is truncated');
      expect(await row(page, 'half.jpg').locator('.retry').isVisible()).toBe(false);
    });
  });

  test('the activation behind a conversion is shown to whoever asks: way, id, duration, cold or warm', async () => {
    await visit(async ({ page }) => {
      await page.setInputFiles('#files', PHOTO);
      await ends(page, 'photo.jpg');
      await page.locator('#how').click();
      const details = row(page, 'photo.jpg').locator('dl');
      await expect.poll(() => details.textContent(), PATIENCE).toMatch(/v1 ran for [\d.]+ m?s/);
      expect(await details.textContent()).toMatch(/the photograph in the request/);
      expect(await details.textContent()).toMatch(/Activation[0-9a-f]{32}/);
      expect(await details.textContent()).toMatch(/Start(cold|warm)/);
    });
  });

  test('trouble with the network is told, and tried again when asked to', async () => {
    await visit(async ({ page }) => {
      await page.route('**/pdf', (route) => route.abort('connectionreset'), { times: 1 });
      await page.setInputFiles('#files', PHOTO);
      await ends(page, 'photo.jpg');
      expect(await row(page, 'photo.jpg').locator('.state').textContent()).toMatch(/No response/);
      await row(page, 'photo.jpg').locator('.retry').click();
      await expect.poll(() => stateOf(page, 'photo.jpg'), PATIENCE).toBe('done');
    });
  });

  test('a photograph over the limit of a request goes by a bucket, and its PDF comes back from one', async () => {
    await visit(async ({ page }) => {
      const sent: string[] = [];
      page.on('request', (request) => sent.push(`${request.method()} ${new URL(request.url()).pathname}`));
      await page.setInputFiles('#files', large);
      await ends(page, 'large.jpg');
      expect(await download(page, 'large.jpg')).toEqual({ file: 'large.pdf', pages: 1 });
      expect(sent.filter((one) => one.startsWith('PUT'))).toEqual([
        expect.stringMatching(/^PUT \/demo-convert-in\/page\/[0-9a-f-]{36}\/large\.jpg$/),
      ]);
      await page.locator('#how').click();
      const details = row(page, 'large.jpg').locator('dl');
      await expect.poll(() => details.textContent(), PATIENCE).toMatch(/v2 ran for/);
      expect(await details.textContent()).toContain('whose arrival started the action');
    });
  });

  test('where no event starts the conversion, the page asks for it', async () => {
    await visit(async ({ page }) => {
      await page.route('**/convert/upload', async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, json: { ...(await response.json()), via: 'v2' } });
      });
      await page.setInputFiles('#files', large);
      await ends(page, 'large.jpg');
      expect(await download(page, 'large.jpg')).toEqual({ file: 'large.pdf', pages: 1 });
      expect(await row(page, 'large.jpg').locator('dl').textContent()).toContain('named in a request');
    });
  });

  test('one whose PDF is over the limit of an answer goes by a bucket, too', async () => {
    await visit(async ({ page }) => {
      const tooLarge = { status: 413, json: { error: 'The PDF is too large.', code: 'too-large' } };
      await page.route('**/convert/pdf', (route) => route.fulfill(tooLarge), { times: 1 });
      await page.setInputFiles('#files', PHOTO);
      await ends(page, 'photo.jpg');
      expect(await download(page, 'photo.jpg')).toEqual({ file: 'photo.pdf', pages: 1 });
    });
  });

  test('what is wrong with a photograph in a bucket is told as it is of one in a request', async () => {
    await visit(async ({ page }) => {
      await page.setInputFiles('#files', file('large half.jpg', readFileSync(large).subarray(0, -1000)));
      await ends(page, 'large half.jpg');
      expect(await row(page, 'large half.jpg').locator('.state').textContent()).toMatch(/its end is missing/);
      expect(await row(page, 'large half.jpg').locator('dl').textContent()).toMatch(/Activation[0-9a-f]{32}/);
    });
  });

  test('where there is no way by a bucket, a photograph over the limit is refused, with the limit', async () => {
    const { page, context } = await open(browser, 'about:blank');
    await page.route(url, async (route) => {
      const response = await route.fetch();
      await route.fulfill({
        response,
        body: (await response.text()).replace('data-large="bucket"', 'data-large="none"'),
      });
    });
    await page.goto(url);
    await page.setInputFiles('#files', large);
    await ends(page, 'large.jpg');
    expect(await row(page, 'large.jpg').locator('.state').textContent()).toMatch(
      /^This photograph is [\d.]+ [kM]B; the limit is 750 kB/,
    );
    await context.close();
  });

  test('works without the slash at the end of its address', async () => {
    await visit(
      async ({ page }) => {
        await page.setInputFiles('#files', PHOTO);
        await expect.poll(() => stateOf(page, 'photo.jpg'), PATIENCE).toBe('done');
      },
      {},
      url.replace(/\/$/, ''),
    );
  });

  test('works by keyboard alone, and the focus is never lost', async () => {
    await visit(async ({ page }) => {
      const focused = () => page.evaluate('document.activeElement.className + document.activeElement.id');
      // Asked for first: a dialog that opens before Chromium knows of it is one nobody can answer.
      const dialog = page.waitForEvent('filechooser');
      await page.keyboard.press('Tab');
      expect(await focused()).toBe('files');
      await page.keyboard.press('Enter');
      await (await dialog).setFiles([PHOTO, file('holiday.jpg', PNG)]);
      await ends(page, 'photo.jpg');
      await ends(page, 'holiday.jpg');
      const order: unknown[] = [];
      for (let step = 0; step < 6; step += 1) {
        await page.keyboard.press('Tab');
        order.push(await focused());
      }
      expect(order).toEqual([
        'button quiet switchhow',
        'button quietclear',
        'button view',
        'button tinted download',
        'button quiet remove',
        'button quiet remove',
      ]);
      await page.keyboard.press('Enter');
      expect(await focused()).toBe('item');
      for (let step = 0; step < 3; step += 1) await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      expect(await focused()).toBe('files');
      expect(await page.locator('.item').count()).toBe(0);
    });
  });

  test.each([
    ['light', {}],
    ['dark', { colorScheme: 'dark' as const }],
    ['phone', PHONE],
    ['dark phone', { ...PHONE, colorScheme: 'dark' as const }],
    ['forced colours', { forcedColors: 'active' as const }],
    ['dark forced colours', { forcedColors: 'active' as const, colorScheme: 'dark' as const }],
  ])('axe-core finds nothing wrong with it: %s', async (_, options) => {
    await visit(async ({ page }) => {
      expect(await violations(page)).toEqual([]);
      await page.setInputFiles('#files', [PHOTO, file('holiday.jpg', PNG), file('half.jpg', TRUNCATED)]);
      for (const name of ['photo.jpg', 'holiday.jpg', 'half.jpg']) await ends(page, name);
      await page.locator('#how').click();
      expect(await violations(page)).toEqual([]);
      const sideways = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
      expect(await page.evaluate(sideways)).toBe(0);
    }, options);
  });

  test('a script that is not its own does not run', async () => {
    const { page, faults, context } = await open(browser, url);
    await page.evaluate("document.body.append(Object.assign(document.createElement('script'), { text: 'done = 1' }))");
    expect(await page.evaluate('typeof done')).toBe('undefined');
    await expect.poll(() => faults.join('\n'), PATIENCE).toMatch(/script-src/);
    await context.close();
  });
});

afterAll(() => machine.close());
