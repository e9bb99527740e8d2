/** Who made a package that is there: asked before anything is made beside it. */
import type { KnownConnection } from '../connection/connection';
import { openClient } from '../connection/openwhisk-client';
import { asDocument, toObject } from '../entity/entity-document';
import { type Mark, markIn } from '../entity/mark';
import type { Json } from '../json';
import type { PackageDocument } from './package-document';

/** A package that is there. */
export interface FoundPackage {
  /** Which resource of which stack made it; undefined for one that was made by hand. */
  readonly mark: Mark | undefined;
  readonly annotations: Readonly<Record<string, Json>>;
}

/** Looks once. @returns undefined when there is none, or nobody can tell @param patience milliseconds for the answer */
export async function findPackage(
  connection: KnownConnection,
  name: string,
  patience = 10_000,
): Promise<FoundPackage | undefined> {
  const { packages } = openClient(connection);
  const look = packages.get({ name }).then((answer) => {
    const { annotations } = asDocument<PackageDocument>(answer);
    return { mark: markIn(annotations), annotations: toObject(annotations) };
  });
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), patience);
  });
  return Promise.race([look.catch(() => undefined), silence]).finally(() => clearTimeout(timer));
}
