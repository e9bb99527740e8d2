import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countPages } from '../../local/demo/check-pdf';
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

describe.runIf(present)(`the page in a browser${unless}`, () => {
  beforeAll(async () => {
    await machine.startPlatform();
    const up = await machine.run('up');
    expect(up.code, up.output).toBe(0);
    url = JSON.parse((await machine.run('outputs', '--json')).output).page;
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
        'This is a PNG image, not a JPEG. Save it as a JPEG and choose that.',
      );
      expect(await page.locator('#tally').textContent()).toBe('2 of 3 ready, 1 refused');
      await expect.poll(() => page.locator('#announcer').textContent(), PATIENCE).toContain('the PDF is ready');
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
      expect(await row(page, 'half.jpg').locator('.state').textContent()).toMatch(/not complete: its end is missing/);
      await row(page, 'half.jpg').locator('summary').click();
      expect(await row(page, 'half.jpg').locator('dl').textContent()).toContain('The JPEG is truncated');
      expect(await row(page, 'half.jpg').locator('.retry').isVisible()).toBe(false);
    });
  });

  test('the activation behind a conversion is shown to whoever asks: way, id, duration, cold or warm', async () => {
    await visit(async ({ page }) => {
      await page.setInputFiles('#files', PHOTO);
      await ends(page, 'photo.jpg');
      await row(page, 'photo.jpg').locator('summary').click();
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
      expect(await row(page, 'photo.jpg').locator('.state').textContent()).toMatch(/no answer/);
      await row(page, 'photo.jpg').locator('.retry').click();
      await expect.poll(() => stateOf(page, 'photo.jpg'), PATIENCE).toBe('done');
    });
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
        'button quietclear',
        'button view',
        'button tinted download',
        'button quiet remove',
        '',
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
  ])('axe-core finds nothing wrong with it: %s', async (_, options) => {
    await visit(async ({ page }) => {
      expect(await violations(page)).toEqual([]);
      await page.setInputFiles('#files', [PHOTO, file('holiday.jpg', PNG), file('half.jpg', TRUNCATED)]);
      for (const name of ['photo.jpg', 'holiday.jpg', 'half.jpg']) await ends(page, name);
      for (const summary of await page.locator('summary:visible').all()) await summary.click();
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
