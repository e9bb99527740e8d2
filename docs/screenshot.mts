/**
 * The screenshot in the README: `npm run docs:screenshot -- ADDRESS` opens the page that `npx pdfmagic open --print` names, converts
 * the photo of `examples/` there, and writes docs/pictures/page.png. It needs Chromium (PDFMAGIC_CHROMIUM names another than Debian's).
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const address = process.argv[2];
if (address === undefined) throw new Error('Name the address of the page: npm run docs:screenshot -- ADDRESS');

const browser = await chromium.launch({
  executablePath: process.env.PDFMAGIC_CHROMIUM ?? '/usr/bin/chromium',
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
try {
  const page = await browser.newPage({ viewport: { width: 900, height: 640 } });
  await page.goto(address);
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles(path.join(ROOT, 'examples', 'photo.jpg'));
  await page.locator('a[download]:visible').first().waitFor({ timeout: 60_000 });
  await page.screenshot({ path: path.join(ROOT, 'docs', 'pictures', 'page.png') });
} finally {
  await browser.close();
}
