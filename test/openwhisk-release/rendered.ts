/** The pinned chart as Helm renders it for a stack. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as yaml from 'js-yaml';
import { z } from 'zod';
import { RELEASE_KEYS } from '../../infra/config/keys/openwhisk-release';
import { NAMESPACE, RELEASE } from '../../infra/parts/openwhisk-release/chart';
import { openChart, prepareChart } from '../../infra/parts/openwhisk-release/chart-source';
import { IMAGES, type ReleaseImages } from '../../infra/parts/openwhisk-release/images';
import { listRuntimes, RUNTIMES_FILE } from '../../infra/parts/openwhisk-release/runtimes';
import { makeChartValues } from '../../infra/parts/openwhisk-release/values';

const LIMITS = {
  ...{ actionMemory: 512, invokerMemory: 4096, payload: 5, invocationsPerMinute: 600, concurrentInvocations: 100 },
};
/** A digest that was looked up, for those that the table does not have. */
const LOOKED_UP = `sha256:${'1'.repeat(64)}`;
export const MIRROR = 'mirror.example/hub';

/** All images of a release, each at the mirror, by the digest that it has. */
const held = Object.fromEntries(
  Object.entries({ ...IMAGES, nodejs: { name: 'openwhisk/action-nodejs-v20', tag: '1.22.0' } }).map(([key, image]) => {
    const digest = 'digest' in image ? image.digest : LOOKED_UP;
    return [key, { name: `${MIRROR}/${image.name}`, tag: `${image.tag}@${digest}` }];
  }),
) as unknown as ReleaseImages;

const container = z.looseObject({ name: z.string(), image: z.string() });
const pod = z.looseObject({
  metadata: z.looseObject({ labels: z.record(z.string(), z.string()).optional() }).optional(),
  spec: z.looseObject({ containers: z.array(container), initContainers: z.array(container).optional() }),
});
const object = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
  data: z.record(z.string(), z.string()).optional(),
  spec: z.looseObject({ template: pod.optional() }).optional(),
});
/** One object of Kubernetes. */
export type Rendered = z.infer<typeof object>;

/** Where the chart is: `PDFMAGIC_CHART`, else where the config has it by default. Undefined when that is out of reach. */
export async function findChart() {
  const from = process.env.PDFMAGIC_CHART ?? RELEASE_KEYS.chart.default;
  return openChart({ from, sha256: RELEASE_KEYS.chartSha256.default }).catch(() => undefined);
}

/** Whether a program is on the PATH. */
export function isOnPath(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}

/** Writes chart and values into a folder. @returns what Helm is told of them */
export async function prepareRelease(
  chart: NonNullable<Awaited<ReturnType<typeof findChart>>>,
  folder: string,
  ingress: 'NodePort' | 'LoadBalancer',
): Promise<string[]> {
  const prepared = await prepareChart(chart, { [RUNTIMES_FILE]: listRuntimes(chart, held.nodejs) }, folder);
  const values = makeChartValues({
    apihost: ingress === 'NodePort' ? 'https://192.0.2.7:31001' : 'https://192.0.2.7',
    ...{ ingress, annotations: {}, limits: LIMITS, images: held },
    ...{ systemKey: 'uuid-a:key', guestKey: 'uuid-b:key', couchdb: { username: 'whisk_admin', password: 'p' } },
  });
  const file = path.join(folder, `values-${ingress}.json`);
  writeFileSync(file, JSON.stringify(values));
  return [RELEASE, existsSync(prepared) ? prepared : '', '--namespace', NAMESPACE, '--values', file];
}

/** All objects of the release, as `helm template` writes them. */
export function render(release: readonly string[]): Rendered[] {
  const text = execFileSync('helm', ['template', ...release], { encoding: 'utf8', maxBuffer: 1 << 26 });
  return yaml.loadAll(text).flatMap((each) => (each === null ? [] : [object.parse(each)]));
}

/** The containers of all pods, also those that only begin or only run once. */
export function containersOf(objects: readonly Rendered[]): z.infer<typeof container>[] {
  return objects.flatMap((each) => {
    const found = pod.safeParse(each.kind === 'Pod' ? each : each.spec?.template);
    return found.success ? [...found.data.spec.containers, ...(found.data.spec.initContainers ?? [])] : [];
  });
}
