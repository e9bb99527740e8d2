/** One PDF of all: made of the photographs in their order, when it is asked for, and of nothing else. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { TRUNCATED } from '../../actions/jpegs';
import { violations } from '../browser';
import { downloadOf, PATIENCE, PHOTO, PNG, row, type Stage, sizesOf, stateOf } from '../stage';

const state = (page: Page) => page.locator('#album-state').textContent();
const isMade = (page: Page) => expect.poll(() => page.locator('#album-download').isVisible(), PATIENCE).toBe(true);
const sizes = async (page: Page) => sizesOf(await downloadOf(page, page.locator('#album-download')));
const isWide = ([width, height]: readonly [number, number]) => width > height;

/** Declares the tests. */
export function promiseAlbum(stage: Stage): void {
  const picture = (name: string, size: string) =>
    stage.file(name, execFileSync('/usr/bin/convert', ['-size', size, 'plasma:', 'jpeg:-']));

  test('nothing is sent before it is asked for; then there is one PDF, in order, with its size and its pages', async () => {
    await stage.visit(async ({ page }) => {
      const sent: string[] = [];
      page.on('request', (request) => sent.push(new URL(request.url()).protocol));
      await page.locator('#one').click();
      await page.setInputFiles('#files', [picture('wide.jpg', '400x100'), picture('high.jpg', '100x400')]);
      expect(await state(page)).toBe('2 pages, in this order');
      // The pictures in the list.
      expect(sent.filter((protocol) => protocol !== 'blob:')).toEqual([]);
      await page.locator('#make').click();
      await isMade(page);
      expect(await state(page)).toMatch(/^PDF [\d.]+ kB, 2 pages$/);
      expect((await sizes(page)).map(isWide)).toEqual([true, false]);
      await expect
        .poll(() => page.locator('#announcer').textContent(), PATIENCE)
        .toMatch(/PDF of 2 photographs is ready/);
    });
  });

  test('another order is another PDF, of the photographs that were sent already', async () => {
    await stage.visit(async ({ page }) => {
      await page.locator('#one').click();
      await page.setInputFiles('#files', [picture('wide.jpg', '400x100'), picture('high.jpg', '100x400')]);
      await page.locator('#make').click();
      await isMade(page);
      await row(page, 'wide.jpg').locator('.down').click();
      expect(await page.locator('#album-download').isVisible()).toBe(false);
      const put: string[] = [];
      page.on('request', (request) => request.method() === 'PUT' && put.push(new URL(request.url()).pathname));
      await page.locator('#make').click();
      await isMade(page);
      expect((await sizes(page)).map(isWide)).toEqual([false, true]);
      expect(put).toEqual([expect.stringMatching(/\/convert\/pdf$/)]);
    });
  });

  test('what is no photograph is left out, is named with its reason, and the rest is made', async () => {
    await stage.visit(async ({ page }) => {
      await page.locator('#one').click();
      const files = [PHOTO, stage.file('holiday.jpg', PNG), stage.file('half.jpg', TRUNCATED)];
      await page.setInputFiles('#files', files);
      await expect.poll(() => stateOf(page, 'holiday.jpg'), PATIENCE).toBe('failed');
      await page.locator('#make').click();
      await isMade(page);
      expect(await state(page)).toMatch(/1 page; 2 photographs left out$/);
      expect(await sizes(page)).toHaveLength(1);
      expect(await row(page, 'half.jpg').locator('.state').textContent()).toMatch(/its end is missing/);
      expect(await row(page, 'holiday.jpg').locator('.state').textContent()).toMatch(/a PNG image/);
    });
  });

  test('it can be stopped, fails for lack of a network, and is made by itself when the network is back', async () => {
    await stage.visit(async ({ page, context }) => {
      await page.locator('#one').click();
      await page.setInputFiles('#files', PHOTO);
      let go: () => void = () => undefined;
      await page.route('**/convert/upload', async (route) => {
        await new Promise<void>((resolve) => {
          go = resolve;
        });
        await route.continue().catch(() => undefined); // it was stopped
      });
      await page.locator('#make').click();
      await expect.poll(() => state(page), PATIENCE).toBe('0 of 1 sent');
      expect(await violations(page)).toEqual([]);
      await page.locator('#make').click();
      go();
      expect(await state(page)).toBe('One page');
      await page.unroute('**/convert/upload');
      await context.setOffline(true);
      await page.locator('#make').click();
      await expect.poll(() => state(page), PATIENCE).toMatch(/^You are offline/);
      await context.setOffline(false);
      await isMade(page);
    });
  });
}

/** Declares those of the page alone, which is the same on every platform (`test/parity/`). */
export function promiseAlbumOnPage(stage: Stage): void {
  test('where none can be converted, nothing is sent, and that is said', async () => {
    await stage.visit(async ({ page }) => {
      await page.locator('#one').click();
      await page.setInputFiles('#files', stage.file('holiday.jpg', PNG));
      await page.locator('#make').click();
      await expect.poll(() => state(page), PATIENCE).toBe('None of these files can be converted.');
    });
  });

  test('the switch goes both ways: a PDF of each, as it was', async () => {
    await stage.visit(async ({ page }) => {
      await page.setInputFiles('#files', [PHOTO, stage.file('second.jpg', readFileSync(PHOTO))]);
      await expect.poll(() => page.locator('.item[data-state=done]').count(), PATIENCE).toBe(2);
      await page.locator('#one').click();
      expect(await page.locator('.download:visible').count()).toBe(0);
      expect(await page.locator('#download-all').isVisible()).toBe(false);
      await page.locator('#one').click();
      expect(await page.locator('.item[data-state=done]').count()).toBe(2);
      expect(await page.locator('#album').isVisible()).toBe(false);
    });
  });

  test('the focus is on the PDF when it is there, and back on the button when it is out of date', async () => {
    await stage.visit(async ({ page }) => {
      const focused = () => page.evaluate('document.activeElement.id');
      await page.locator('#one').click();
      await page.setInputFiles('#files', PHOTO);
      await page.locator('#make').focus();
      await page.keyboard.press('Enter');
      await isMade(page);
      expect(await focused()).toBe('album-download');
      await page.setInputFiles('#files', stage.file('second.jpg', readFileSync(PHOTO)));
      await expect.poll(focused, PATIENCE).toBe('make');
    });
  });

  test('is not offered where there is no bucket', async () => {
    const { context, page } = await stage.openWithoutBucket();
    expect(await page.locator('#one').isVisible()).toBe(false);
    expect(await page.locator('.lead').innerText()).toBe('Choose photographs and get a PDF for each.');
    await context.close();
  });
}
