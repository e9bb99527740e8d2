/** A copy of the project whose code may be changed, as bench and torture do; the developer's own files stay as they are. */
import { appendFileSync, cpSync, existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_DIR } from './project';

/** Neither code nor of use to it. */
const LEFT_OUT = new Set(['.git', '.pdfmagic', 'node_modules', 'build', 'out', 'test']);

/** Of `build/`: what is large, and does not change with the code. All else is copied, since the copy may add to it and clean up. */
const SHARED = new Set(['tools', 'libraries', 'chart', 'test']);

/** The copy. */
export class ProjectCopy {
  /** The command `pdfmagic` of the copy. */
  readonly program: string;

  /** @param folder which is made */
  constructor(readonly folder: string) {
    for (const name of readdirSync(PROJECT_DIR)) {
      if (!LEFT_OUT.has(name)) cpSync(path.join(PROJECT_DIR, name), path.join(folder, name), { recursive: true });
    }
    symlinkSync(path.join(PROJECT_DIR, 'node_modules'), path.join(folder, 'node_modules'));
    const build = path.join(PROJECT_DIR, 'build');
    mkdirSync(path.join(folder, 'build'));
    for (const name of existsSync(build) ? readdirSync(build) : []) {
      const [from, to] = [path.join(build, name), path.join(folder, 'build', name)];
      if (SHARED.has(name)) symlinkSync(from, to);
      else cpSync(from, to, { recursive: true });
    }
    this.program = path.join(folder, 'cli/pdfmagic.mjs');
  }

  /** Adds a line to a file of an action, so that the next `up` has something to deploy. @param file below `actions/` */
  addLine(file: string, line: string): void {
    appendFileSync(path.join(this.folder, 'actions', file), `${line}\n`);
  }
}
