import { describe, expect, test } from 'vitest';
import { makeCloudEvent } from '../../platform/cloudrun/cloud-event';

const EVENT = {
  bucket: 'demo-in',
  name: 'photo.jpg',
  generation: '9007199254740993',
  contentType: 'image/jpeg',
  size: 70_000,
};
const TIME = new Date('2026-11-25T22:00:00Z');

describe('the CloudEvent of a new file', () => {
  test('is what Eventarc delivers: attributes as headers, the object as data', () => {
    const { headers, body } = makeCloudEvent(EVENT, TIME);
    expect(headers).toEqual({
      'ce-id': expect.stringMatching(/^[0-9a-f]{32}$/),
      'ce-source': '//storage.googleapis.com/projects/_/buckets/demo-in',
      'ce-type': 'google.cloud.storage.object.v1.finalized',
      'ce-specversion': '1.0',
      'ce-time': '2026-11-25T22:00:00.000Z',
      'ce-subject': 'objects/photo.jpg',
      'ce-bucket': 'demo-in',
      'content-type': 'application/json',
    });
    expect(JSON.parse(body)).toMatchObject({ ...EVENT, size: '70000', kind: 'storage#object' });
  });

  test('keeps its id when it is delivered again, and shares it with no other', () => {
    const idOf = (event: typeof EVENT, time = TIME) => makeCloudEvent(event, time).headers['ce-id'];
    expect(idOf(EVENT, new Date())).toBe(idOf(EVENT));
    expect(idOf({ ...EVENT, generation: '2' })).not.toBe(idOf(EVENT));
  });

  test('has headers of ASCII alone, whatever the name', () => {
    const { headers } = makeCloudEvent({ ...EVENT, name: 'a b"%é 写.jpg\n' }, TIME);
    expect(headers['ce-subject']).toBe('objects/a%20b%22%25%C3%A9%20%E5%86%99.jpg%0A');
  });
});
