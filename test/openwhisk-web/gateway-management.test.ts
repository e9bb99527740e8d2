import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../ground/json';
import { makeOperationId } from '../../platform/openwhisk/gateway/api-document';
import { appWith, basic, GUEST, ORIGIN, OTHER } from './fake-core';
import { apidoc, managementOf, swagger } from './management-client';

const fresh = () => managementOf(appWith({}).app);
const TARGET = `${ORIGIN}/api/v1/web/guest/default/echo.json`;

describe('operationId', () => {
  it.each([
    ['POST', '/v1.2/camelCase', 'postV12Camelcase'],
    ['GET', '/{id}', 'getId'],
    ['get', '/', 'get'],
    ['GET', '/book/{isbn}/page/{n}', 'getBookIsbnPageN'],
    ['put', '/a_b-c/ü', 'putA_b-c'],
    ['options', '/-x', 'options-X'],
    ['get', '/-x-y/--Zz/_a', 'get-X-y--Zz_a'],
    ['get', '/~-x', 'get-X'],
  ])('of %s %s is %s', (verb, path, expected) => {
    expect(makeOperationId(verb, path)).toBe(expected);
  });
});

describe('createApi', () => {
  it('answers the whole description and the URL of the API', async () => {
    const { status, body } = await fresh().create({ path: '/pdf', verb: 'POST', action: 'pkg/act', type: 'http' });
    expect(status).toBe(200);
    expect(body.gwApiUrl).toBe(`${ORIGIN}/api/${GUEST.uuid}/b`);
    const url = `${ORIGIN}/api/v1/web/guest/pkg/act.http`;
    expect(body.apidoc.paths['/pdf'].post).toEqual({
      operationId: 'postPdf',
      responses: { default: { description: 'Default response' } },
      'x-openwhisk': { url, namespace: 'guest', package: 'pkg', action: 'act' },
    });
    expect(body.apidoc['x-ibm-configuration'].assembly.execute[0]['operation-switch'].case).toEqual([
      { operations: ['postPdf'], execute: [{ invoke: { 'target-url': `${url}$(request.path)`, verb: 'keep' } }] },
    ]);
  });

  it('adds operations in order, replaces one in its place, and keeps the first title', async () => {
    const api = fresh();
    await api.create({ path: '/a', verb: 'POST', name: 'first', secureKey: 'old' });
    await api.create({ path: '/b', name: 'second' });
    const { body } = await api.create({ path: '/a', verb: 'POST', type: 'text' });
    expect(body.apidoc.info.title).toBe('first');
    const cases = body.apidoc['x-ibm-configuration'].assembly.execute[0]['operation-switch'].case;
    expect(cases).toEqual([
      {
        operations: ['postA'],
        execute: [{ invoke: { 'target-url': TARGET.replace('.json', '.text'), verb: 'keep' } }],
      },
      { operations: ['getB'], execute: [{ invoke: { 'target-url': TARGET, verb: 'keep' } }] },
    ]);
  });

  it('loses no operation when many are made at the same time under one base path', async () => {
    const api = fresh();
    await Promise.all(Array.from({ length: 20 }, (_, n) => api.create({ path: `/p${n}` })));
    const { body } = await api.get({ basepath: '/b' });
    expect(Object.keys(body.apis[0].value.apidoc.paths)).toHaveLength(20);
  });

  it('makes an API of the root, whose URL has no slash at its end', async () => {
    expect((await fresh().create({ base: '/', path: '/x' })).body.gwApiUrl).toBe(`${ORIGIN}/api/${GUEST.uuid}`);
  });

  it('takes a document as object and as text, in place of the whole API', async () => {
    const api = fresh();
    await api.create({ path: '/old' });
    const { body } = await api.createFrom(JSON.stringify(swagger(TARGET)));
    expect(body.apidoc).toEqual(swagger(TARGET));
    expect((await api.createFrom(swagger(TARGET))).body.apidoc).toEqual(swagger(TARGET));
    const grown = await api.create({ path: '/three' });
    expect(Object.keys(grown.body.apidoc.paths)).toEqual(['/one', '/three']);
  });

  const MISSING = 'API creation failure: swagger is missing the list';
  const GATEWAY = 'API creation failure: Unable to configure the API Gateway (status code 400): ';
  it.each([
    ['no apidoc', null, 'apidoc is required.'],
    ['a list', [], 'apidoc field is of type array and should be a JSON object or a JSON string.'],
    ['a number', 5, 'apidoc field is of type number and should be a JSON object or a JSON string.'],
    ['no JSON', 'no json', 'apidoc field cannot be parsed. Ensure it is valid JSON.'],
    ['no namespace', {}, 'apidoc is missing the namespace field'],
    ['no action', { ...apidoc({ path: '/a' }), action: '' }, 'apidoc is missing the action field.'],
    [
      'a path that is no text',
      { ...apidoc({ path: '/a' }), gatewayPath: { a: 1 } },
      'gatewayPath of apidoc must be text.',
    ],
    ['an unknown verb', apidoc({ path: '/a', verb: 'brew' }), `${GATEWAY}Resource verb 'brew' not supported.`],
    ['a path without a slash', apidoc({ path: 'a' }), `${GATEWAY}Resource path must begin with '/'.`],
    [
      'no swagger info',
      { namespace: '_', swagger: { basePath: '/b', paths: {} } },
      'swagger is missing the info field.',
    ],
    ['no operations', { namespace: '_', swagger: swagger(TARGET, { paths: {} }) }, `${GATEWAY}Empty resources object.`],
    ['no configuration', { namespace: '_', swagger: swagger(TARGET, { 'x-ibm-configuration': 7 }) }, MISSING],
  ])('refuses %s', async (_what, given, message) => {
    const { status, body } = await fresh().call('POST', 'createApi', {}, { apidoc: given });
    expect(status).toBe(502);
    expect(body.error).toContain(message);
  });

  it('takes a document with all that Swagger knows, and gives it back as it was', async () => {
    const document = swagger(TARGET, {
      schemes: ['https'],
      consumes: ['application/json'],
      produces: ['application/json'],
      tags: [{ name: 'pdf' }],
      definitions: { Pet: { type: 'object', properties: { age: { type: 'number', default: 1.5 } } } },
      externalDocs: { url: 'https://example.com' },
      securityDefinitions: { basic: { type: 'basic' }, key: { type: 'apiKey', in: 'header', name: 'X-Key' } },
      security: [{ basic: [] }],
      'x-ibm-rate-limit': [{ rate: 1, unit: 'minute', units: 1 }],
      'x-anything': { of: ['others'] },
    });
    const api = fresh();
    expect((await api.createFrom(document)).body.apidoc).toEqual(document);
    expect((await api.get({ basepath: '/b' })).body.apis[0].value.apidoc).toEqual(document);
    const grown = await api.create({ path: '/two' });
    expect(grown.body.apidoc).toMatchObject({ securityDefinitions: document.securityDefinitions, 'x-anything': {} });
  });

  it('keeps a secure key that is a number, and an API host with a scheme too many', async () => {
    const given = apidoc({ path: '/a' });
    const action = { ...(given.action as JsonObject), backendUrl: `https://${TARGET}`, secureKey: 4711 };
    const { body } = await fresh().call('POST', 'createApi', {}, { apidoc: { ...given, action } });
    const [made] = body.apidoc['x-ibm-configuration'].assembly.execute[0]['operation-switch'].case;
    expect(made.execute).toEqual([
      { invoke: { 'target-url': `https://${TARGET}`, verb: 'keep' } },
      { 'set-variable': { actions: [{ set: 'message.headers.X-Require-Whisk-Auth', value: 4711 }] } },
    ]);
  });

  it('refuses a response type that web actions do not have', async () => {
    const { status, body } = await fresh().create({ path: '/a', type: 'bogus' });
    expect([status, body.error]).toEqual([
      502,
      "API creation failure: Response type 'bogus' is not supported. Possible values are http, json, html, svg, text.",
    ]);
  });

  it('wants the response type http for path parameters, and each of them defined', async () => {
    const api = fresh();
    expect((await api.create({ path: '/{id}', type: 'json' })).body.error).toContain("response type of '.http'");
    const undefinedParameter = { ...apidoc({ path: '/{id}' }), pathParameters: [{ name: 'other' }, 5, null] };
    const refused = await api.call('POST', 'createApi', { responsetype: 'http' }, { apidoc: undefinedParameter });
    expect(refused.body.error).toContain("The parameter 'id' defined in path '/{id}' does not match");
    expect((await api.create({ path: '/{id}', type: 'http' })).status).toBe(200);
    expect((await api.create({ base: '/b/{v}', path: '/x' })).body.error).toContain('cannot have parameters');
  });
});

