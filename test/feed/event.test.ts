import { describe, expect, test } from 'vitest';
import { readServiceConfig } from '../../feed/config';
import { parseNotification } from '../../feed/event';

/** As in https://cloud.google.com/storage/docs/pubsub-notifications#format. */
const attributes = {
  notificationConfig: 'projects/_/buckets/ada-in/notificationConfigs/3',
  eventType: 'OBJECT_FINALIZE',
  payloadFormat: 'JSON_API_V1',
  bucketId: 'ada-in',
  objectId: 'ordner/größe 1.jpg',
  objectGeneration: '1760000000123456789',
  eventTime: '2026-11-25T20:00:00.000000Z',
};
const resource = {
  kind: 'storage#object',
  bucket: 'ada-in',
  name: 'ordner/größe 1.jpg',
  generation: '1760000000123456789',
  contentType: 'image/jpeg',
  size: '123456',
};
const data = (value: object) => Buffer.from(JSON.stringify(value));

describe('a notification of Cloud Storage', () => {
  test('of a new file gives the parameters of the trigger, the generation to its last digit', () => {
    expect(parseNotification(attributes, data(resource))).toEqual({
      kind: 'new-file',
      event: {
        bucket: 'ada-in',
        name: 'ordner/größe 1.jpg',
        generation: '1760000000123456789',
        contentType: 'image/jpeg',
        size: 123456,
      },
    });
  });

  test('may leave out the content type', () => {
    const { contentType: _, ...rest } = resource;
    expect(parseNotification(attributes, data(rest))).toMatchObject({
      event: { contentType: 'application/octet-stream' },
    });
  });

  test.each(['OBJECT_DELETE', 'OBJECT_METADATA_UPDATE', 'OBJECT_ARCHIVE'])(
    'of %s is not of a new file',
    (eventType) => {
      expect(parseNotification({ ...attributes, eventType }, data(resource))).toEqual({ kind: 'other', eventType });
    },
  );

  test.each([
    ['another program’s message', {}, Buffer.from('hello'), /attributes: .*eventType/],
    ['no generation', { ...attributes, objectGeneration: '' }, data(resource), /objectGeneration/],
    ['payload format NONE', attributes, Buffer.alloc(0), /JSON_API_V1/],
    ['no size', attributes, data({ ...resource, size: 'large' }), /its data: size/],
  ])('that is none (%s) is told with the reason', (_, given, body, reason) => {
    const parsed = parseNotification(given, body);
    expect(parsed).toEqual({ kind: 'malformed', reason: expect.stringMatching(reason) });
  });
});

describe('the settings of the service', () => {
  const env = {
    OPENWHISK_APIHOST: 'https://ow.example.org/',
    OPENWHISK_AUTH: 'uuid:s3cret',
    TRIGGER: 'new-file',
    SUBSCRIPTION: 'projects/p/subscriptions/s',
  };

  test('have defaults for port and limit; the namespace is that of the key', () => {
    expect(readServiceConfig(env)).toEqual({
      openwhisk: { apihost: 'https://ow.example.org', auth: 'uuid:s3cret' },
      trigger: { namespace: '_', name: 'new-file' },
      subscription: 'projects/p/subscriptions/s',
      port: 8080,
      maxInFlight: 16,
    });
    expect(readServiceConfig({ ...env, TRIGGER: '/guest/new-file', PORT: '0', MAX_IN_FLIGHT: '3' })).toMatchObject({
      trigger: { namespace: 'guest', name: 'new-file' },
      port: 0,
      maxInFlight: 3,
    });
  });

  test('that are wrong are all told at once, by name, and no value is repeated', () => {
    const wrong = { OPENWHISK_AUTH: 's3cret', SUBSCRIPTION: 'new-files', PORT: '80a', TRIGGER: '' };
    const read = () => readServiceConfig(wrong);
    for (const name of ['OPENWHISK_APIHOST', 'OPENWHISK_AUTH', 'SUBSCRIPTION', 'PORT', 'TRIGGER'])
      expect(read).toThrow(name);
    expect(read).not.toThrow(/s3cret/);
  });
});
