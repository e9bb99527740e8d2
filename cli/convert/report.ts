/** What people see of a conversion: a line for each file, one of progress, and at the end what failed. */
import { asJson, printable, type Terminal } from '../terminal';
import type { Job, Outcome } from './job';

/** Counts outcomes, and tells of them. */
export class Report {
  private readonly outcomes: Outcome[] = [];
  private readonly begin = performance.now();

  constructor(
    private readonly terminal: Terminal,
    private readonly jobs: readonly Job[],
    /** Print one JSON value at the end in place of lines. */
    private readonly json: boolean,
  ) {}

  private get total(): number {
    return this.jobs.length;
  }

  private get failed(): Outcome[] {
    return this.outcomes.filter(({ pdf }) => pdf === undefined);
  }

  private get seconds(): number {
    return (performance.now() - this.begin) / 1000;
  }

  /** The work begins. */
  start(): void {
    this.showProgress();
  }

  add(outcome: Outcome): void {
    this.outcomes.push(outcome);
    const count = `[${`${this.outcomes.length}`.padStart(`${this.total}`.length)}/${this.total}]`;
    const { file, pdf, via, milliseconds } = outcome;
    if (pdf === undefined) this.terminal.note(`${count} ${printable(file)}: FAILED: ${why(outcome)}`);
    else if (!this.json)
      this.terminal.out(`${count} ${printable(file)} -> ${printable(pdf)} (${via}, ${milliseconds} ms)`);
    this.showProgress();
  }

  /** The summary. @returns whether all are converted */
  end(): boolean {
    this.terminal.progress('');
    const { failed } = this;
    const left = this.total - this.outcomes.length;
    const converted = this.outcomes.length - failed.length;
    if (this.json) {
      const files = this.jobs.flatMap(({ file }) => this.outcomes.find((outcome) => outcome.file === file) ?? []);
      this.terminal.out(asJson({ total: this.total, converted, failed: failed.length, left, files }));
    }
    if (this.total > 1) this.terminal.note(`${converted} of ${this.total} converted in ${this.seconds.toFixed(1)} s.`);
    if (this.total > 1 && failed.length > 0) {
      this.terminal.note(`${failed.length} failed:`);
      const byReason = new Map<string, string[]>();
      for (const outcome of failed) {
        const reason = why(outcome);
        byReason.set(reason, [...(byReason.get(reason) ?? []), printable(outcome.file)]);
      }
      for (const [reason, names] of byReason) this.terminal.note(`  ${names.join(', ')}: ${reason}`);
    }
    for (const hint of new Set(failed.map((outcome) => outcome.hint))) if (hint) this.terminal.note(printable(hint));
    if (left > 0) this.terminal.note(`Stopped; ${left} ${left === 1 ? 'file was' : 'files were'} not converted.`);
    return failed.length === 0 && left === 0;
  }

  private showProgress(): void {
    if (this.outcomes.length === this.total) return;
    const rate = this.outcomes.length > 0 ? `, ${(this.outcomes.length / this.seconds).toFixed(1)} a second` : '';
    const words = `${this.outcomes.length} of ${this.total}, ${this.failed.length} failed${rate}`;
    const length = Math.min(24, this.terminal.columns - words.length - 4);
    const filled = Math.floor((this.outcomes.length / this.total) * length);
    const bar = length > 5 ? `[${'#'.repeat(filled)}${'.'.repeat(length - filled)}] ` : '';
    this.terminal.progress(`${bar}${words}`);
  }
}

function why({ error, code }: Outcome): string {
  return printable(`${error ?? ''}${code === undefined ? '' : ` (${code})`}`);
}
