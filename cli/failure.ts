/** What the command could not do, for whoever asked: the message says what is wrong, the hint what to do. */
export class Failure extends Error {
  override readonly name: string = 'Failure';

  constructor(
    message: string,
    readonly hint?: string,
    /** The service's own code of a refusal, such as `not-a-jpeg`: actions/README.md lists them. */
    readonly code?: string,
  ) {
    super(message);
  }
}

/** The command could not even begin: a wrong option, or no stack. */
export class UsageFailure extends Failure {
  override readonly name = 'UsageFailure';
}

/** Exit codes of the command. */
export const EXIT = {
  /** Something failed: a file, or the whole. */
  failed: 1,
  /** Nothing was begun. */
  usage: 2,
  /** 128 and the signal's number, as shells have it. */
  signals: { SIGINT: 130, SIGTERM: 143 },
} as const;

/** Any error in words: what the network says is in the cause of what fetch says. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? error.cause : error;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
  return cause.message === '' ? code : cause.message;
}
