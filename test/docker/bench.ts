/** An invoker whose Python actions are containers, for a test file, and a look at them. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type DockerRuntime, prepareDocker } from '../../platform/invoker/docker';
import type { Bench } from '../invoker/harness';
import { docker, testBase } from './engine';

/** A runtime image on the base image of these tests. */
export function testRuntime(): Promise<DockerRuntime> {
  return prepareDocker(testBase(), () => {});
}

/** The label of a platform's containers; it is gone from the data folder when they are. */
export function labelOf({ dataDir }: Pick<Bench, 'dataDir'>): string {
  return readFileSync(path.join(dataDir, 'docker'), 'utf8').trim();
}

/** Ids of the containers of an action, running or not. */
export function containers(label: string, name: string): string[] {
  const filters = ['--filter', `label=${label}`, '--filter', `name=pdfmagic-${name}-`];
  return docker('ps', '--all', '--quiet', ...filters)
    .split('\n')
    .filter((id) => id !== '');
}
