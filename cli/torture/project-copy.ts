/** A copy of the project whose actions may be changed, with the same packages and the same build folder. */
import { appendFileSync, cpSync, existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_DIR } from '../project';

/** What no command needs, or what is large and stays as it is. */
const LEFT_OUT = new Set(['.git', '.ci', '.pdfmagic', 'docs', 'examples', 'out', 'test']);
const LINKED = ['node_modules', 'build'] as const;

/** A project in a folder of its own. */
export class ProjectCopy {
  private changes = 0;

  /** @param folder is made */
  constructor(readonly folder: string) {
    mkdirSync(folder, { recursive: true });
    const linked = new Set<string>(LINKED);
    for (const name of readdirSync(PROJECT_DIR))
      if (!LEFT_OUT.has(name) && !linked.has(name))
        cpSync(path.join(PROJECT_DIR, name), path.join(folder, name), { recursive: true, preserveTimestamps: true });
    for (const name of LINKED) {
      const there = path.join(PROJECT_DIR, name);
      if (existsSync(there)) symlinkSync(there, path.join(folder, name));
    }
  }

  /** The command of this copy. */
  get program(): string {
    return path.join(this.folder, 'cli/pdfmagic.mjs');
  }

  /** Changes the code of an action, so that the next `up` has something to deploy. */
  changeCode(): void {
    this.changes += 1;
    const file = path.join(this.folder, 'actions/print-arguments/index.js');
    appendFileSync(file, `\nconsole.log('changed ${this.changes} times');\n`);
  }
}
