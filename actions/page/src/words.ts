/** Sizes and times as people read them. */

/** `812 bytes`, `65 kB`, `2.4 MB`: thousands, as file managers count. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;
  if (bytes < 999_500) return `${Math.round(bytes / 1000)} kB`;
  const megabytes = bytes / 1_000_000;
  return `${megabytes < 9.95 ? megabytes.toFixed(1) : Math.round(megabytes)} MB`;
}

/** `74 ms`, `1.2 s`. */
export function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** The name of the PDF of a photograph: as the service names it in a bucket. */
export function pdfName(photograph: string): string {
  return `${photograph.replace(/\.jpe?g$/i, '')}.pdf`;
}
