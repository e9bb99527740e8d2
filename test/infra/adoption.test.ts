import * as pulumi from '@pulumi/pulumi';
import { expect, test } from 'vitest';
import { passAdoptOn } from '../../infra/service/adoption';

/** CustomResource itself is abstract. */
class Thing extends pulumi.CustomResource {}

/** A component with an entity of OpenWhisk and something else in it. */
class Group extends pulumi.ComponentResource {
  constructor(name: string, options?: pulumi.ComponentResourceOptions) {
    super('tests:index:Group', name, {}, options);
    for (const type of ['pulumi-nodejs:dynamic/openwhisk:Action', 'gcp:storage/bucket:Bucket']) {
      new Thing(type, `${name} ${type}`, { size: 1 }, { parent: this });
    }
  }
}

test('config key adopt reaches every entity of OpenWhisk in the component, and nothing else', async () => {
  const made = new Map<string, unknown>();
  await pulumi.runtime.setMocks({
    call: () => ({}),
    newResource: ({ name, inputs }) => {
      made.set(name, inputs);
      return { id: name, state: inputs };
    },
  });
  new Group('told', passAdoptOn(true));
  new Group('untold', passAdoptOn(false));
  await pulumi.runtime.disconnect();
  expect(Object.fromEntries(made)).toMatchObject({
    'told pulumi-nodejs:dynamic/openwhisk:Action': { size: 1, adopt: true },
    'told gcp:storage/bucket:Bucket': { size: 1 },
    'untold pulumi-nodejs:dynamic/openwhisk:Action': { size: 1 },
  });
  expect(made.get('told gcp:storage/bucket:Bucket')).not.toHaveProperty('adopt');
  expect(made.get('untold pulumi-nodejs:dynamic/openwhisk:Action')).not.toHaveProperty('adopt');
});
