/**
 * The page for people on OpenWhisk: the page itself at the root of the API, and what its script asks for beside `/convert/pdf`.
 *
 * Browsers send photographs to the buckets themselves, so a real bucket needs `cors` for the API host's origin
 * (infra/google-cloud/buckets.ts); the emulator of the platform on this machine allows it by itself.
 */
import { Action, Api, type ApiArgs, type Connection, type Package } from '@pdfmagic/openwhisk';
import type * as pulumi from '@pulumi/pulumi';
import type { Platform } from './platform';
import type { Runtime } from './runtime';

/** What the page is put beside. */
export interface PageArgs {
  readonly connection: pulumi.Input<Connection>;
  readonly package: Package;
  readonly platform: Platform;
  readonly runtime: Runtime;
  /** Base path and title of the API. */
  readonly api: Pick<ApiArgs, 'connection' | 'basePath' | 'apiName' | 'responseType'>;
}

/** Node.js actions: their source text is their code. */
const NODEJS = 'nodejs:default';

/** Creates the page's actions and operations. @returns the page's URL */
export function createPage(args: PageArgs, options: pulumi.CustomResourceOptions): pulumi.Output<string> {
  const { connection, platform, runtime } = args;
  const get = (name: string, path: string, action: Action) =>
    new Api(name, { ...args.api, path, verb: 'get', action: action.fullyQualifiedName }, options);
  const base = { connection, package: args.package.name, kind: NODEJS, web: 'on' } as const;

  const page = new Action(
    'page',
    { ...base, name: 'page', codeFile: runtime.code.page.file, parameters: { large: 'none', storage: '' } },
    options,
  );
  const activation = new Action(
    'activation',
    {
      ...base,
      name: 'activation',
      codeFile: runtime.code.activation.file,
      // It asks OpenWhisk itself: by the key of the namespace, and trusting the API host's certificate.
      annotations: { 'provide-api-key': true },
      parameters: {
        ...(platform.caCertificate === undefined ? {} : { 'ca-certificate': platform.caCertificate }),
        ...(platform.insecure ? { insecure: true } : {}),
      },
    },
    options,
  );
  get('activation', '/activation', activation);
  return get('page', '/', page).url;
}
