/** The name of the PDF of a photograph: as the service names it in a bucket (contract/names.ts, which needs Node.js). */
export function nameOfPdf(photograph: string): string {
  return `${photograph.replace(/\.jpe?g$/i, '')}.pdf`;
}
