/** What people see of a conversion: a line for each file, one of progress, and at the end what failed. */
import { escapeControls, formatJson, type Terminal } from '../terminal';
import { type Job, type Outcome, STREAM } from './job';

/** Counts outcomes, and tells of them. */
export class Report {
  private readonly outcomes: Outcome[] = [];
  private readonly begin = performance.now();

  constructor(
    private readonly terminal: Terminal,
    private readonly jobs: readonly Job[],
    /** `json`: one JSON value at the end in place of lines; `quiet`: failures alone. */
    private readonly options: { readonly json: boolean; readonly quiet: boolean },
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
    const { file, pdf, skipped, via, milliseconds } = outcome;
    if (pdf !== undefined && pdf !== STREAM && !skipped && !this.options.json && !this.options.quiet) {
      const count = `[${`${this.outcomes.length}`.padStart(`${this.total}`.length)}/${this.total}]`;
      this.terminal.out(`${count} ${escapeControls(file)} -> ${escapeControls(pdf)} (${via}, ${milliseconds} ms)`);
    }
    this.showProgress();
  }

  /** The summary; each failure is told here, and here alone. @returns whether all are converted */
  end(): boolean {
    this.terminal.progress('');
    const { failed, total, outcomes } = this;
    const left = total - outcomes.length;
    const skipped = outcomes.filter((outcome) => outcome.skipped).length;
    const converted = outcomes.length - failed.length - skipped;
    if (this.options.json) {
      const found = new Map(outcomes.map((outcome) => [outcome.file, outcome]));
      const files = this.jobs.flatMap(({ file }) => found.get(file) ?? []);
      const counts = { total, converted, ...(skipped > 0 && { skipped }), failed: failed.length, left };
      this.terminal.out(formatJson({ ...counts, files }));
    }
    if (!this.options.quiet && (total > 1 || skipped > 0)) {
      const there = skipped > 0 ? `, ${skipped} already there` : '';
      this.terminal.note(`${converted} of ${total} converted in ${this.seconds.toFixed(1)} s${there}.`);
    }
    this.tellFailed();
    if (left > 0) {
      this.terminal.note(`Stopped; ${left} ${left === 1 ? 'file was' : 'files were'} not converted.`);
      if (converted + skipped > 0) this.terminal.note('Run it again with --skip-existing to convert the rest.');
    }
    return failed.length === 0 && left === 0;
  }

  private tellFailed(): void {
    const { failed } = this;
    if (failed.length > 0 && this.total > 1) this.terminal.note(`${failed.length} failed:`);
    const byReason = new Map<string, string[]>();
    for (const outcome of failed) {
      const reason = explain(outcome);
      byReason.set(reason, [...(byReason.get(reason) ?? []), escapeControls(outcome.file)]);
    }
    const [indent, word] = this.total > 1 ? ['  ', ''] : ['', 'FAILED: '];
    for (const [reason, names] of byReason) this.terminal.note(`${indent}${names.join(', ')}: ${word}${reason}`);
    for (const hint of new Set(failed.map((outcome) => outcome.hint)))
      if (hint) this.terminal.note(escapeControls(hint));
  }

  private showProgress(): void {
    const { outcomes, failed } = this;
    if (this.options.quiet || outcomes.length === this.total) return;
    // The first file tells of a cold start, not of a rate; what is skipped takes no time.
    const done = outcomes.filter(({ skipped }) => !skipped).length;
    const rate = done > 1 ? `, ${(done / this.seconds).toFixed(1)} a second` : '';
    const words = `${outcomes.length} of ${this.total}${failed.length > 0 ? `, ${failed.length} failed` : ''}${rate}`;
    const length = Math.min(24, this.terminal.columns - words.length - 4);
    const filled = Math.floor((this.outcomes.length / this.total) * length);
    const bar = length > 5 ? `[${'#'.repeat(filled)}${'.'.repeat(length - filled)}] ` : '';
    this.terminal.progress(`${bar}${words}`);
  }
}

function explain({ error, code }: Outcome): string {
  return escapeControls(`${error ?? ''}${code === undefined ? '' : ` (${code})`}`);
}
