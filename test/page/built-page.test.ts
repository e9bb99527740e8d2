import { createHash } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { describe, expect, it } from 'vitest';
import { PackagingError, PROJECT_ROOT } from '../../infra/packaging';
import { buildPageAction, packagePage } from '../../infra/packaging/page';
import { temporaryFolder } from '../packaging/folders';

const SOURCES = path.join(PROJECT_ROOT, 'actions', 'page');

interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Calls the action as OpenWhisk does: its source text as a module, then `main`. */
async function call(args: object): Promise<Answer> {
  const exported: { main?: (args: object) => Answer } = {};
  vm.runInNewContext(await buildPageAction(SOURCES), { exports: exported, process });
  if (exported.main === undefined) throw new Error('the action exports no main');
  return exported.main(args);
}

const GET = { __ow_method: 'get', settings: { large: 'bucket', storage: 'https://storage.example', kept: '7' } };
const between = (html: string, tag: string) => new RegExp(`<${tag}>(.*?)</${tag}>`, 's').exec(html)?.[1] ?? '';
const sha256 = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

describe('the action page', () => {
  it('allows its own script and style, its own host and the storage, and nothing else', async () => {
    const { headers, body, statusCode } = await call(GET);
    expect(statusCode).toBe(200);
    expect(headers['Content-Security-Policy']?.split('; ')).toEqual([
      "default-src 'none'",
      `script-src ${sha256(between(body, 'script'))}`,
      `style-src ${sha256(between(body, 'style'))}`,
      "connect-src 'self' https://storage.example",
      'img-src blob: data:',
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ]);
    expect(headers).toMatchObject({
      'Content-Type': 'text/html; charset=UTF-8',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
      'Referrer-Policy': 'no-referrer',
      'Cross-Origin-Opener-Policy': 'same-origin',
    });
  });

  it('names no storage where there is no way by a bucket', async () => {
    const { headers, body } = await call({ __ow_method: 'get', settings: { large: 'none', storage: '', kept: '' } });
    expect(headers['Content-Security-Policy']).toContain("connect-src 'self';");
    expect(body).toContain('data-large="none"');
    expect((await call(GET)).body).toContain('data-large="bucket"');
  });

  it('says how many days the buckets keep a file, and nothing else that might stand there', async () => {
    expect((await call(GET)).body).toContain('data-kept="7"');
    const settings = { ...GET.settings, kept: '"><script>' };
    expect((await call({ ...GET, settings })).body).toContain('data-kept=""');
  });

  it('has all in it: nothing is loaded from elsewhere', async () => {
    const { body } = await call(GET);
    const loaded = [...body.matchAll(/\s(?:src|href)="([^"]*)"|url\(([^)]*)\)|@import/g)].map(
      (one) => one[1] ?? one[2],
    );
    const elsewhere = loaded.filter((target) => !/^["']?(?:data:|#)/.test(target ?? ''));
    expect(elsewhere).toEqual(['https://openwhisk.apache.org/']);
    expect(body).not.toContain('{{');
  });

  it('stays far below the 1 MiB of a result', async () => {
    expect((await buildPageAction(SOURCES)).length).toBeLessThan(100_000);
  });

  it('is the same text each time', async () => {
    const { file } = await packagePage(SOURCES, temporaryFolder());
    expect(readFileSync(file, 'utf8')).toBe(await buildPageAction(SOURCES));
    const again = await packagePage(SOURCES, temporaryFolder());
    expect(path.basename(again.file)).toBe(path.basename(file));
  });

  it.each(['post', 'put', 'delete'])('refuses %s', async (method) => {
    expect(await call({ ...GET, __ow_method: method })).toMatchObject({
      statusCode: 405,
      headers: { Allow: 'GET, HEAD' },
    });
  });

  it('is not built of sources that are wrong: the file and the line are told', async () => {
    const folder = temporaryFolder();
    cpSync(SOURCES, folder, { recursive: true });
    const main = path.join(folder, 'src', 'main.ts');
    writeFileSync(main, `${readFileSync(main, 'utf8')}\nconst = 1;\n`);
    const failure = buildPageAction(folder);
    await expect(failure).rejects.toThrow(PackagingError);
    await expect(failure).rejects.toThrow(/main\.ts:\d+/);
    writeFileSync(main, 'console.log("</script>");\nconsole.log(String.raw`<!--`);\n');
    await expect(buildPageAction(folder)).rejects.toThrow(/would end too early/);
  });
});
