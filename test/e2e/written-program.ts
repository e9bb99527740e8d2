/** A Pulumi program of a test's own, in a folder of its own, which may import whatever the project has. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './machine';

/** Writes it. @returns its folder */
export function writeProgram(folder: string, name: string, text: string): string {
  const main = path.join(folder, name);
  mkdirSync(main);
  writeFileSync(path.join(main, 'index.ts'), text);
  const settings = { extends: path.join(ROOT, 'tsconfig.base.json'), compilerOptions: { rootDir: '/' } };
  writeFileSync(path.join(main, 'tsconfig.json'), JSON.stringify(settings));
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(main, 'node_modules'));
  return main;
}
