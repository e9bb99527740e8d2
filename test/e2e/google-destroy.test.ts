/** `pulumi destroy` of a cluster whose OpenWhisk answers nobody any more: by the real CLI and plugin, against a played Google. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PlayedGoogle } from './played-google/google';
import { BECAUSE, MISSING, ROOT, type Stacks, startStacks } from './played-google/stacks';

const MINUTES = 60_000;

/** A cluster, and something in its OpenWhisk that goes with it. */
const PROGRAM = (apihost: string) => `
import { Package } from '@pdfmagic/openwhisk';
import { readConfig } from '${ROOT}/infra/config';
import { openGoogleCloud } from '${ROOT}/infra/parts/google-cloud';
import { makeCluster } from '${ROOT}/infra/targets/gke/cluster';
import { makeNetwork } from '${ROOT}/infra/targets/gke/network';
import { makeNodeIdentity } from '${ROOT}/infra/targets/gke/node-identity';
import { makeNodePools } from '${ROOT}/infra/targets/gke/node-pools';

const config = readConfig();
if (config.target !== 'gke') throw new Error('the config is for another target');
const cloud = openGoogleCloud(config);
const identity = makeNodeIdentity(cloud);
const cluster = makeCluster(cloud, makeNetwork(cloud), identity, []);
const pools = makeNodePools(cloud, cluster, identity);
const connection = { apihost: '${apihost}', auth: '23bc46b1-71f6-4ed5-8c54-816aa4f8c502:k', namespace: '_' };
new Package('pdfmagic', { connection, name: 'pdfmagic' }, { dependsOn: pools, deletedWith: cluster });
`;

describe.skipIf(MISSING.length > 0)(`pulumi destroy${BECAUSE}`, () => {
  const google = new PlayedGoogle();
  let stacks: Stacks;
  let openwhisk: http.Server;
  let isSick = false;
  const asked: string[] = [];

  beforeAll(async () => {
    stacks = await startStacks((request) => google.answer(request));
    openwhisk = http.createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      const status = isSick ? 500 : request.method === 'GET' ? 404 : 200;
      const made = {
        namespace: 'guest',
        name: 'pdfmagic',
        version: '0.0.1',
        publish: false,
        annotations: [],
        parameters: [],
        binding: {},
      };
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(status === 200 ? made : { error: 'not well' }));
    });
    await new Promise<void>((resolve) => openwhisk.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    stacks?.close();
    openwhisk?.close();
  });

  test(
    'leaves nothing that is paid for when OpenWhisk answers 500 to everything: it goes with its cluster, and is not asked',
    async () => {
      const apihost = `http://127.0.0.1:${(openwhisk.address() as AddressInfo).port}`;
      const config = { student: 'ada', target: 'gke', project: 'ada-lab-123456' };
      const { up, destroy } = await stacks.open('sick', stacks.write('sick', PROGRAM(apihost)), config);
      await up();
      expect(asked.some((request) => request.startsWith('PUT '))).toBe(true);
      isSick = true;
      asked.length = 0;
      await destroy();
      expect([...google.resources.keys()]).toEqual([]);
      expect(asked.filter((request) => request.startsWith('DELETE'))).toEqual([]);
    },
    10 * MINUTES,
  );
});
