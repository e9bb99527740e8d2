/** What people see of an album: how far it is, what was made, and what is not in it. */
import { escapeControls, formatJson, type Terminal } from '../terminal';
import type { Outcome } from './job';
import { STREAM } from './job';
import { explain, formatBar, groupRemarks, listReencoded } from './lines';
import type { AlbumPlan } from './plan-album';

/** Why something failed. */
type Why = Pick<Outcome, 'error' | 'hint' | 'code'>;

/** The PDF, as it is in --json. */
interface Made {
  readonly pdf: string;
  readonly skipped?: true;
  readonly pages?: number;
  readonly via?: 'v2';
  readonly activation?: string;
  readonly milliseconds?: number;
}

/** Counts, and tells. */
export class AlbumReport {
  private readonly begin = performance.now();
  private readonly bad = new Map<number, Why>();
  private readonly reencoded = new Map<number, string>();
  private album: Made | undefined;
  private failure: Why | undefined;
  private uploads = 0;
  private left: readonly string[] = [];

  constructor(
    private readonly terminal: Terminal,
    private readonly plan: AlbumPlan,
    private readonly options: { readonly json: boolean; readonly quiet: boolean; readonly onError: string },
  ) {}

  /** A photograph is bad. @param at its place in the plan */
  refuse(at: number, why: Why): void {
    this.bad.set(at, why);
  }

  /** A photograph is encoded again. @param at its place in the plan */
  encodeAgain(at: number, reason: string): void {
    this.reencoded.set(at, reason);
  }

  /** Another photograph is in the bucket. @param all how many will be */
  upload(all: number): void {
    this.uploads += 1;
    const seconds = (performance.now() - this.begin) / 1000;
    const rate = this.uploads > 1 ? `, ${(this.uploads / seconds).toFixed(1)} a second` : '';
    this.show(formatBar(this.uploads, all, `${this.uploads} of ${all} uploaded${rate}`, this.terminal.columns));
  }

  /** What is going on now. */
  show(words: string): void {
    if (!this.options.quiet) this.terminal.progress(words);
  }

  /** The PDF is where it was wanted. */
  succeed(album: Pick<Made, 'pages' | 'activation'>): void {
    const milliseconds = Math.round(performance.now() - this.begin);
    this.album = { pdf: this.plan.target, ...album, via: 'v2', milliseconds };
  }

  /** It was there already. */
  skip(): void {
    this.album = { pdf: this.plan.target, skipped: true };
  }

  /** No PDF was made, for a reason that is none of one photograph. */
  fail(why: Why): void {
    this.failure = why;
  }

  /** What could not be removed from the buckets. @param places bucket and folder of each */
  leave(places: readonly string[]): void {
    this.left = places;
  }

  /** The summary. @returns whether all photographs are in the PDF */
  end(isStopped: boolean): boolean {
    this.terminal.progress('');
    const { album, bad } = this;
    if (this.options.json) this.terminal.out(formatJson(this.describe()));
    else if (album !== undefined) this.tellMade(album);
    if (!this.options.quiet)
      for (const line of listReencoded(this.remark(this.reencoded), this.plan.files.length)) this.terminal.note(line);
    this.tellBad();
    if (album === undefined) this.tellNone(isStopped);
    if (this.left.length > 0 && !this.options.quiet)
      this.terminal.note(
        `The temporary files in ${this.left.join(' and ')} could not be deleted. They stay until you or the bucket deletes them.`,
      );
    return album !== undefined && bad.size === 0;
  }

  private describe(): object {
    const { album, bad, failure, plan, reencoded } = this;
    const total = plan.files.length;
    const converted = album === undefined || album.skipped ? 0 : total - bad.size;
    const left = album?.skipped ? 0 : total - converted - bad.size;
    const files = plan.files.map(({ file }, at) => {
      const reason = reencoded.get(at);
      return { file, ...(reason !== undefined && { reencoded: reason }), ...bad.get(at) };
    });
    return { total, converted, failed: bad.size, left, ...(album && { album }), ...failure, files };
  }

  private tellMade({ pdf, skipped, milliseconds }: Made): void {
    if (this.options.quiet) return;
    const count = this.plan.files.length - this.bad.size;
    if (skipped) this.terminal.note(`${escapeControls(pdf)} is already there.`);
    else if (pdf !== STREAM)
      this.terminal.out(
        `${count} ${count === 1 ? 'photograph' : 'photographs'} -> ${escapeControls(pdf)} (v2, ${milliseconds} ms)`,
      );
  }

  private tellBad(): void {
    if (this.bad.size === 0) return;
    this.terminal.note(`${this.bad.size} ${this.album === undefined ? 'failed' : 'left out'}:`);
    const words = new Map([...this.bad].map(([at, why]) => [at, explain(why)]));
    for (const line of groupRemarks(this.remark(words), '  ')) this.terminal.note(line);
    for (const hint of new Set([...this.bad.values()].map((why) => why.hint)))
      if (hint) this.terminal.note(escapeControls(hint));
  }

  private tellNone(isStopped: boolean): void {
    const { failure, bad, plan, terminal } = this;
    const pdf = plan.target === STREAM ? 'The PDF' : escapeControls(plan.target);
    if (failure !== undefined) {
      terminal.note(`${pdf}: FAILED: ${escapeControls(explain(failure))}`);
      if (failure.hint) terminal.note(escapeControls(failure.hint));
    } else if (isStopped) terminal.note(`Stopped. ${pdf} was not made.`);
    else {
      terminal.note(`${pdf} was not made.`);
      if (bad.size < plan.files.length) terminal.note('To make it from the others, add --on-error leave-out.');
    }
  }

  private remark(words: ReadonlyMap<number, string>) {
    return [...words].map(([at, said]) => ({ file: this.plan.files[at]?.file ?? '', words: said }));
  }
}
