/** What goes wrong is told, and tried again. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TRUNCATED } from '../../actions/jpegs';
import { violations } from '../browser';
import { ends, PATIENCE, PHOTO, row, type Stage, stateOf } from '../stage';

/** Declares the tests. */
export function promiseTrouble(stage: Stage): void {
  test('offline, photographs fail, and are tried again by themselves when the network is back', async () => {
    await stage.visit(async ({ page, context }) => {
      await context.setOffline(true);
      await page.setInputFiles('#files', [PHOTO, stage.file('second.jpg', readFileSync(PHOTO))]);
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
    await stage.visit(async ({ page }) => {
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
    await stage.visit(async ({ page }) => {
      await page.route(/\/pdf(\?|$)/, (route) => route.fulfill({ status: 500, body: '{}' }), { times: 2 });
      await page.setInputFiles('#files', [PHOTO, stage.file('second.jpg', readFileSync(PHOTO))]);
      for (const name of ['photo.jpg', 'second.jpg']) await ends(page, name);
      await page.locator('#retry-all').click();
      expect(await page.evaluate('document.activeElement.id')).toBe('results-title');
      await expect.poll(() => page.locator('.item[data-state=done]').count(), PATIENCE).toBe(2);
    });
  });

  test('trouble with the network is told, and tried again when asked to', async () => {
    await stage.visit(async ({ page }) => {
      await page.route(/\/pdf(\?|$)/, (route) => route.abort('connectionreset'), { times: 1 });
      await page.setInputFiles('#files', PHOTO);
      await ends(page, 'photo.jpg');
      expect(await row(page, 'photo.jpg').locator('.state').textContent()).toMatch(/No response/);
      await row(page, 'photo.jpg').locator('.retry').click();
      await expect.poll(() => stateOf(page, 'photo.jpg'), PATIENCE).toBe('done');
    });
  });

  test('what only the service finds wrong is told in words, with what it said', async () => {
    await stage.visit(async ({ page }) => {
      await page.setInputFiles('#files', stage.file('half.jpg', TRUNCATED));
      await ends(page, 'half.jpg');
      expect(await row(page, 'half.jpg').locator('.state').textContent()).toMatch(/incomplete: its end is missing/);
      await page.locator('#how').click();
      expect(await row(page, 'half.jpg').locator('dl').textContent()).toContain('The JPEG is truncated');
      expect(await row(page, 'half.jpg').locator('.retry').isVisible()).toBe(false);
    });
  });
}
