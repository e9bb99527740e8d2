/** ImageMagick by itself: what everything here is measured beside. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';

/** Runs `/usr/bin/convert` with the policy of the runtime image. */
export class BareConvert {
  private readonly config: string;
  private serial = 0;

  /** @param folder for its files, which are removed again */
  constructor(
    private readonly folder: string,
    policy: string,
  ) {
    this.config = path.join(folder, 'config');
    mkdirSync(path.join(this.config, 'ImageMagick'), { recursive: true });
    copyFileSync(policy, path.join(this.config, 'ImageMagick', 'policy.xml'));
  }

  /** Converts a JPEG, and drops the PDF. @param threads of one process; ImageMagick's own choice when undefined */
  async run(file: string, threads?: string): Promise<void> {
    const env = { XDG_CONFIG_HOME: this.config, ...(threads === undefined ? {} : { MAGICK_THREAD_LIMIT: threads }) };
    const pdf = path.join(this.folder, `${this.serial++}.pdf`);
    const convert = spawn('/usr/bin/convert', [`jpeg:${file}`, `pdf:${pdf}`], { env, stdio: 'ignore' });
    const [code] = await once(convert, 'close');
    rmSync(pdf, { force: true });
    if (code !== 0) throw new Error(`plain convert ended with ${code}`);
  }
}