describe('getApi', () => {
  it('lists by base path or title, and never says 404', async () => {
    const api = fresh();
    await api.create({ base: '/one', path: '/x', name: 'My API' });
    await api.create({ base: '/two', path: '/x' });
    const bases = async (query: Record<string, string>) =>
      (await api.get(query)).body.apis.map(
        (each: { value: { apidoc: { basePath: string } } }) => each.value.apidoc.basePath,
      );
    expect(await bases({})).toEqual(['/one', '/two']);
    expect(await bases({ basepath: '/two' })).toEqual(['/two']);
    expect(await bases({ basepath: 'My API' })).toEqual(['/one']);
    expect(await bases({ basepath: '/none' })).toEqual([]);
    expect(await bases({ limit: '1', skip: '1' })).toEqual(['/two']);
    expect(await bases({ limit: 'x', skip: '-1' })).toEqual(['/one', '/two']);
  });
});

describe('deleteApi', () => {
  it('removes an operation, a path, and with the last one the API', async () => {
    const api = fresh();
    await api.create({ path: '/a' });
    await api.create({ path: '/a', verb: 'put' });
    await api.create({ path: '/c' });
    expect(await api.remove({ basepath: '/b', relpath: '/a', operation: 'PUT' })).toEqual({ status: 200, body: {} });
    expect((await api.remove({ basepath: '/b', relpath: '/a', operation: 'PUT' })).body.error).toBe(
      "API deletion failure: path '/a' with operation 'put' does not exist in the API",
    );
    expect((await api.remove({ basepath: '/b', relpath: '/a' })).status).toBe(200);
    const { paths, ...rest } = (await api.get({ basepath: '/b' })).body.apis[0].value.apidoc;
    expect(Object.keys(paths)).toEqual(['/c']);
    expect(rest['x-ibm-configuration'].assembly.execute[0]['operation-switch'].case).toHaveLength(1);
    expect((await api.remove({ basepath: '/b', relpath: '/c' })).status).toBe(200);
    expect((await api.get()).body).toEqual({ apis: [] });
    expect((await api.remove({ basepath: '/b' })).body.error).toBe("API deletion failure: API '/b' does not exist.");
  });

  it('wants a base path, and a path for an operation', async () => {
    expect((await fresh().remove({})).body.error).toBe('basepath is required.');
    expect((await fresh().remove({ basepath: '/b', operation: 'get' })).body.error).toBe(
      'When specifying an operation, the path is required.',
    );
  });
});

