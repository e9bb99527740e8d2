/** Everybody can use it: by keyboard, with a screen reader, in forced colours, on a phone. */
import { expect, test } from 'vitest';
import { TRUNCATED } from '../../actions/jpegs';
import { countColours, violations } from '../browser';
import { ends, PATIENCE, PHONE, PHOTO, PNG, type Stage, stateOf } from '../stage';

/** Declares the tests. */
export function promiseAccess(stage: Stage): void {
  test('in forced colours every icon is seen', async () => {
    await stage.visit(
      async ({ page }) => {
        for (const icon of ['.mark', '.photograph'])
          expect(await countColours(page.locator(icon)), icon).toBeGreaterThan(1);
        await page.setInputFiles('#files', stage.file('holiday.jpg', PNG));
        await ends(page, 'holiday.jpg');
        for (const icon of ['.wrong', '.remove'])
          expect(await countColours(page.locator(icon)), icon).toBeGreaterThan(1);
        await page.evaluate("document.querySelector('.item').dataset.state = 'waiting'");
        expect(await countColours(page.locator('.plain'))).toBeGreaterThan(1);
        await page.locator('#one').click();
        for (const icon of ['.grip', '.up', '.down', '.switch >> nth=0'])
          expect(await countColours(page.locator(icon)), icon).toBeGreaterThan(1);
      },
      { forcedColors: 'active' },
    );
  });

  test('works by keyboard alone, and the focus is never lost', async () => {
    await stage.visit(async ({ page }) => {
      const focused = () => page.evaluate('document.activeElement.className + document.activeElement.id');
      // Asked for first: a dialog that opens before Chromium knows of it is one nobody can answer.
      const dialog = page.waitForEvent('filechooser');
      await page.keyboard.press('Tab');
      expect(await focused()).toBe('files');
      await page.keyboard.press('Enter');
      await (await dialog).setFiles([PHOTO, stage.file('holiday.jpg', PNG)]);
      await ends(page, 'photo.jpg');
      await ends(page, 'holiday.jpg');
      const order: unknown[] = [];
      for (let step = 0; step < 9; step += 1) {
        await page.keyboard.press('Tab');
        order.push(await focused());
      }
      expect(order).toEqual([
        'button quiet switchone',
        'page',
        'margin',
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
    ['light', { reducedMotion: 'no-preference' as const }],
    ['dark', { colorScheme: 'dark' as const }],
    ['phone', PHONE],
    ['dark phone', { ...PHONE, colorScheme: 'dark' as const }],
    ['forced colours', { forcedColors: 'active' as const }],
    ['dark forced colours', { forcedColors: 'active' as const, colorScheme: 'dark' as const }],
  ])('axe-core finds nothing wrong with it: %s', async (_, options) => {
    await stage.visit(async ({ page }) => {
      expect(await violations(page)).toEqual([]);
      await page.setInputFiles('#files', [PHOTO, stage.file('holiday.jpg', PNG), stage.file('half.jpg', TRUNCATED)]);
      for (const name of ['photo.jpg', 'holiday.jpg', 'half.jpg']) await ends(page, name);
      await page.locator('#how').click();
      expect(await violations(page)).toEqual([]);
      const sideways = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
      expect(await page.evaluate(sideways)).toBe(0);
      await page.locator('#one').click();
      await expect.poll(() => stateOf(page, 'holiday.jpg'), PATIENCE).toBe('failed');
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(sideways)).toBe(0);
      await page.locator('#make').click();
      await expect.poll(() => page.locator('#album-download').isVisible(), PATIENCE).toBe(true);
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(sideways)).toBe(0);
    }, options);
  });
}
