import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as yaml from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { type HeldImage, IMAGES, type ReleaseImages } from '../../infra/parts/openwhisk-release/images';
import { makeChartValues, type ValuesArgs } from '../../infra/parts/openwhisk-release/values';

const DIGEST = `sha256:${'1'.repeat(64)}`;
const held = (name: string): HeldImage => ({ name: `mirror.example/${name}`, tag: `1@${DIGEST}` });
const ARGS: ValuesArgs = {
  images: Object.fromEntries(
    [...Object.keys(IMAGES), 'nodejs'].map((key) => [key, held(key)]),
  ) as unknown as ReleaseImages,
  apihost: 'https://192.0.2.7',
  ingress: 'LoadBalancer',
  annotations: { 'cloud.google.com/l4-rbs': 'enabled' },
  limits: {
    actionMemory: 512,
    invokerMemory: 4096,
    payload: 5,
    invocationsPerMinute: 600,
    concurrentInvocations: 100,
  },
  systemKey: 'SYSTEM',
  guestKey: 'GUEST',
  couchdb: { username: 'whisk_admin', password: 'PASSWORD' },
};

type Tree = Readonly<Record<string, unknown>>;
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Leaves by their path; maps that users fill (annotations) are leaves. */
function leaves(tree: Tree, at = ''): [path: string, value: unknown][] {
  return Object.entries(tree).flatMap(([key, value]): [string, unknown][] => {
    const here = at === '' ? key : `${at}.${key}`;
    return isTree(value) && key !== 'annotations' ? leaves(value, here) : [[here, value]];
  });
}

function lookUp(tree: unknown, place: string): unknown {
  return place.split('.').reduce((node, key) => (isTree(node) ? node[key] : undefined), tree);
}

describe("the values of OpenWhisk's chart", () => {
  test('name the host and port of the API host, for the URLs that the gateway answers with', () => {
    expect(makeChartValues(ARGS).whisk.ingress).toMatchObject({ apiHostName: '192.0.2.7', apiHostPort: 443 });
    expect(makeChartValues({ ...ARGS, apihost: 'https://ow.example.org:31001' }).whisk.ingress).toMatchObject({
      apiHostName: 'ow.example.org',
      apiHostPort: 31001,
      apiHostProto: 'https',
    });
  });

  test('give limits in the units of the chart', () => {
    const { limits, containerPool } = makeChartValues(ARGS).whisk;
    expect(limits.actions.memory.max).toBe('512m');
    expect(limits.activation.payload.max).toBe('5242880');
    expect(containerPool.userMemory).toBe('4096m');
  });

  test('take every image by digest, from where the stack says', () => {
    const values = makeChartValues(ARGS);
    const images = Object.entries(values).filter(([, part]) => typeof part === 'object' && 'imageTag' in part);
    expect(images.map(([name]) => name).sort()).toEqual(Object.keys(IMAGES).sort());
    for (const [name, image] of images)
      expect(image, name).toMatchObject({ imageName: `mirror.example/${name}`, imageTag: `1@${DIGEST}` });
  });

  test('run actions as pods, on nodes with the invoker label, and taint none', () => {
    const values = makeChartValues(ARGS);
    expect(values.invoker.containerFactory.impl).toBe('kubernetes');
    expect(values.affinity).toMatchObject({ enabled: true, invokerNodeLabel: 'invoker' });
    expect(values.toleration.enabled).toBe(false);
  });

  test('ask for nothing that Kubernetes no longer has', () => {
    expect(makeChartValues(ARGS).pdb.enable).toBe(false);
  });
});

const REFERENCE = path.resolve(__dirname, '../../../shared/reference');
const CHART = path.join(REFERENCE, 'openwhisk-chart-values.yaml');

describe.skipIf(!existsSync(CHART))(
  "beside the chart's own values (skipped where the reference folder is missing)",
  () => {
    const read = () => yaml.load(readFileSync(CHART, 'utf8'));

    test('each name is one of the chart', () => {
      for (const [place] of leaves(makeChartValues(ARGS) as unknown as Tree)) {
        expect(lookUp(read(), place), place).not.toBeUndefined();
      }
    });

    test('each value has the type of the one it replaces', () => {
      for (const [place, value] of leaves(makeChartValues(ARGS) as unknown as Tree)) {
        expect(typeof value, place).toBe(typeof lookUp(read(), place));
      }
    });

    test('no published key or password of the chart is used', () => {
      const ours = JSON.stringify(makeChartValues(ARGS));
      for (const place of ['whisk.auth.system', 'whisk.auth.guest', 'db.auth.password']) {
        const published = lookUp(read(), place);
        expect(published, place).toBeTypeOf('string');
        expect(ours, place).not.toContain(published);
      }
    });

    test("each value has the type that the chart's schema asks for, where it tells", () => {
      const schema: unknown = JSON.parse(
        readFileSync(path.join(REFERENCE, 'openwhisk-chart-values.schema.json'), 'utf8'),
      );
      const told = leaves(makeChartValues(ARGS) as unknown as Tree).flatMap(([place, value]) => {
        const type = lookUp(schema, `properties.${place.replaceAll('.', '.properties.')}.type`);
        return typeof type === 'string' ? [[place, type.replace('integer', 'number'), typeof value]] : [];
      });
      expect(told.length).toBeGreaterThan(5);
      for (const [place, asked, given] of told) expect(given, place).toBe(asked);
    });
  },
);
