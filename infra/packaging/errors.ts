/** Packaging failed for a reason that the person at the keyboard can mend; the message says how. */
export class PackagingError extends Error {
  override readonly name = 'PackagingError';
}
