/** The service on OpenWhisk: one package, its actions, the API, the trigger for new files and its rules. */
import { Action, type ActionArgs, type Connection, Package, Rule, Trigger } from '@pdfmagic/openwhisk';
import * as pulumi from '@pulumi/pulumi';
import { API, PACKAGE, TRIGGER } from '../../contract/names';
import type { Platform } from '../platform';
import { passAdoptOn } from './adoption';
import { createPage } from './page';
import type { Runtime } from './runtime';
import { bindSettings } from './settings';
import { createWays, type Ways } from './ways';

/** What the service is deployed on. */
export interface PdfMagicArgs {
  readonly platform: Platform;
  readonly runtime: Runtime;
  /** Entities that have the names already are taken over, whoever made them. */
  readonly adopt: boolean;
}

/** JPEG to PDF in every way of `contract/ways.ts`. */
export class PdfMagic extends pulumi.ComponentResource {
  /** URLs of the API, by way. */
  readonly urls: Ways['urls'];
  /** URL of the page for people. */
  readonly page: pulumi.Output<string>;
  /** Name of the trigger that a new file fires. */
  readonly trigger: pulumi.Output<string>;

  constructor(student: string, args: PdfMagicArgs, options?: pulumi.ComponentResourceOptions) {
    // Its children inherit it.
    const gone = args.platform.deletedWith;
    super(
      'pdfmagic:index:PdfMagic',
      student,
      {},
      { ...passAdoptOn(args.adopt, options), ...(gone && { deletedWith: gone }) },
    );
    const { platform, runtime } = args;
    const { storage } = platform;
    const connection: pulumi.Input<Connection> = makeConnection(platform);
    const parent = { parent: this };

    const pkg = new Package('pdfmagic', { connection, name: PACKAGE, annotations: { student } }, parent);
    const action = { connection, package: pkg.name };
    const api = {
      connection,
      basePath: API.basePath,
      apiName: `PDFMagic of ${student}`,
      responseType: 'http',
    } as const;
    const { actions, urls } = createWays({ platform, runtime, action, api }, parent);
    const nodejs = (name: string, own: Pick<ActionArgs, 'parameters' | 'final'> = {}) =>
      new Action(name, { ...action, name, kind: 'nodejs:default', codeFile: runtime.code(name), ...own }, parent);

    const feed =
      platform.feed && nodejs('new-file-feed', bindSettings<'new-file-feed'>({ 'feed-url': platform.feed.url }));
    // By the feed action's name the trigger depends on it, so that it is unregistered while the action is still there.
    const trigger = new Trigger(
      'new-file',
      {
        connection,
        name: TRIGGER,
        parameters: { bucket: storage.inBucket },
        ...(feed && { feed: feed.fullyQualifiedName, feedParameters: { bucket: storage.inBucket } }),
      },
      parent,
    );
    const rule = (name: string, action: Action) =>
      new Rule(
        name,
        { connection, name, trigger: trigger.fullyQualifiedName, action: action.fullyQualifiedName },
        parent,
      );
    rule('new-file-convert', actions.v2);
    rule('new-file-print', nodejs('print-arguments'));

    this.urls = urls;
    this.page = createPage({ platform, runtime, api, action }, parent);
    this.trigger = trigger.name;
    this.registerOutputs({ urls, page: this.page, trigger: this.trigger });
  }
}

function makeConnection(platform: Platform): pulumi.Input<Connection> {
  const { apihost, auth, namespace, caCertificate, insecure, startHint, provesKey } = platform;
  return {
    apihost,
    auth,
    namespace,
    ...(caCertificate === undefined ? {} : { caCertificate }),
    ...(insecure ? { insecure } : {}),
    ...(startHint === undefined ? {} : { startHint }),
    ...(provesKey === undefined ? {} : { provesKey }),
  };
}
