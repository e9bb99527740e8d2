/** What the actions of v1 and v2 say of themselves: to `wsk action get --summary`, and to whoever opens their API in a browser. */
import { WAYS } from '../../contract/ways';

const DESCRIPTIONS = {
  v1: 'Converts a JPEG to a PDF: send the JPEG, and the answer is the PDF.',
  v2: 'Converts a JPEG in a bucket to a PDF in the output bucket: send the bucket and the name of the JPEG.',
} as const;

/** Its annotations: in the command, URL stands for the URL of the API. */
export function describeWay(way: keyof typeof DESCRIPTIONS): Readonly<Record<'description' | 'sample-call', string>> {
  const { command } = WAYS[way];
  return { description: DESCRIPTIONS[way], 'sample-call': way === 'v1' ? `${command} -o photo.pdf` : command };
}
