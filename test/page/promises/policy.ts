/** Nothing runs but the page's own script, wherever it is called. */
import { expect, test } from 'vitest';
import { open } from '../browser';
import { PATIENCE, PHOTO, type Stage, stateOf } from '../stage';

/** Declares the tests. */
export function promisePolicy(stage: Stage): void {
  test('works without the slash at the end of its address', async () => {
    await stage.visit(
      async ({ page }) => {
        await page.setInputFiles('#files', PHOTO);
        await expect.poll(() => stateOf(page, 'photo.jpg'), PATIENCE).toBe('done');
      },
      {},
      stage.url.replace(/\/$/, ''),
    );
  });

  test('a script that is not its own does not run', async () => {
    const { page, faults, context } = await open(stage.browser, stage.url);
    await page.evaluate("document.body.append(Object.assign(document.createElement('script'), { text: 'done = 1' }))");
    expect(await page.evaluate('typeof done')).toBe('undefined');
    await expect.poll(() => faults.join('\n'), PATIENCE).toMatch(/script-src/);
    await context.close();
  });
}
