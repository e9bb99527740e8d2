/** Large photographs go by buckets. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { download, ends, PATIENCE, PHOTO, row, type Stage } from '../stage';

/** Declares the tests. */
export function promiseBuckets(stage: Stage): void {
  const hasRecords = stage.platform === 'openwhisk';

  test('a photograph over the limit of a request goes by a bucket, and its PDF comes back from one', async () => {
    await stage.visit(async ({ page }) => {
      const sent: string[] = [];
      page.on('request', (request) => sent.push(`${request.method()} ${new URL(request.url()).pathname}`));
      await page.setInputFiles('#files', stage.large);
      await ends(page, 'large.jpg');
      expect(await download(page, 'large.jpg')).toEqual({ file: 'large.pdf', pages: 1 });
      expect(sent.filter((one) => one.startsWith('PUT'))).toEqual([
        expect.stringMatching(/^PUT \/demo-convert-in\/page\/[0-9a-f-]{36}\/large\.jpg$/),
      ]);
      await page.locator('#how').click();
      const details = row(page, 'large.jpg').locator('dl');
      if (hasRecords) await expect.poll(() => details.textContent(), PATIENCE).toMatch(/v2 ran for/);
      expect(await details.textContent()).toContain('whose arrival started the conversion');
    });
  });

  test('where no event starts the conversion, the page asks for it', async () => {
    await stage.visit(async ({ page }) => {
      await page.route('**/convert/upload', async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, json: { ...(await response.json()), via: 'v2' } });
      });
      await page.setInputFiles('#files', stage.large);
      await ends(page, 'large.jpg');
      expect(await download(page, 'large.jpg')).toEqual({ file: 'large.pdf', pages: 1 });
      expect(await row(page, 'large.jpg').locator('dl').textContent()).toContain('named in a request');
    });
  });

  test('one whose PDF is over the limit of an answer goes by a bucket, too', async () => {
    await stage.visit(async ({ page }) => {
      const tooLarge = { status: 413, json: { error: 'The PDF is too large.', code: 'too-large' } };
      await page.route(/\/convert\/pdf(\?|$)/, (route) => route.fulfill(tooLarge), { times: 1 });
      await page.setInputFiles('#files', PHOTO);
      await ends(page, 'photo.jpg');
      expect(await download(page, 'photo.jpg')).toEqual({ file: 'photo.pdf', pages: 1 });
    });
  });

  test('what is wrong with a photograph in a bucket is told as it is of one in a request', async () => {
    await stage.visit(async ({ page }) => {
      await page.setInputFiles('#files', stage.file('large half.jpg', readFileSync(stage.large).subarray(0, -1000)));
      await ends(page, 'large half.jpg');
      expect(await row(page, 'large half.jpg').locator('.state').textContent()).toMatch(/its end is missing/);
      const details = await row(page, 'large half.jpg').locator('dl').textContent();
      if (hasRecords) expect(details).toMatch(/Activation[0-9a-f]{32}/);
    });
  });

  test('where there is no way by a bucket, a photograph over the limit is refused, with the limit', async () => {
    const { page, context } = await stage.openWithoutBucket();
    await page.setInputFiles('#files', stage.large);
    await ends(page, 'large.jpg');
    expect(await row(page, 'large.jpg').locator('.state').textContent()).toMatch(
      /^This photograph is [\d.]+ [kM]B; the limit is 750 kB/,
    );
    await context.close();
  });
}
