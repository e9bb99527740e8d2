/** A user at work: `pdfmagic convert` by every way, `status` and `logs`, one command after the other. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WAY_NAMES } from '../../contract/ways';
import { parseJson } from '../client/http';
import { type CommandPlace, type RunningCommand, startCommand } from './command';
import type { Random } from './random';

/** Milliseconds between two commands, and between two looks for one that may be killed. */
const PAUSE = 500;
const LOOK = 50;

/** Runs commands on one stack. */
export class User {
  /** Commands that came to their end with exit code 0, and those that did not. */
  succeeded = 0;
  failed = 0;
  /** What is not as promised. */
  readonly wrong: string[] = [];
  private readonly photo: string;
  private readonly pdfs: string;
  private stopped = false;
  private count = 0;
  private current: { readonly command: RunningCommand; readonly since: number } | undefined;

  /** @param folder of the user's own; @param data the platform's data folder */
  constructor(
    private readonly place: CommandPlace,
    folder: string,
    private readonly data: string,
    jpeg: Buffer,
    private readonly random: Random,
  ) {
    this.photo = path.join(folder, 'photo.jpg');
    this.pdfs = path.join(folder, 'pdfs');
    writeFileSync(this.photo, jpeg);
  }

  /** Runs until `stop`. */
  async run(): Promise<void> {
    while (!this.stopped) {
      await this.next();
      await sleep(PAUSE);
    }
  }

  /** Lets the command under way come to its end. */
  stop(): void {
    this.stopped = true;
  }

  /** Kills the command under way, so many milliseconds after its start. @returns whether there was one */
  async kill(life: number): Promise<boolean> {
    while (this.current === undefined) {
      if (this.stopped) return false;
      await sleep(LOOK);
    }
    const { command, since } = this.current;
    await sleep(Math.max(0, since + life - performance.now()));
    if (this.current?.command !== command) return false;
    command.kill();
    return true;
  }

  /** PDFs that are not whole, though they have the name of one. */
  findTorn(): string[] {
    const isWhole = (bytes: Buffer) =>
      bytes.subarray(0, 5).toString() === '%PDF-' && bytes.subarray(-8).toString('latin1').includes('%%EOF');
    const made = readdirSync(this.pdfs, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.pdf'));
    return made.filter((name) => !isWhole(readFileSync(path.join(this.pdfs, name))));
  }

  private async next(): Promise<void> {
    this.count += 1;
    const way = this.random.pick(WAY_NAMES);
    const output = path.join(this.pdfs, `${this.count}`);
    const convert = ['convert', this.photo, '-o', output, '--via', `${way}`, '--timeout', '60'];
    const args = this.random.pick([convert, convert, convert, ['status'], ['logs']]) ?? convert;
    const command = startCommand(this.place, [...args, '--data', this.data, '--json']);
    this.current = { command, since: performance.now() };
    const { code, out } = await command.ended;
    this.current = undefined;
    if (code !== 0) {
      this.failed += 1;
      return;
    }
    this.succeeded += 1;
    if (parseJson(out) === undefined) this.wrong.push(`${args[0]} --json exited 0 and printed no JSON`);
    if (args === convert && !readdirSync(output).includes('photo.pdf'))
      this.wrong.push(`convert --via ${way} exited 0 and left no PDF`);
  }
}
