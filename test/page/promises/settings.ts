/** The PDFs are as chosen: the original unless told otherwise, the page and the margin; and no choice is remembered. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { downloadOf, ends, PHOTO, row, type Stage, sizesOf } from '../stage';

const A4 = [595, 842];

/** Sizes of the pages of a photograph's PDF. */
const sizes = async (page: Page, name: string) => sizesOf(await downloadOf(page, row(page, name).locator('.download')));

/** Declares the tests. */
export function promiseSettings(stage: Stage): void {
  test('the JPEG is in the PDF as it is, unless its data cannot be', async () => {
    await stage.visit(async ({ page }) => {
      const asked: string[] = [];
      page.on('request', (request) => asked.push(new URL(request.url()).search));
      await page.setInputFiles('#files', PHOTO);
      await ends(page, 'photo.jpg');
      expect(asked).toContain('?quality=original&name=photo.jpg');
      const pdf = await downloadOf(page, row(page, 'photo.jpg').locator('.download'));
      // The tables and the image data, without the metadata before them.
      const data = readFileSync(PHOTO);
      expect(pdf.includes(data.subarray(data.indexOf(Buffer.from('ffda', 'hex'))))).toBe(true);
    });
  });

  test('that a photograph was encoded again is told, with the reason', async () => {
    await stage.visit(async ({ page }) => {
      await page.setInputFiles('#files', stage.file('open.jpg', readFileSync(PHOTO).subarray(0, -2)));
      await ends(page, 'open.jpg');
      await page.locator('#how').click();
      expect(await row(page, 'open.jpg').locator('dl').textContent()).toContain('Encoded again becauseno end marker');
    });
  });

  test('page and margin are for what is there and for what comes, in a request and by a bucket', async () => {
    await stage.visit(async ({ page }) => {
      await page.setInputFiles('#files', PHOTO);
      await ends(page, 'photo.jpg');
      const before = await sizes(page, 'photo.jpg');
      // The answer to the last choice, since a conversion may be over between two looks at the page.
      const answered = page.waitForResponse((response) => {
        const asked = new URL(response.url()).searchParams;
        return asked.get('page') === 'a4' && asked.has('margin');
      });
      await page.locator('#page').selectOption('A4');
      await page.locator('#margin').selectOption('10 mm');
      await answered;
      await ends(page, 'photo.jpg');
      expect(before).not.toEqual([A4]);
      expect((await sizes(page, 'photo.jpg')).map((size) => [...size].sort((a, b) => a - b))).toEqual([A4]);
      await page.setInputFiles('#files', stage.large);
      await ends(page, 'large.jpg');
      expect((await sizes(page, 'large.jpg')).map((size) => [...size].sort((a, b) => a - b))).toEqual([A4]);
    });
  });
}

/** Declares those of the page alone, which is the same on every platform (`test/parity/`). */
export function promiseSettingsOnPage(stage: Stage): void {
  test('the page remembers nothing', async () => {
    await stage.visit(async ({ page, context }) => {
      await page.locator('#one').click();
      await page.locator('#page').selectOption('A4');
      await page.setInputFiles('#files', PHOTO);
      expect(await context.storageState()).toEqual({ cookies: [], origins: [] });
      expect(await page.evaluate('localStorage.length + sessionStorage.length')).toBe(0);
      await page.reload();
      expect(await page.locator('#one').getAttribute('aria-checked')).toBe('false');
      expect(await page.locator('#page').inputValue()).toBe('picture');
      expect(await page.locator('.item').count()).toBe(0);
    });
  });
}
