import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import program from '../../index';
import { explainRefusal } from '../../infra/targets/cloudrun/invoker';
import { answers } from '../program/answers';
import { record } from '../program/recording';
import { becomeReady } from '../program/student-machine';

let leave: () => void;
beforeEach(() => {
  leave = becomeReady();
});
afterEach(() => leave());

const CLOUD_RUN = { student: 'ada', target: 'gke', platform: 'cloudrun', project: 'ada-lab-123456' };

async function refusal(config: Readonly<Record<string, string>>): Promise<string> {
  try {
    await record(program, config, answers);
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe('before anything is made on Cloud Run', () => {
  test('Docker must have a login for the registry, unless the image is ready', async () => {
    process.env.DOCKER_CONFIG = '/nowhere';
    const text = await refusal(CLOUD_RUN);
    expect(text).toContain('not ready for platform cloudrun; nothing was created');
    expect(text).toContain('gcloud auth configure-docker europe-west1-docker.pkg.dev');
    expect(await refusal({ ...CLOUD_RUN, image: 'ada/convert:1' })).toBe('');
  });

  test('there must be Google credentials', async () => {
    delete process.env.GOOGLE_OAUTH_ACCESS_TOKEN;
    process.env.CLOUDSDK_CONFIG = '/nowhere';
    const text = await refusal({ ...CLOUD_RUN, image: 'ada/convert:1' });
    expect(text).toContain('gcloud auth application-default login');
    expect(text).not.toContain('docker');
  });
});

describe('an organization that does not allow public services', () => {
  test('is explained with both ways out', () => {
    const text = explainRefusal([
      'googleapi: Error 400: One or more users named in the policy do not belong to a permitted customer.',
    ]);
    expect(text).toContain('an administrator exempts this project');
    expect(text).toContain('pulumi config set publicApi false');
  });

  test('is not seen in another error', () => {
    expect(explainRefusal(['googleapi: Error 403: Permission denied'])).toBeUndefined();
  });
});
