/** What people see of a conversion: a line for each file, one of progress, and at the end what failed. */
import { escapeControls, formatJson, type Terminal } from '../terminal';
import { type Job, type Outcome, STREAM } from './job';
import { explain, formatBar, groupRemarks, listReencoded } from './lines';

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
    const { file, pdf, skipped, via, milliseconds, reencoded } = outcome;
    if (pdf !== undefined && pdf !== STREAM && !skipped && !this.options.json && !this.options.quiet) {
      const count = `[${`${this.outcomes.length}`.padStart(`${this.total}`.length)}/${this.total}]`;
      const how = `${via}, ${milliseconds} ms${reencoded === undefined ? '' : ', encoded again'}`;
      this.terminal.out(`${count} ${escapeControls(file)} -> ${escapeControls(pdf)} (${how})`);
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
    if (!this.options.quiet) {
      const again = outcomes.flatMap(({ file, reencoded }) => (reencoded ? [{ file, words: reencoded }] : []));
      for (const line of listReencoded(again, total)) this.terminal.note(line);
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
    const remarks = failed.map((outcome) => ({ file: outcome.file, words: explain(outcome) }));
    const [indent, word] = this.total > 1 ? ['  ', ''] : ['', 'FAILED: '];
    for (const line of groupRemarks(remarks, indent, word)) this.terminal.note(line);
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
    this.terminal.progress(formatBar(outcomes.length, this.total, words, this.terminal.columns));
  }
}