describe('the APIs of others', () => {
  it('cannot be seen, made or removed: not without a key, not by another key, not by naming a namespace', async () => {
    const { app } = appWith({});
    await managementOf(app).create({ path: '/a' });
    for (const intruder of [managementOf(app, null, GUEST.uuid), managementOf(app, OTHER, GUEST.uuid)]) {
      expect((await intruder.create({ path: '/x' })).body.error).toBe('A valid auth key is required.');
      expect((await intruder.get({ namespace: 'guest' })).body.error).toBe('Invalid authentication.');
      expect((await intruder.remove({ namespace: 'guest', basepath: '/b' })).body.error).toBe(
        'Invalid authentication.',
      );
    }
    expect((await managementOf(app, OTHER, OTHER.uuid).get()).body).toEqual({ apis: [] });
    expect((await managementOf(app).get()).body.apis).toHaveLength(1);
  });

  it('cannot be had by claiming to be a user', async () => {
    const { app } = appWith({});
    const claim = await managementOf(app, OTHER).get({ __ow_user: 'guest' });
    expect(claim.status).toBe(400);
    const query = `accesstoken=x&spaceguid=${GUEST.uuid}`;
    const response = await app.request(`/api/v1/web/whisk.system/apimgmt/getApi?${query}`, {
      headers: { authorization: basic(OTHER) },
    });
    expect(response.status).toBe(502);
  });

  it('need a token, as the tools send it; each action says so in its own words', async () => {
    const uri = '"Invalid URI \\"undefined/tenants\\""';
    const api = fresh();
    const without = { accesstoken: '' };
    const answers = [
      await api.get(without),
      await api.call('POST', 'createApi', without, { apidoc: apidoc({ path: '/a' }) }),
      await api.remove({ ...without, basepath: '/b' }),
    ];
    expect(answers.map(({ status, body }) => [status, body.error])).toEqual([
      [502, `Unable to obtain Tenant from the API Gateway: ${uri}`],
      [502, `API creation failure: Unable to configure the API Gateway: ${uri}`],
      [502, `API deletion failure: Unable to obtain Tenant from the API Gateway: ${uri}`],
    ]);
  });

  it('are given in no other format than there is', async () => {
    const api = fresh();
    for (const outputFormat of ['apigw', 'SWAGGER']) expect((await api.get({ outputFormat })).status).toBe(200);
    const { status, body } = await api.get({ outputFormat: 'openapi' });
    expect([status, body.error]).toEqual([502, 'Invalid outputFormat value. Valid values are: apigw, swagger']);
  });
});
