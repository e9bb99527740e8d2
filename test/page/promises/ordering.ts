/** The order of the pages is changed by mouse, finger, buttons and keyboard, and it is said. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { PATIENCE, PHONE, PHOTO, row, type Stage } from '../stage';

const names = (page: Page) => page.locator('.name').allTextContents();
const said = (page: Page) => expect.poll(() => page.locator('#announcer').textContent(), PATIENCE);
const focused = (page: Page) => page.evaluate('document.activeElement.textContent');

/** Declares the tests. */
export function promiseOrdering(stage: Stage): void {
  /** Three photographs, in an album. */
  const arrange = async (page: Page) => {
    await page.locator('#one').click();
    const photo = readFileSync(PHOTO);
    await page.setInputFiles(
      '#files',
      ['a.jpg', 'b.jpg', 'c.jpg'].map((name) => stage.file(name, photo)),
    );
    await row(page, 'c.jpg').scrollIntoViewIfNeeded();
  };
  const middle = async (page: Page, name: string, part: string) => {
    const box = await row(page, name).locator(part).boundingBox();
    if (box === null) throw new Error(`${name} is not seen`);
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  };

  test('by mouse: a row goes where it is let go; Escape puts it back', async () => {
    await stage.visit(async ({ page }) => {
      await arrange(page);
      const drag = async (from: string, to: string) => {
        const [start, end] = [await middle(page, from, '.picture'), await middle(page, to, '.picture')];
        await page.mouse.move(start.x, start.y);
        await page.mouse.down();
        await page.mouse.move(start.x, end.y + (end.y > start.y ? 9 : -9), { steps: 8 });
      };
      await drag('c.jpg', 'a.jpg');
      await page.mouse.up();
      expect(await names(page)).toEqual(['c.jpg', 'a.jpg', 'b.jpg']);
      await said(page).toMatch(/c\.jpg is now 1 of 3\./);
      await drag('c.jpg', 'b.jpg');
      await expect.poll(() => names(page), PATIENCE).toEqual(['a.jpg', 'b.jpg', 'c.jpg']);
      await page.keyboard.press('Escape');
      await page.mouse.up();
      expect(await names(page)).toEqual(['c.jpg', 'a.jpg', 'b.jpg']);
      expect(await page.locator('.dragged').count()).toBe(0);
    });
  });

  test('by finger: the handle moves the row, the rest of it scrolls the page', async () => {
    await stage.visit(async ({ page, context }) => {
      await arrange(page);
      const devtools = await context.newCDPSession(page);
      const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', touchPoints: { x: number; y: number }[]) =>
        devtools.send('Input.dispatchTouchEvent', { type, touchPoints });
      const drag = async (part: string) => {
        const [start, end] = [await middle(page, 'a.jpg', part), await middle(page, 'b.jpg', part)];
        await touch('touchStart', [start]);
        for (let step = 1; step <= 8; step += 1)
          await touch('touchMove', [{ x: start.x, y: start.y + ((end.y + 9 - start.y) * step) / 8 }]);
        await touch('touchEnd', []);
      };
      await drag('.name');
      // A finger that is lifted lets the page scroll on: the handle has to be at rest before it is taken.
      let place = '';
      const isAtRest = async () => {
        const before = place;
        place = JSON.stringify(await middle(page, 'a.jpg', '.grip'));
        return place === before;
      };
      await expect.poll(isAtRest, { ...PATIENCE, interval: 200 }).toBe(true);
      expect(await names(page)).toEqual(['a.jpg', 'b.jpg', 'c.jpg']);
      await drag('.grip');
      expect(await names(page)).toEqual(['b.jpg', 'a.jpg', 'c.jpg']);
    }, PHONE);
  });

  test('by buttons, which keep the focus; the first cannot go up, the last not down', async () => {
    await stage.visit(async ({ page }) => {
      await arrange(page);
      await row(page, 'a.jpg').locator('.down').focus();
      await page.keyboard.press('Enter');
      await page.keyboard.press('Enter');
      expect(await names(page)).toEqual(['b.jpg', 'c.jpg', 'a.jpg']);
      expect(await focused(page)).toBe('Move down: a.jpg');
      await said(page).toMatch(/a\.jpg is now 3 of 3\./);
      await page.keyboard.press('Enter');
      expect(await names(page)).toEqual(['b.jpg', 'c.jpg', 'a.jpg']);
      const off = (name: string, part: string) => row(page, name).locator(part).getAttribute('aria-disabled');
      expect([await off('a.jpg', '.down'), await off('a.jpg', '.up')]).toEqual(['true', 'false']);
      expect([await off('b.jpg', '.up'), await off('b.jpg', '.down')]).toEqual(['true', 'false']);
    });
  });

  test('by Alt and arrows, from anywhere in a row', async () => {
    await stage.visit(async ({ page }) => {
      await arrange(page);
      await row(page, 'c.jpg').locator('.remove').focus();
      await page.keyboard.press('Alt+ArrowUp');
      await page.keyboard.press('Alt+ArrowUp');
      expect(await names(page)).toEqual(['c.jpg', 'a.jpg', 'b.jpg']);
      expect(await focused(page)).toBe('Remove: c.jpg');
      await page.keyboard.press('Alt+ArrowDown');
      expect(await names(page)).toEqual(['a.jpg', 'c.jpg', 'b.jpg']);
      await said(page).toMatch(/c\.jpg is now 2 of 3\.$/);
    });
  });

  test('only pages have an order: PDFs of each do not move', async () => {
    await stage.visit(async ({ page }) => {
      await arrange(page);
      await page.locator('#one').click();
      await row(page, 'c.jpg').locator('.remove').focus();
      await page.keyboard.press('Alt+ArrowUp');
      expect(await names(page)).toEqual(['a.jpg', 'b.jpg', 'c.jpg']);
      expect(await page.locator('.up:visible, .grip:visible').count()).toBe(0);
    });
  });
}
