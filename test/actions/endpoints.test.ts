/** Where the actions look for the storage, and with what: Google's tokens are for Google, and no place is a metadata server. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { BUILD_DIR, ensureVirtualenv, PROJECT_ROOT } from '../../infra/packaging';
import { newServiceAccount } from './keys';

/** Of each case in argv[1], `[key, endpoint]`: the kind of the credentials, or the code of the refusal. */
const PROGRAM = `
import json, sys
from buckets.access import make_credentials
from buckets.deployment import Settings
from pdfmagic.errors import ActionError
answers = []
for key, endpoint in json.loads(sys.argv[1]):
    try:
        settings = Settings({"gcs-key": key, "gcs-endpoint": endpoint})
        found = make_credentials(settings.key("gcs-key"), settings.endpoint())
        answers.append(type(found).__module__)
    except ActionError as error:
        answers.append(error.problem.code)
print(json.dumps(answers))
`;
const SIGNED = 'google.oauth2.service_account';
const NOBODY = 'google.auth.credentials';

let python: string;
beforeAll(async () => {
  const requirements = path.join(PROJECT_ROOT, 'actions/requirements/storage.txt');
  ({ python } = await ensureVirtualenv({
    dir: path.join(BUILD_DIR, 'tools', 'storage'),
    title: 'the storage emulator',
    requirements,
  }));
});

function credentials(cases: readonly (readonly [object, unknown])[]): string[] {
  const env = { PYTHONPATH: path.join(PROJECT_ROOT, 'actions'), PYTHONDONTWRITEBYTECODE: '1' };
  const answer = execFileSync(python, ['-c', PROGRAM, JSON.stringify(cases)], { env, encoding: 'utf8' });
  return JSON.parse(answer) as string[];
}
/** What becomes of a key at each of these places. */
const at = (key: object, endpoints: readonly unknown[]): Record<string, string | undefined> => {
  const answers = credentials(endpoints.map((endpoint) => [key, endpoint]));
  return Object.fromEntries(endpoints.map((endpoint, index) => [String(endpoint), answers[index]]));
};
const each = (endpoints: readonly unknown[], answer: string) =>
  Object.fromEntries(endpoints.map((endpoint) => [String(endpoint), answer]));

const google = newServiceAccount().key;

describe('a key of Google', () => {
  it('gets tokens for Google, at whichever of its endpoints', () => {
    const own = [
      '',
      'https://storage.googleapis.com',
      'https://storage.googleapis.com/',
      'https://STORAGE.googleapis.com:443',
      'https://storage.europe-west1.rep.googleapis.com',
      'https://storage-ada.p.googleapis.com',
      'https://restricted.googleapis.com',
    ];
    expect(at(google, own)).toEqual(each(own, SIGNED));
  });

  it('gets no token for anybody else, be it by HTTPS', () => {
    const emulators = [
      'http://127.0.0.1:4443',
      'http://172.17.0.1:4443',
      'http://[::1]:4443',
      'http://fake-gcs.storage.svc:4443',
      'https://storage.example',
      'http://storage.googleapis.com',
      'https://storage.googleapis.com:8443',
      'https://storage.googleapis.com.example',
      'https://evilgoogleapis.com',
    ];
    expect(at(google, emulators)).toEqual(each(emulators, NOBODY));
  });

  it.each(['http://127.0.0.1:9/token', 'https://evil.example/token', 'https://googleapis.com.example/token', '', null])(
    'is none if its tokens come from %j',
    (token_uri) => {
      expect(at({ ...google, token_uri }, [''])).toEqual(each([''], 'bad-key'));
    },
  );
});

describe('a key of an emulator', () => {
  it('gets its tokens from the host of the emulator, and from no other', () => {
    const key = { ...google, token_uri: 'http://127.0.0.1:9/token' };
    expect(at(key, ['http://127.0.0.1:4443', 'http://127.0.0.2:4443', 'https://storage.googleapis.com', ''])).toEqual({
      'http://127.0.0.1:4443': SIGNED,
      'http://127.0.0.2:4443': 'bad-key',
      'https://storage.googleapis.com': 'bad-key',
      '': 'bad-key',
    });
  });
});

describe('an endpoint', () => {
  it('is never the place where a machine is told who it is, in whatever form', () => {
    const places = [
      'http://169.254.169.254',
      'http://169.254.169.254:80/',
      'http://metadata.google.internal',
      'http://METADATA.google.internal.',
      'http://metadata',
      'http://[fe80::1]',
      'http://[fd20:ce::254]',
      'http://[fd20:00ce::0254]',
      'http://[::ffff:169.254.169.254]',
      'http://2852039166',
      'http://0xa9fea9fe',
      'http://169.254.43518',
      'http://0251.0376.0251.0376',
      'http://0.0.0.0:4443',
      'http://[::]:4443',
      'http://224.0.0.1',
    ];
    expect(at(google, places)).toEqual(each(places, 'storage-failed'));
  });

  it('is a scheme, a host and a port, and nothing else', () => {
    const malformed = [
      'storage.googleapis.com',
      'ftp://storage.googleapis.com',
      'https://user@storage.googleapis.com',
      'https://storage.googleapis.com@evil.example',
      'https://evil.example\\@storage.googleapis.com',
      'https://evil.example#.googleapis.com',
      'https://evil.example?.googleapis.com',
      'https://evil.example/.googleapis.com',
      'https://storage.googleapis.com/bucket',
      'https://storage.googleapis.com\n',
      ' https://storage.googleapis.com',
      'https://',
      7,
      true,
      null,
    ];
    expect(at(google, malformed)).toEqual(each(malformed, 'storage-failed'));
  });
});
