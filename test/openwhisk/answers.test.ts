/** Answers of a real OpenWhisk that no recorded case shows; each after the source that gives it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../ground/json';
import { identity } from './identity';
import { Client, Laboratory } from './laboratory';

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open();
  await laboratory.action('echo', 'echo');
});
afterAll(() => laboratory.close());

describe('a caller without a usable key', () => {
  const MISSING = 'The resource requires authentication, which was not supplied with the request';
  const INVALID = 'The supplied authentication is invalid';
  const base64 = (text: string) => Buffer.from(text).toString('base64');

  test.each([
    ['no header', undefined, MISSING],
    ['an empty header', '', MISSING],
    ['a scheme alone', 'Basic', MISSING],
    ['a scheme and blanks', 'Basic   ', MISSING],
    ['what is no base64', 'Basic !!!', MISSING],
    ['two words', 'Basic abc def', MISSING],
    ['another scheme', 'Bearer abcdef', MISSING],
    ['another scheme with parameters', 'Digest username="guest", realm="x"', MISSING],
    ['a key without a scheme', `${identity.uuid}:${identity.key}`, MISSING],
    ['credentials without a colon', `Basic ${base64('guest')}`, INVALID],
    ['credentials of nobody', `Basic ${base64('nobody:secret')}`, INVALID],
    ['a known user with another key', `basic ${base64(`${identity.uuid}:other`)}`, INVALID],
  ])('is told which it is: %s', async (_what, authorization, error) => {
    for (const where of ['api/v1/namespaces', 'api/v1/namespaces/_/actions/echo', 'api/v1/web/guest']) {
      const response = await fetch(`${laboratory.url}/${where}`, {
        headers: authorization === undefined ? {} : { authorization },
      });
      expect([response.status, response.headers.get('www-authenticate')], where).toEqual([
        401,
        'Basic realm="OpenWhisk secure realm",charset=UTF-8',
      ]);
      expect(await response.json(), where).toMatchObject({ error });
    }
  });
});

describe('limits of an action', () => {
  const MALFORMED = 'The request content was malformed:\n';
  test.each([
    [{ logs: -1 }, `${MALFORMED}requirement failed: a negative size of an object is not allowed.`],
    [{ memory: -128 }, `${MALFORMED}requirement failed: a negative size of an object is not allowed.`],
    [{ logs: 1.5 }, `${MALFORMED}requirement failed: log limit must be whole number`],
    [{ memory: '256' }, `${MALFORMED}memory limit malformed`],
    [{ concurrency: 1.5 }, `${MALFORMED}requirement failed: intra concurrency limit must be whole number`],
    [{ concurrency: true }, `${MALFORMED}concurrency limit malformed`],
    [{ instances: 1.5 }, `${MALFORMED}requirement failed: instance concurrency limit must be whole number`],
    [{ instances: {} }, `${MALFORMED}instance concurrency limit malformed`],
    [
      { instances: -1 },
      `${MALFORMED}requirement failed: Action container concurrency must be greater than or equal to 0.`,
    ],
    [{ timeout: -1 }, 'requirement failed: duration -1 milliseconds below allowed threshold of 100 milliseconds'],
  ])('%j are refused in its words', async (limits, error) => {
    const exec = { kind: 'nodejs:20', code: 'echo' };
    const { status, json } = await laboratory.send('PUT', 'actions/limited', { exec, limits });
    expect([status, (json as JsonObject).error]).toEqual([400, error]);
  });
});

describe('the record of a fired trigger', () => {
  test('has a status code in every list', async () => {
    await laboratory.send('PUT', 'triggers/fired', {});
    await laboratory.send('PUT', 'rules/fires', { trigger: '/_/fired', action: '/_/echo' });
    const id = Client.id(await laboratory.send('POST', 'triggers/fired', { x: 1 }));
    await laboratory.record(id);
    for (const query of ['', '?name=fired', '?since=1', '?limit=200&skip=0', '?upto=99999999999999']) {
      const { json } = await laboratory.send('GET', `activations${query}`);
      const listed = (json as JsonObject[]).find(({ activationId }) => activationId === id);
      expect(listed, query).toMatchObject({ name: 'fired', statusCode: 0 });
      expect(listed, query).not.toHaveProperty('end');
    }
    const { json } = await laboratory.send('GET', 'activations?name=fired&docs=true');
    expect(json).toMatchObject([
      { activationId: id, response: { status: 'success', success: true, result: { x: 1 } } },
    ]);
  });
});

describe('what OpenWhisk has no route for', () => {
  test.each([
    ['POST', 'packages/refresh'],
    ['POST', 'packages'],
    ['POST', 'limits'],
    ['PATCH', 'triggers/t'],
  ])('%s %s is refused as there: wsk package refresh, for one', async (method, where) => {
    const { status, json } = await laboratory.send(method, where, {});
    expect([status, json]).toEqual([
      404,
      expect.objectContaining({ error: 'The requested resource could not be found.' }),
    ]);
  });
});
