import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { chooseDefaultPython, type PackagedActions, packageActions } from '../../infra/packaging';

/**
 * Reads a zip with Python: all names, and of each byte code whether it is of this Python and unchecked (PEP 552: the flags behind the
 * magic number are 1).
 */
const READ = `
import importlib.util, json, sys, zipfile
zip = zipfile.ZipFile(sys.argv[1])
head = importlib.util.MAGIC_NUMBER + (1).to_bytes(4, "little")
names = zip.namelist()
print(json.dumps({"names": names, "tag": sys.implementation.cache_tag, "odd": [n for n in names if n.endswith(".pyc") and zip.read(n)[:8] != head]}))
`;

/** What a zip may hold at most: what grows costs each cold start. Raise a number only for something that is needed. */
const MOST = {
  v0: { files: 105, kB: 350 },
  v1: { files: 105, kB: 350 },
  v2: { files: 1800, kB: 12_500 },
  upload: { files: 1800, kB: 12_500 },
  result: { files: 1800, kB: 12_500 },
} as const;

describe('the zips of PDFMagic’s actions', () => {
  let actions: PackagedActions;
  beforeAll(async () => {
    actions = await packageActions();
  }, 300_000);

  const read = (file: string): { names: string[]; tag: string; odd: string[] } =>
    JSON.parse(execFileSync(chooseDefaultPython(), ['-I', '-c', READ, file], { encoding: 'utf8', maxBuffer: 1 << 26 }));

  const action = (name: string): PackagedActions[string] => {
    const there = actions[name];
    if (there === undefined) throw new Error(`no action ${name}`);
    return there;
  };

  it.each(Object.keys(MOST) as Array<keyof typeof MOST>)(
    '%s holds no more than it does, and nothing unread',
    (name) => {
      const { file, bytes } = action(name);
      const { names } = read(file);
      expect(names.length).toBeLessThanOrEqual(MOST[name].files);
      expect(bytes / 1000).toBeLessThanOrEqual(MOST[name].kB);
      expect(names.filter((entry) => /\.(pyi|proto|h|c)$|py\.typed$|(^|\/)(_?tests?|_testing)\//.test(entry))).toEqual(
        [],
      );
    },
  );

  it.each(Object.keys(MOST) as Array<keyof typeof MOST>)(
    '%s holds byte code of each module, for this Python',
    (name) => {
      const { names, tag, odd } = read(action(name).file);
      const there = new Set(names);
      const cached = (file: string) => file.replace(/([^/]+)\.py$/, `__pycache__/$1.${tag}.pyc`);
      const modules = names.filter((file) => file.endsWith('.py'));
      expect(modules.length).toBeGreaterThan(40);
      expect(modules.filter((file) => !there.has(cached(file)))).toEqual([]);
      expect(odd).toEqual([]);
    },
  );
});
