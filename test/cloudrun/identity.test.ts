/** The service has no key: its identity is that of Google's metadata server, here played. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BUILD_DIR, ensureVirtualenv, PROJECT_ROOT } from '../../infra/packaging';

/** https://cloud.google.com/compute/docs/metadata/overview */
const ANSWERS: Readonly<Record<string, string>> = {
  '/': '',
  '/computeMetadata/v1/project/project-id': 'a-project',
  '/computeMetadata/v1/universe/universe-domain': 'googleapis.com',
  '/computeMetadata/v1/instance/service-accounts/default/': JSON.stringify({
    email: 'ada-convert@a-project.iam.gserviceaccount.com',
    scopes: ['https://www.googleapis.com/auth/cloud-platform'],
  }),
  '/computeMetadata/v1/instance/service-accounts/default/token': JSON.stringify({
    access_token: 'token-of-the-metadata-server',
    expires_in: 3600,
    token_type: 'Bearer',
  }),
};

const PROGRAM = `
import json, sys
from google.auth.transport.requests import Request
from buckets.access import make_credentials
from pdfmagic.errors import ActionError
try:
    credentials = make_credentials(None, sys.argv[1] or None)
except ActionError as error:
    print(json.dumps({"code": error.problem.code, "error": error.message}))
    sys.exit()
if hasattr(credentials, "service_account_email"):
    credentials.refresh(Request())
print(json.dumps({"kind": type(credentials).__module__, "token": credentials.token}))
`;

let server: Server;
let python: string;
beforeAll(async () => {
  const requirements = path.join(PROJECT_ROOT, 'actions/requirements/cloudrun.txt');
  ({ python } = await ensureVirtualenv({
    dir: path.join(BUILD_DIR, 'tools', 'cloudrun'),
    title: 'the service',
    requirements,
  }));
  server = createServer((request, response) => {
    const answer = ANSWERS[new URL(request.url ?? '/', 'http://metadata').pathname];
    const wants = request.headers['metadata-flavor'] === 'Google';
    const type = answer?.startsWith('{') ? 'application/json' : 'application/text';
    response.writeHead(answer === undefined || !wants ? 404 : 200, {
      'metadata-flavor': 'Google',
      'content-type': type,
    });
    response.end(answer);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => server.close());

async function credentials(endpoint: string, metadata: string): Promise<unknown> {
  const env = {
    PYTHONPATH: path.join(PROJECT_ROOT, 'actions'),
    PYTHONDONTWRITEBYTECODE: '1',
    HOME: '/nonexistent',
    GCE_METADATA_HOST: metadata,
    GCE_METADATA_IP: metadata,
    GCE_METADATA_TIMEOUT: '2',
    GCE_METADATA_DETECT_RETRIES: '1',
  };
  const { stdout } = await promisify(execFile)(python, ['-c', PROGRAM, endpoint], { env });
  return JSON.parse(stdout);
}

describe('a service without a key', () => {
  const metadata = () => `127.0.0.1:${(server.address() as AddressInfo).port}`;

  test('has the identity that the metadata server tells', async () => {
    expect(await credentials('', metadata())).toEqual({
      kind: 'google.auth.compute_engine.credentials',
      token: 'token-of-the-metadata-server',
    });
  });

  test('sends its token to no emulator, in clear', async () => {
    expect(await credentials('http://127.0.0.1:4443', metadata())).toEqual({
      kind: 'google.auth.credentials',
      token: null,
    });
  });

  test('says so where there is no metadata server', async () => {
    expect(await credentials('', '127.0.0.1:1')).toEqual({
      code: 'bad-key',
      error: expect.stringContaining('no identity of its own'),
    });
  });
});
