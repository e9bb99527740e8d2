/** What can be chosen, and how: each photograph becomes a PDF. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { download, downloadAll, ends, PATIENCE, PHOTO, PNG, row, type Stage } from '../stage';

/** Declares the tests. */
export function promiseChoosing(stage: Stage): void {
  test('three files are chosen, one of them no JPEG: two PDFs, and one clear refusal', async () => {
    await stage.visit(async ({ page }) => {
      const second = stage.file('second.jpeg', readFileSync(PHOTO));
      await page.setInputFiles('#files', [PHOTO, stage.file('holiday.jpg', PNG), second]);
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
    await stage.visit(async ({ page }) => {
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

  test('a folder may be dropped: all JPEGs in it are converted, however deep, and what is left out is said', async () => {
    await stage.visit(async ({ page, context }) => {
      const folder = path.join(stage.temporary, 'holidays');
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
    await stage.visit(async ({ page }) => {
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
    await stage.visit(async ({ page }) => {
      await page.locator('#sample').click();
      expect(await page.evaluate('document.activeElement.id')).toBe('results-title');
      await ends(page, 'sample.jpg');
      expect(await row(page, 'sample.jpg').locator('.state').textContent()).toMatch(/^JPEG \d+ kB, PDF \d+ kB$/);
    });
  });
}
