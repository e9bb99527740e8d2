import { checkInputs } from '@pdfmagic/openwhisk/dynamic';
import type { CheckResult, CreateResult, UpdateResult } from '@pulumi/pulumi/dynamic';
import { z } from 'zod';
import { type Clock, SECOND, systemClock } from '../cluster/clock';
import { parseReference } from './reference';
import { lookUpDigest, RegistryError } from './registry';

const NAME = 'must be NAME:TAG of an image, without a digest';
const schema = z.strictObject({
  images: z.record(
    z.string(),
    z.string(NAME).refine((name) => parseReference(name) !== undefined, NAME),
  ),
  otherwise: z.string().optional(),
});

/** Images by a name for each, as the provider receives them. */
export type ImageDigestsInputs = Readonly<z.infer<typeof schema>>;
/** What the state keeps: also which image each digest is of. */
export type ImageDigestsState = ImageDigestsInputs & { readonly digests: Readonly<Record<string, string>> };

/** A registry that is out of reach, or asks for patience, is asked so often, with these pauses. */
const PAUSES = [2 * SECOND, 5 * SECOND, 15 * SECOND];

/** Reports every bad input by name. */
export async function check(_olds: unknown, news: ImageDigestsInputs): Promise<CheckResult<ImageDigestsInputs>> {
  return checkInputs(schema, news);
}

/** Looks all digests up. @throws Error naming each image that has none, and why */
export async function create(inputs: ImageDigestsInputs, clock: Clock = systemClock): Promise<CreateResult> {
  return { id: 'image-digests', outs: await lookUpAll(inputs, {}, clock) };
}

/** Keeps the digest of each image whose name is as before, and looks up the others. */
export async function update(
  _id: string,
  olds: ImageDigestsState,
  news: ImageDigestsInputs,
  clock: Clock = systemClock,
): Promise<UpdateResult> {
  const kept = Object.entries(olds.digests).map(([name, digest]) => [olds.images[name], digest] as const);
  return { outs: await lookUpAll(news, Object.fromEntries(kept), clock) };
}

/** @param held digests by the name of the image */
async function lookUpAll(
  { images, otherwise }: ImageDigestsInputs,
  held: Readonly<Record<string, string>>,
  clock: Clock,
): Promise<ImageDigestsState> {
  const looked = await Promise.allSettled(
    Object.entries(images).map(
      async ([name, image]) => [name, held[image] ?? (await lookUpPatiently(image, clock))] as const,
    ),
  );
  const failures = looked.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  const stranger = failures.find((failure) => !(failure instanceof RegistryError));
  if (stranger !== undefined) throw stranger;
  if (failures.length > 0) {
    const reasons = new Set(failures.map((failure) => `  - ${(failure as RegistryError).message}`));
    const hint = otherwise === undefined ? '' : `\n${otherwise}`;
    throw new Error(`Image digests cannot be looked up:\n${[...reasons].join('\n')}${hint}`);
  }
  const digests = looked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  return { images, ...(otherwise === undefined ? {} : { otherwise }), digests: Object.fromEntries(digests) };
}

async function lookUpPatiently(image: string, clock: Clock): Promise<string> {
  const reference = parseReference(image);
  if (reference === undefined) throw new RegistryError(`${image} is no name of an image`, false);
  for (const pause of PAUSES) {
    try {
      return await lookUpDigest(reference);
    } catch (error) {
      if (!(error instanceof RegistryError && error.temporary)) throw error;
      await clock.sleep(pause);
    }
  }
  return lookUpDigest(reference);
}
