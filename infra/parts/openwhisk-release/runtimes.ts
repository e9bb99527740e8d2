/**
 * The kinds of actions of the release. The chart's own list has old ones: its `nodejs:default` is Node.js 14. The other languages
 * stay as the chart has them, since its samples (`/whisk.system/samples`) need them to be there.
 */
import { z } from 'zod';
import type { ChartFiles } from './chart-content';
import type { HeldImage } from './images';

/** Where the list is inside the chart: the value `whisk.runtimes`. */
export const RUNTIMES_FILE = 'pdfmagic-runtimes.json';

/** The chart's own list: https://github.com/apache/openwhisk/blob/master/docs/actions-new.md#the-runtimes-manifest */
const manifest = z.looseObject({ runtimes: z.record(z.string(), z.array(z.looseObject({ kind: z.string() }))) });

/**
 * The kind of all Node.js actions, whatever image is behind it: OpenWhisk no longer reads an action whose kind is gone.
 */
const NODEJS_KIND = 'nodejs:20';

/** MiB; a stem cell is a container that waits for its first action. The size is that of an action that asks for none. */
const STEM_CELL = { initialCount: 1, memory: '256 MB' } as const;

/** The chart's list with our Node.js. @throws Error when the chart has none */
export function listRuntimes(chart: ChartFiles, image: HeldImage): string {
  const file = chart.get('runtimes.json');
  if (file === undefined) throw new Error('The Helm chart has no runtimes.json.');
  const { runtimes, ...rest } = manifest.parse(JSON.parse(file.toString('utf8')));
  const nodejs = [
    {
      kind: NODEJS_KIND,
      default: true,
      // OpenWhisk puts registry, prefix, name and tag together again as they are (`ImageName.resolveImageName`); a digest in
      // the tag stays where it is. Of an image that an action names itself, it drops the digest.
      image: splitName(image),
      deprecated: false,
      attached: { attachmentName: 'codefile', attachmentType: 'text/plain' },
      stemCells: [STEM_CELL],
    },
  ];
  return `${JSON.stringify({ ...rest, runtimes: { ...runtimes, nodejs } }, null, 2)}\n`;
}

function splitName({ name, tag }: HeldImage) {
  const [registry = '', ...path] = name.split('/');
  return { registry, prefix: path.slice(0, -1).join('/'), name: path.at(-1) ?? '', tag };
}
