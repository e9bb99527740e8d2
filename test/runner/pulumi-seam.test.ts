/**
 * What the runner takes for granted of @pulumi/pulumi's insides. When one of these fails after an upgrade, read
 * `runner/engine/monitor.ts` again beside the new SDK.
 */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as pulumi from '@pulumi/pulumi';
import * as resource from '@pulumi/pulumi/proto/resource_pb';
import * as rpc from '@pulumi/pulumi/runtime/rpc';
import { describe, expect, it } from 'vitest';
import { describeErrors } from '../../runner/engine/program-errors';
import { isDynamic, ROOT, urnOf } from '../../runner/engine/registration';
import { leaveOutTraces } from '../../runner/engine/unread-traces';
import { SECRET, SIGNATURE, UNKNOWN } from '../../runner/state/properties';

const source = (file: string) => readFileSync(createRequire(__filename).resolve(`@pulumi/pulumi/${file}`), 'utf8');

describe("Pulumi's SDK", () => {
  it('marks secrets and unknowns as the runner knows it', () => {
    expect([rpc.specialSigKey, rpc.specialSecretSig, rpc.unknownValue]).toEqual([SIGNATURE, SECRET, UNKNOWN]);
  });

  it('has the numbers of results that the runner answers with', () => {
    expect([resource.Result.SUCCESS, resource.Result.FAIL, resource.Result.SKIP]).toEqual([0, 1, 2]);
  });

  it('asks its monitor for nothing that the runner has no answer for', () => {
    const files = ['runtime/resource.js', 'runtime/settings.js', 'runtime/invoke.js', 'runtime/mocks.js'];
    const asked = files.flatMap((file) =>
      [...source(file).matchAll(/(?<!`)\bmonitor(?:Ref|Client)?\.(\w+)\(/g)].map((match) => match[1]),
    );
    const answered = [
      'supportsFeature',
      'registerResource',
      'registerResourceOutputs',
      'invoke',
      'call',
      'readResource',
    ];
    // `close` is for a connection, `signalAndWaitForShutdown` for the CLI's own host; streams and packages are not offered.
    const unused = ['close', 'signalAndWaitForShutdown', 'streamInvoke'];
    expect(
      [...new Set(asked)].filter((name) => !answered.includes(name ?? '') && !unused.includes(name ?? '')),
    ).toEqual([]);
  });

  it('reads of an answer only what the runner gives', () => {
    const read = [...source('runtime/resource.js').matchAll(/\bresp\.(get\w+)\(/g)].map((match) => match[1]);
    const given = ['getUrn', 'getId', 'getObject', 'getPropertydependenciesMap', 'getResult'];
    const ofOthers = ['getFailuresList', 'getReturn', 'getProperties', 'getHassupport'];
    expect([...new Set(read)].filter((name) => !given.includes(name ?? '') && !ofOthers.includes(name ?? ''))).toEqual(
      [],
    );
  });

  it('names the stack and dynamic resources as the runner knows them', () => {
    expect(source('runtime/stack.js')).toContain(`"${ROOT}"`);
    expect(source('dynamic/index.js')).toMatch(
      /`pulumi-nodejs:dynamic\$\{module \? `\/\$\{module\}` : ""\}:\$\{type\}`/,
    );
    expect(isDynamic('pulumi-nodejs:dynamic:Resource') && isDynamic('pulumi-nodejs:dynamic/m:T')).toBe(true);
    expect(isDynamic('pulumi-nodejs:dynamicx:T')).toBe(false);
  });

  it('loads serialized providers as the runner does', () => {
    const plugin = source('cmd/dynamic-provider/index.js');
    expect(plugin).toContain('requireFromString(providerString).handler()');
    expect(plugin).toContain('const providerKey = "__provider"');
  });

  it('marks errors for people as the runner knows it', () => {
    expect(describeErrors(new Set([new pulumi.RunError('plain')]))).toEqual(['plain']);
    expect(describeErrors(new Set([new Error('with stack')]))[0]).toMatch(
      /^The program failed: Error: with stack\n {4}at/,
    );
  });

  it('notes no stack trace of resources and promises, once the runner has said so', async () => {
    const { debuggablePromise } = require('@pulumi/pulumi/runtime/debuggable') as {
      debuggablePromise: (promise: Promise<unknown>, context: string) => Promise<unknown>;
    };
    const trace = (promise: Promise<unknown>) => (promise as unknown as { _debugStackTrace: string })._debugStackTrace;
    const [before, after] = [Promise.resolve(1), Promise.resolve(2)];
    await debuggablePromise(before, 'test');
    expect(trace(before)).toMatch(/\n +at /);
    expect(source('resource.js')).toContain('Resource.stackTrace(4)');
    leaveOutTraces();
    const sdk = require('@pulumi/pulumi/runtime/debuggable') as { debuggablePromise: typeof debuggablePromise };
    expect(await sdk.debuggablePromise(after, 'test')).toBe(2);
    expect(trace(after)).not.toMatch(/\n/);
    expect(new Error('with a trace').stack).toMatch(/\n +at /);
  });

  it('makes URNs of parents and types as the engine does', () => {
    const group = urnOf('s', 'p', undefined, 't:G', 'g');
    expect(urnOf('s', 'p', group, 'x:Y', 'n')).toBe('urn:pulumi:s::p::t:G$x:Y::n');
    expect(urnOf('s', 'p', urnOf('s', 'p', undefined, ROOT, 'p-s'), 'x:Y', 'n')).toBe('urn:pulumi:s::p::x:Y::n');
  });
});
