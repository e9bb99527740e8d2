/** A copy of the project in which a line can be changed; the developer's own files stay as they are. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, readdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_DIR } from '../project';

/** Neither code nor of use to it. */
const LEFT_OUT = new Set(['.git', '.pdfmagic', 'node_modules', 'build', 'out', 'test']);

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
    // What is built there is found there. Real files: what the copy builds is its own.
    const build = path.join(PROJECT_DIR, 'build');
    if (existsSync(build)) execFileSync('cp', ['-R', build, path.join(folder, 'build')]);
    this.program = path.join(folder, 'cli/pdfmagic.mjs');
  }

  /** Changes a line of the action of v0. */
  changeLine(): void {
    appendFileSync(path.join(this.folder, 'actions/v0/__main__.py'), `# ${process.hrtime.bigint()}\n`);
  }
}
