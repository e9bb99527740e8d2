/** What the page tells of itself, of the service and of a conversion. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { ends, PATIENCE, PHONE, PHOTO, row, type Stage } from '../stage';

/** Declares the tests. */
export function promiseTelling(stage: Stage): void {
  test('who sees a photograph and how long it stays is said', async () => {
    await stage.visit(async ({ page }) => {
      const said = await page.locator('#privacy').textContent();
      expect(said).toMatch(/^The people who run this service can see your photographs/);
      expect(said).toMatch(/over 750 kB.* go through two buckets.*until somebody deletes them\.$/);
    });
  });

  test('how a conversion was made is shown to whoever asks, as far as the platform knows', async () => {
    await stage.visit(async ({ page }) => {
      await page.setInputFiles('#files', PHOTO);
      await ends(page, 'photo.jpg');
      await page.locator('#how').click();
      const details = row(page, 'photo.jpg').locator('dl');
      expect(await details.textContent()).toMatch(/the photograph in the request.*Round trip[\d.]+ m?s/);
      if (stage.platform === 'cloudrun')
        return expect(await details.textContent()).not.toMatch(/Activation|Action|Start/);
      await expect.poll(() => details.textContent(), PATIENCE).toMatch(/v1 ran for [\d.]+ m?s/);
      expect(await details.textContent()).toMatch(/Activation[0-9a-f]{32}/);
      expect(await details.textContent()).toMatch(/Start(cold|warm)/);
    });
  });

  test('what it runs on is said, and nothing of another platform', async () => {
    const [own, other] = stage.platform === 'cloudrun' ? [/Cloud Run/, /OpenWhisk/] : [/OpenWhisk/, /Cloud Run/];
    await stage.visit(async ({ page }) => {
      const seen = await page.locator('body').innerText();
      expect(seen).toMatch(own);
      expect(seen).not.toMatch(other);
    });
  });
}

/** Declares those of the page alone, which is the same on every platform (`test/parity/`). */
export function promiseTellingOnPage(stage: Stage): void {
  test('nobody is told to drop files on a phone', async () => {
    const drag = (page: Page) => page.locator('.drag').isVisible();
    await stage.visit(async ({ page }) => expect(await drag(page)).toBe(true));
    await stage.visit(async ({ page }) => expect(await drag(page)).toBe(false), PHONE);
    const sideways = { ...PHONE, viewport: { width: 844, height: 390 } };
    await stage.visit(async ({ page }) => expect(await drag(page)).toBe(false), sideways);
  });
}
