/** The names of PDFs: of one, and of many in one folder. */

/** The name of the PDF of a photograph: as the service names it in a bucket (contract/names.ts, which needs Node.js). */
export function nameOfPdf(photograph: string): string {
  return `${photograph.replace(/\.jpe?g$/i, '')}.pdf`;
}

/** The names of these photographs' PDFs in one folder, in their order: one that is taken already gets a number. */
export function namesOfPdfs(photographs: readonly string[]): string[] {
  // As Windows and macOS compare names.
  const fold = (name: string) => name.normalize('NFC').toLowerCase();
  const names = photographs.map(nameOfPdf);
  const whole = new Set(names.map(fold));
  const taken = new Set<string>();
  return names.map((name) => {
    let own = name;
    for (let number = 2; taken.has(fold(own)) || (own !== name && whole.has(fold(own))); number += 1)
      own = name.replace(/\.pdf$/, ` (${number}).pdf`);
    taken.add(fold(own));
    return own;
  });
}
