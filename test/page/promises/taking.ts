/** PDFs are taken away: viewed, and all at once. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { downloadAll, ends, PATIENCE, PHOTO, row, type Stage } from '../stage';

/** Declares the tests. */
export function promiseTaking(stage: Stage): void {
  test('PDFs of photographs of one name are numbered in the ZIP', async () => {
    await stage.visit(async ({ page }) => {
      const twin = { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: readFileSync(PHOTO) };
      await page.setInputFiles('#files', [twin, { ...twin, name: 'PHOTO.JPEG' }, twin]);
      await expect.poll(() => page.locator('.item[data-state=done]').count(), PATIENCE).toBe(3);
      expect((await downloadAll(page)).names).toEqual(['photo.pdf', 'PHOTO (2).pdf', 'photo (3).pdf']);
    });
  });

  test('a PDF is viewed in a tab of its own', async () => {
    await stage.visit(async ({ page, context }) => {
      await page.setInputFiles('#files', PHOTO);
      await ends(page, 'photo.jpg');
      const saved: string[] = [];
      page.on('download', (download) => saved.push(download.url()));
      const [tab] = await Promise.all([context.waitForEvent('page'), row(page, 'photo.jpg').locator('.view').click()]);
      // A browser that shows no PDFs, as the headless shell, saves what the tab is to show.
      await expect.poll(() => [tab.url(), ...saved].filter((url) => url.startsWith('blob:')), PATIENCE).toHaveLength(1);
    });
  });
}
