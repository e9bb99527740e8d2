/**
 * The page for people on OpenWhisk: the page itself at the root of the API, and what its script asks for beside `/convert/pdf`.
 *
 * Browsers send photographs to the buckets themselves, so a real bucket needs `cors` for the API host's origin
 * (infra/parts/google-cloud/buckets.ts); the emulator of the platform on this machine allows it by itself.
 */
import { createHmac } from 'node:crypto';
import { Action, type ActionArgs, Api, type ApiArgs } from '@pdfmagic/openwhisk';
import * as pulumi from '@pulumi/pulumi';
import { REAL_STORAGE } from '../../contract/names';
import type { Platform } from '../platform';
import { findPublicUrl } from './public-url';
import { bindSettings } from './settings';
import type { PartArgs } from './ways';

/** MiB: Google's libraries alone take some 100. */
const MEMORY = 256;

/** Creates the page's actions and operations. @returns the page's URL */
export function createPage(args: PartArgs, options: pulumi.CustomResourceOptions): pulumi.Output<string> {
  const operation = (verb: string, path: string, action: Action, own: Pick<ApiArgs, 'secureKey'> = {}) =>
    new Api(path.slice(1) || 'page', { ...args.api, ...own, path, verb, action: action.fullyQualifiedName }, options);
  operation('get', '/activation', createActivationAction(args, options));
  const bucketWay = createBucketWay(args, options);
  if (bucketWay !== undefined) {
    operation('post', '/upload', bucketWay.upload);
    operation('get', '/result', bucketWay.result);
  }
  const webSecret = deriveWebSecret(args.platform);
  const page = createNodejsAction(args, 'page', options, {
    webSecret,
    codeFile: args.runtime.code('page'),
    ...bindSettings<'page'>({
      large: bucketWay === undefined ? 'none' : 'bucket',
      storage: bucketWay === undefined ? '' : new URL(args.platform.storage.endpoint ?? REAL_STORAGE).origin,
      kept: `${args.platform.storage.objectAge ?? ''}`,
    }),
  });
  return findPublicUrl(args.platform, operation('get', '/', page, { secureKey: webSecret }).url);
}

/**
 * What the gateway sends to the page's action, so that nobody gets the page without its headers: OpenWhisk answers
 * `page.html`, beside the gateway, with the bare text of it, and no action can tell by which extension it is asked.
 */
function deriveWebSecret({ auth }: Platform): pulumi.Output<string> {
  return pulumi.secret(auth.apply((key) => createHmac('sha256', key).update('page').digest('hex')));
}

/** It asks OpenWhisk itself: by the key of the namespace, and trusting the API host's certificate. */
function createActivationAction(args: PartArgs, options: pulumi.CustomResourceOptions): Action {
  const { caCertificate, innerApihost, insecure } = args.platform;
  return createNodejsAction(args, 'activation', options, {
    codeFile: args.runtime.code('activation'),
    annotations: { 'provide-api-key': true },
    ...bindSettings<'activation'>({
      apihost: innerApihost ?? '',
      'ca-certificate': caCertificate ?? '',
      insecure: insecure ?? false,
    }),
  });
}

/** What gives out signed URLs, for photographs over the limit of a request; undefined where no key may do that. */
function createBucketWay(
  args: PartArgs,
  options: pulumi.CustomResourceOptions,
): Readonly<Record<'upload' | 'result', Action>> | undefined {
  const { runtime, platform, action } = args;
  const { storage } = platform;
  if (storage.uploadKey === undefined) return undefined;
  const python = { ...action, image: runtime.image, memory: MEMORY, web: 'on' } as const;
  const buckets = { 'in-bucket': storage.inBucket, 'gcs-endpoint': storage.endpoint ?? '' };
  const upload = new Action(
    'upload',
    {
      ...python,
      name: 'upload',
      codeFile: runtime.code('upload'),
      ...bindSettings<'upload'>({ ...buckets, 'upload-key': storage.uploadKey, events: platform.feed !== undefined }),
    },
    options,
  );
  const result = new Action(
    'result',
    {
      ...python,
      name: 'result',
      codeFile: runtime.code('result'),
      ...bindSettings<'result'>({ ...buckets, 'out-bucket': storage.outBucket, 'gcs-key': storage.key }),
    },
    options,
  );
  return { upload, result };
}

function createNodejsAction(
  { action }: PartArgs,
  name: string,
  options: pulumi.CustomResourceOptions,
  own: Pick<ActionArgs, 'codeFile' | 'annotations' | 'parameters' | 'final' | 'webSecret'>,
): Action {
  return new Action(name, { ...action, ...own, name, kind: 'nodejs:default', web: 'on' }, options);
}
