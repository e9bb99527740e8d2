/** A first run leaves some hundred megabytes: that there is room for them is looked at before anything is started. */
import { existsSync, statfsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { PlatformName } from '../../contract/ways';
import { findExistingFolder } from '../../ground/existing-folder';
import { BUILD_DIR } from '../../infra/packaging';
import { shortPath } from '../project';

/** Megabytes that a first run leaves, as measured, with a tenth more; what is there by now needs none any more. */
const BUILT = { 'tools/virtualenv': 42, 'tools/storage': 65 };
const BUILT_FOR = {
  openwhisk: { libraries: 33, actions: 28 },
  cloudrun: { 'tools/cloudrun': 87 },
};
const KEPT = { store: 42 };
const KEPT_FOR = { openwhisk: { 'invoker/code': 48 }, cloudrun: {} };
const MB = 1_000_000;

interface Place {
  readonly folder: string;
  /** Bytes that are still to come. */
  readonly needed: number;
}

/** What a command deploys, and where it writes. */
export interface Wanted {
  readonly platform: PlatformName;
  readonly data: string;
  /** The folder of the PDFs, and the bytes that they may take. */
  readonly output?: { readonly folder: string; readonly bytes: number };
}

/** @throws Error in one sentence: how much is needed, where, and how much is free */
export function requireRoom({ platform, data, output }: Wanted): void {
  const places: Place[] = [
    { folder: BUILD_DIR, needed: sumMissing(BUILD_DIR, { ...BUILT, ...BUILT_FOR[platform] }) },
    { folder: path.resolve(data), needed: sumMissing(data, { ...KEPT, ...KEPT_FOR[platform] }) },
    ...(output === undefined ? [] : [{ folder: path.resolve(output.folder), needed: output.bytes }]),
  ];
  const disks = new Map<number, Place[]>();
  for (const place of places.filter(({ needed }) => needed > 0)) {
    const disk = statSync(findExistingFolder(place.folder)).dev;
    disks.set(disk, [...(disks.get(disk) ?? []), place]);
  }
  for (const onDisk of disks.values()) requireRoomFor(onDisk);
}

function requireRoomFor(places: readonly Place[]): void {
  const needed = places.reduce((sum, place) => sum + place.needed, 0);
  const { bavail, bsize } = statfsSync(findExistingFolder(places[0]?.folder ?? ''));
  const free = bavail * bsize;
  if (free >= needed) return;
  const names = places.map(({ folder }) => shortPath(folder)).join(' and ');
  throw new Error(
    `There is not enough room on the disk: ${names} ${places.length > 1 ? 'need' : 'needs'} ${Math.ceil(needed / MB)} MB, ` +
      `and ${Math.floor(free / MB)} MB are free. Free at least ${Math.ceil((needed - free) / MB)} MB and try again.`,
  );
}

function sumMissing(folder: string, parts: Readonly<Record<string, number>>): number {
  const missing = Object.entries(parts).filter(([name]) => !existsSync(path.join(folder, name)));
  return missing.reduce((sum, [, megabytes]) => sum + megabytes * MB, 0);
}
