import * as pulumi from '@pulumi/pulumi';
import { describe, expect, test } from 'vitest';
import { findPublicUrl } from '../../infra/service/public-url';

const API = '/api/uuid/convert/pdf';
const INSIDE = `https://openwhisk-nginx.openwhisk.svc.cluster.local:443${API}`;
const find = (apihost: string, servesApis: boolean, told: string) =>
  new Promise((resolve) => {
    findPublicUrl({ apihost: pulumi.output(apihost), servesApis }, pulumi.output(told)).apply(resolve);
  });

describe('the URL of an API', () => {
  test.each([
    ['https://192.0.2.7', INSIDE],
    ['https://192.0.2.7', `https://192.0.2.7:443${API}`],
    ['https://ow.example.org:31001', `https://guest-openwhisk${API}`],
  ])('of an OpenWhisk that the stack has made is at %s, though the gateway says %s', async (apihost, told) => {
    expect(await find(apihost, true, told)).toBe(`${apihost}${API}`);
  });

  test('of any OpenWhisk is at its API host when the gateway says a name that only pods know', async () => {
    expect(await find('https://ow.example.org', false, INSIDE)).toBe(`https://ow.example.org${API}`);
  });

  test('of an OpenWhisk that one has is where its gateway says, at another host or port than its API', async () => {
    expect(await find('http://192.0.2.7:3233', false, `http://192.0.2.7:3234${API}`)).toBe(
      `http://192.0.2.7:3234${API}`,
    );
  });
});
