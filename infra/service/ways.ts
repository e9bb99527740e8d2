/** The ways on OpenWhisk: an action for each, and an operation of the API for those that are called by a request. */
import { Action, type ActionArgs, Api, type ApiArgs } from '@pdfmagic/openwhisk';
import type * as pulumi from '@pulumi/pulumi';
import { CONVERSION_MEMORY, CONVERSION_TIMEOUT } from '../../contract/limits';
import {
  isRequestWay,
  mapWays,
  type RequestWay,
  WAYS,
  type Way,
  type WayBy,
  type WayOn,
  waysOn,
} from '../../contract/ways';
import type { Platform } from '../platform';
import { findPublicUrl } from './public-url';
import type { Runtime } from './runtime';
import { bindSettings, type ConfiguredAction } from './settings';

/** A way that has a URL of the API. */
type UrlWay = RequestWay & WayOn<'openwhisk'>;
/** A way that has an action of its own, by its name. An event goes to one of these. */
type ActionWay = Exclude<WayOn<'openwhisk'>, WayBy<'event'>>;

/** What the parts of the service are made of. */
export interface PartArgs {
  readonly platform: Platform;
  readonly runtime: Runtime;
  /** Connection and package of every action. */
  readonly action: Pick<ActionArgs, 'connection' | 'package'>;
  /** Base path and title of the API. */
  readonly api: Pick<ApiArgs, 'connection' | 'basePath' | 'apiName' | 'responseType'>;
}

/** The ways, as they are deployed. */
export interface Ways {
  readonly actions: Readonly<Record<ActionWay, Action>>;
  readonly urls: Readonly<Record<UrlWay, pulumi.Output<string>>>;
}

/** Creates the actions and operations of all ways. */
export function createWays(args: PartArgs, options: pulumi.CustomResourceOptions): Ways {
  const { platform, runtime, action, api } = args;
  const python = { ...action, image: runtime.image, memory: CONVERSION_MEMORY, timeout: CONVERSION_TIMEOUT };
  const settings = bindAll(platform);
  const actions = mapWays(waysOn('openwhisk').filter(hasAction), (way) => {
    const web = isRequestWay(way) ? { web: 'on' as const, annotations: describeWay(way) } : {};
    return new Action(way, { ...python, name: way, codeFile: runtime.code(way), ...web, ...settings[way] }, options);
  });
  const urls = mapWays(waysOn('openwhisk').filter(isRequestWay), (way) => {
    const { operation, path, method } = WAYS[way];
    const verb = method.toLowerCase();
    const { url } = new Api(operation, { ...api, path, verb, action: actions[way].fullyQualifiedName }, options);
    return findPublicUrl(platform, url);
  });
  return { actions, urls };
}

/** The settings of those that have some: `actions/settings.json` declares them. */
function bindAll({ storage }: Platform): Partial<Record<ActionWay, ReturnType<typeof bindSettings>>> {
  return {
    v2: bindSettings<'v2'>({
      'out-bucket': storage.outBucket,
      'gcs-key': storage.key,
      'gcs-endpoint': storage.endpoint ?? '',
    }),
  } satisfies Record<ActionWay & ConfiguredAction, unknown>;
}

/** What an action says of itself, to `wsk action get --summary` and to whoever opens its API in a browser: there, URL is that of the API. */
function describeWay(way: RequestWay): Readonly<Record<'description' | 'sample-call', string>> {
  const { command, description, input } = WAYS[way];
  return { description, 'sample-call': input === 'body' ? `${command} -o photo.pdf` : command };
}

function hasAction(way: Way): way is Exclude<Way, WayBy<'event'>> {
  return WAYS[way].input !== 'event';
}
