/** The path of a web action: `/api/v1/web/{namespace}/{package or default}/{action}[.extension][/path]`. */
import { isEntityName } from '../entity/names';
import { decodePercent } from './percent-encoding';

/** Where web actions are. */
export const WEB_PREFIX = '/api/v1/web';

/** The parts of a web action's path. */
export interface WebActionPath {
  readonly namespace: string;
  /** Undefined for `default`. */
  readonly packageName: string | undefined;
  /** With the extension. */
  readonly actionSegment: string;
  /** The rest, percent-encoded as it came: empty or with a leading slash. */
  readonly path: string;
}

const isName = (name: string | undefined): name is string => name !== undefined && isEntityName(name);

/**
 * Takes a path (percent-encoded, without query) apart; undefined when it names no web action.
 * @throws MalformedEncoding
 */
export function parseWebActionPath(path: string): WebActionPath | undefined {
  if (!path.startsWith(`${WEB_PREFIX}/`)) return undefined;
  const segments = path.slice(WEB_PREFIX.length + 1).split('/');
  const [namespace, packageName, actionSegment] = segments.slice(0, 3).map(decodePercent);
  if (!isName(namespace) || !isName(packageName) || !isName(actionSegment)) return undefined;
  const rest = segments.slice(3);
  return {
    namespace,
    packageName: packageName === 'default' ? undefined : packageName,
    actionSegment,
    path: rest.length === 0 ? '' : `/${rest.join('/')}`,
  };
}
