/** A span of time with inclusive bounds. */
export interface TimeRange {
  /** Milliseconds since the epoch. */
  readonly since?: number;
  /** Milliseconds since the epoch. */
  readonly upto?: number;
}

/** True for a time in milliseconds within the span. */
export function isBetween(time: number, { since, upto }: TimeRange): boolean {
  return (since === undefined || time >= since) && (upto === undefined || time <= upto);
}
