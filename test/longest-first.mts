/** The order of the files: on a clean clone nothing is known of earlier runs, and a long file at the end would keep one process busy alone. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { LONGEST } from './slow.mjs';

/** Slow tests before quick ones, which fill what is left; the longest first. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted
      .map((file, at) => ({ file, at, rank: rankOf(file) }))
      .sort((a, b) => a.rank - b.rank || a.at - b.at)
      .map(({ file }) => file);
  }
}

function rankOf({ moduleId, project }: TestSpecification): number {
  const place = LONGEST.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
  if (place >= 0) return place;
  return LONGEST.length + ['slow', 'own process', 'quick'].indexOf(project.name);
}
