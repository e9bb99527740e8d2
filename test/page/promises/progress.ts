/** How far all are; a few at a time. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { violations } from '../browser';
import { ends, PATIENCE, PHOTO, PNG, row, type Stage, stateOf } from '../stage';

/** Declares the tests. */
export function promiseProgress(stage: Stage): void {
  test('how far all are is in the title and a bar, and leaving asks until they are done', async () => {
    await stage.visit(async ({ page }) => {
      const held: (() => void)[] = [];
      await page.route(/\/convert\/pdf(\?|$)/, async (route) => {
        await new Promise<void>((resolve) => held.push(resolve));
        await route.continue();
      });
      const asked: string[] = [];
      page.on('dialog', (dialog) => {
        asked.push(dialog.type());
        void dialog.dismiss();
      });
      await page.locator('h1').click(); // A browser asks only for people who did something.
      await page.setInputFiles('#files', [
        PHOTO,
        stage.file('second.jpg', readFileSync(PHOTO)),
        stage.file('holiday.jpg', PNG),
      ]);
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

  test('three are converted at a time; who is removed is not sent any further', async () => {
    await stage.visit(async ({ page }) => {
      let asked = 0;
      const held: (() => void)[] = [];
      await page.route(/\/convert\/pdf(\?|$)/, async (route) => {
        asked += 1;
        await new Promise<void>((resolve) => held.push(resolve));
        await route.continue().catch(() => undefined); // the removed one is gone
      });
      const ended: string[] = [];
      page.on('requestfailed', (request) => ended.push(request.failure()?.errorText ?? ''));
      const names = ['1.jpg', '2.jpg', '3.jpg', '4.jpg', '5.jpg'];
      await page.setInputFiles(
        '#files',
        names.map((name) => stage.file(name, readFileSync(PHOTO))),
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
}
