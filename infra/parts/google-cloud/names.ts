/** Names and labels of what a stack has on Google Cloud. A student's name can be longer than some names may be. */
import { createHash } from 'node:crypto';

/** `name-suffix`, cut to `length` with a digest of the whole when it would be longer. */
export function fitName(length: number, name: string, suffix: string): string {
  const whole = `${name}-${suffix}`;
  if (whole.length <= length) return whole;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 6);
  const room = length - suffix.length - digest.length - 2;
  return `${name.slice(0, room).replace(/-+$/, '')}-${digest}-${suffix}`;
}

/** A label's value: at most 63 of a-z, 0-9, _ and -. https://cloud.google.com/resource-manager/docs/labels-overview */
export function toLabelValue(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '-')
    .slice(0, 63);
}

/** Whose stack it is; `expires` as `YYYY-MM-DD`. */
export interface Owner {
  readonly student: string;
  readonly stack: string;
  readonly expires?: string | undefined;
}

/** Labels of all that costs: whose it is, and until when. */
export function makeLabels({ student, stack, expires }: Owner): Record<string, string> {
  return {
    student: toLabelValue(student),
    stack: toLabelValue(stack),
    ...(expires === undefined ? {} : { expires }),
  };
}
