/** img2pdf by itself: what conversions that keep the original are measured beside. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { BUILD_DIR, ensureVirtualenv } from '../../infra/packaging';

/** Converts each file that a line names, and answers with the size of the PDF. */
const PROGRAM = `
import sys, img2pdf
for line in sys.stdin:
    with open(line.rstrip("\\n"), "rb") as file:
        print(len(img2pdf.convert(file.read())), flush=True)
`;

/** img2pdf in interpreters that have loaded it: as fast as it can be, without any start. */
export class BareImg2pdf {
  private readonly idle: Converter[] = [];
  private readonly all: Converter[] = [];

  private constructor(private readonly python: string) {}

  /** Installs it into `build/`, unless it is there. @returns why not, in words, when that fails */
  static async install(progress: (line: string) => void): Promise<BareImg2pdf | string> {
    try {
      const { python } = await ensureVirtualenv({
        dir: path.join(BUILD_DIR, 'tools', 'img2pdf'),
        title: 'img2pdf',
        requirements: path.join(__dirname, 'img2pdf.txt'),
        onProgress: progress,
      });
      return new BareImg2pdf(python);
    } catch (error) {
      return `img2pdf could not be installed: ${error instanceof Error ? error.message : error}`;
    }
  }

  /** Converts a JPEG, and drops the PDF. Several at a time take an interpreter each. */
  async run(file: string): Promise<void> {
    const converter = this.idle.pop() ?? this.start();
    await converter.convert(file);
    this.idle.push(converter);
  }

  /** Ends all interpreters. */
  end(): void {
    for (const converter of this.all.splice(0)) converter.end();
    this.idle.length = 0;
  }

  private start(): Converter {
    const converter = new Converter(this.python);
    this.all.push(converter);
    return converter;
  }
}

class Converter {
  private readonly child: ChildProcess;
  private readonly answers: AsyncIterator<string>;

  constructor(python: string) {
    const child = spawn(python, ['-c', PROGRAM], { stdio: ['pipe', 'pipe', 'ignore'] });
    // It is told of a loss by the end of its answers.
    child.stdin.on('error', () => undefined);
    this.child = child;
    this.answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    void once(child, 'close').catch(() => undefined);
  }

  async convert(file: string): Promise<void> {
    this.child.stdin?.write(`${file}\n`);
    const { value, done } = await this.answers.next();
    if (done || !(Number(value) > 0)) throw new Error(`img2pdf did not convert ${file}`);
  }

  end(): void {
    this.child.kill('SIGTERM');
  }
}
