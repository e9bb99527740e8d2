import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPromise } from 'yauzl';
import { countPages } from '../../cli/demo/check-pdf';
import { TRUNCATED } from '../actions/jpegs';
import { Machine, ROOT } from '../e2e/machine';
import { countColours, findBrowser, launch, open, violations, type Watched } from './browser';

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
  const zip = await openPromise(await begun.path());
  for await (const entry of zip.eachEntry()) {
    const parts: Buffer[] = [];
    for await (const part of await zip.openReadStreamPromise(entry)) parts.push(part as Buffer);
    expect(await countPages(Buffer.concat(parts))).toBe(1);
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

  test('PDFs of photographs of one name are numbered in the ZIP', async () => {
    await visit(async ({ page }) => {
      const twin = { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: readFileSync(PHOTO) };
      await page.setInputFiles('#files', [twin, { ...twin, name: 'PHOTO.JPEG' }, twin]);
      await expect.poll(() => page.locator('.item[data-state=done]').count(), PATIENCE).toBe(3);
      expect((await downloadAll(page)).names).toEqual(['photo.pdf', 'PHOTO (2).pdf', 'photo (3).pdf']);
    });
  });

  test('a folder may be dropped: all JPEGs in it are converted, however deep, and what is left out is said', async () => {
    await visit(async ({ page, context }) => {
      const folder = path.join(machine.temporary, 'holidays');
      mkdirSync(path.join(folder, 'by the sea', 'empty'), { recursive: true });
      copyFileSync(PHOTO, path.join(folder, 'a.jpg'));
      copyFileSync(PHOTO, path.join(folder, 'by the sea', 'b.JPEG'));
      writeFileSync(path.join(folder, 'by the sea', 'notes.txt'), 'no photograph');
      const devtools = await context.newCDPSession(page);
      const data = { items: [], files: [folder], dragOperationsMask: 1 };
      for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
        await devtools.send('Input.dispatchDragEvent', { type, x: 200, y: 200, data });
      for (const name of ['a.jpg', 'b.JPEG']) await ends(page, name);
      expect(await page.locator('.item[data-state=done]').count()).toBe(2);
      expect(await page.locator('#note').textContent()).toMatch(/^1 file in the folder was left out/);
    });
  });

  test('a photograph may be pasted, and a copied picture, which browsers hand over as a PNG', async () => {
    await visit(async ({ page }) => {
      const png = execFileSync('/usr/bin/convert', ['-size', '40x30', 'xc:red', 'png:-']).toString('base64');
      const paste = (base64: string, name: string) =>
        page.evaluate(`{
          const clipboardData = new DataTransfer();
          clipboardData.items.add(new File([Uint8Array.from(atob('${base64}'), (c) => c.charCodeAt(0))], '${name}'));
          document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
        }`);
      await paste(readFileSync(PHOTO).toString('base64'), 'photo.jpg');
      await paste(png, 'image.png');
      for (const name of ['photo.jpg', 'pasted.jpg']) await ends(page, name);
      expect(await page.locator('.item[data-state=done]').count()).toBe(2);
    });
  });

  test('a sample is there to try, with its size before and after', async () => {
    await visit(async ({ page }) => {
      await page.locator('#sample').click();
      expect(await page.evaluate('document.activeElement.id')).toBe('results-title');
      await ends(page, 'sample.jpg');
      expect(await row(page, 'sample.jpg').locator('.state').textContent()).toMatch(/^JPEG \d+ kB, PDF \d+ kB$/);
    });
  });

  test('offline, photographs fail, and are tried again by themselves when the network is back', async () => {
    await visit(async ({ page, context }) => {
      await context.setOffline(true);
      await page.setInputFiles('#files', [PHOTO, file('second.jpg', readFileSync(PHOTO))]);
      for (const name of ['photo.jpg', 'second.jpg']) await ends(page, name);
      expect(await row(page, 'photo.jpg').locator('.state').textContent()).toMatch(/^You are offline/);
      expect(await page.locator('#tally').textContent()).toBe('0 of 2 ready, 2 failed');
      expect(await page.locator('#retry-all').isVisible()).toBe(true);
      expect(await violations(page)).toEqual([]);
      await context.setOffline(false);
      await expect.poll(() => page.locator('.item[data-state=done]').count(), PATIENCE).toBe(2);
      expect(await page.locator('#retry-all').isVisible()).toBe(false);
    });
  });

  test('a service that does not answer is looked for, and photographs go there when it does', async () => {
    await visit(async ({ page }) => {
      await page.clock.install();
      let gone = true;
      await page.route('**/convert/**', (route) => (gone ? route.abort('connectionrefused') : route.continue()));
      await page.setInputFiles('#files', PHOTO);
      await ends(page, 'photo.jpg');
      await page.clock.fastForward(11_000);
      expect(await stateOf(page, 'photo.jpg')).toBe('failed');
      gone = false;
      await page.clock.fastForward(120_000);
      await expect.poll(() => stateOf(page, 'photo.jpg'), PATIENCE).toBe('done');
    });
  });

  test('all that failed is tried again at once when asked to', async () => {
    await visit(async ({ page }) => {
      await page.route('**/pdf', (route) => route.fulfill({ status: 500, body: '{}' }), { times: 2 });
      await page.setInputFiles('#files', [PHOTO, file('second.jpg', readFileSync(PHOTO))]);
      for (const name of ['photo.jpg', 'second.jpg']) await ends(page, name);
      await page.locator('#retry-all').click();
      expect(await page.evaluate('document.activeElement.id')).toBe('results-title');
      await expect.poll(() => page.locator('.item[data-state=done]').count(), PATIENCE).toBe(2);
    });
  });

  test('how far all are is in the title and a bar, and leaving asks until they are done', async () => {
    await visit(async ({ page }) => {
      const held: (() => void)[] = [];
      await page.route('**/convert/pdf', async (route) => {
        await new Promise<void>((resolve) => held.push(resolve));
        await route.continue();
      });
      const asked: string[] = [];
      page.on('dialog', (dialog) => {
        asked.push(dialog.type());
        void dialog.dismiss();
      });
      await page.locator('h1').click(); // A browser asks only for people who did something.
      await page.setInputFiles('#files', [PHOTO, file('second.jpg', readFileSync(PHOTO)), file('holiday.jpg', PNG)]);
      await ends(page, 'holiday.jpg');
      expect(await page.title()).toBe('0 of 3 ready, 1 failed · PDFMagic: photographs to PDF');
      const bar = page.getByRole('progressbar', { name: 'Progress of all photographs' });
      expect([await bar.getAttribute('value'), await bar.getAttribute('max')]).toEqual(['1', '3']);
      expect(await bar.isVisible()).toBe(true);
      expect(await violations(page)).toEqual([]);
      await page.close({ runBeforeUnload: true });
      await expect.poll(() => asked, PATIENCE).toEqual(['beforeunload']);
      await expect.poll(() => held.length, PATIENCE).toBe(2);
      for (const go of held) go();
      await expect.poll(() => page.title(), PATIENCE).toMatch(/^2 of 3 ready, 1 failed/);
      expect(await bar.isVisible()).toBe(false);
      await Promise.all([page.waitForEvent('close'), page.close({ runBeforeUnload: true })]);
      expect(asked).toEqual(['beforeunload']);
    });
  });

  test('in forced colours every icon is seen', async () => {
    await visit(
      async ({ page }) => {
        for (const icon of ['.mark', '.photograph'])
          expect(await countColours(page.locator(icon)), icon).toBeGreaterThan(1);
        await page.setInputFiles('#files', file('holiday.jpg', PNG));
        await ends(page, 'holiday.jpg');
        for (const icon of ['.wrong', '.remove'])
          expect(await countColours(page.locator(icon)), icon).toBeGreaterThan(1);
        await page.evaluate("document.querySelector('.item').dataset.state = 'waiting'");
        expect(await countColours(page.locator('.plain'))).toBeGreaterThan(1);
      },
      { forcedColors: 'active' },
    );
  });

  test('who sees a photograph and how long it stays is said', async () => {
    await visit(async ({ page }) => {
      const said = await page.locator('#privacy').textContent();
      expect(said).toMatch(/^The people who run this service can see your photographs/);
      expect(said).toMatch(/over 750 kB goes through two buckets.*until somebody deletes them\.$/);
    });
  });

  test('nobody is told to drop files on a phone', async () => {
    const drag = (page: Page) => page.locator('.drag').isVisible();
    await visit(async ({ page }) => expect(await drag(page)).toBe(true));
    await visit(async ({ page }) => expect(await drag(page)).toBe(false), PHONE);
    const sideways = { ...PHONE, viewport: { width: 844, height: 390 } };
    await visit(async ({ page }) => expect(await drag(page)).toBe(false), sideways);
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
