/** The service on OpenWhisk: one package, its actions, the API, the trigger for new files and its rules. */
import { Action, Api, type Connection, Package, Rule, Trigger } from '@pdfmagic/openwhisk';
import * as pulumi from '@pulumi/pulumi';
import { CONVERSION_MEMORY, CONVERSION_TIMEOUT } from '../../contract/limits';
import { API, PACKAGE, TRIGGER } from '../../contract/names';
import type { Platform } from '../platform';
import { passAdoptOn } from './adoption';
import { createPage } from './page';
import { findPublicUrl } from './public-url';
import type { Runtime } from './runtime';
import { bindSettings } from './settings';
import { describeWay } from './way-annotations';

/** What the service is deployed on. */
export interface PdfMagicArgs {
  readonly platform: Platform;
  readonly runtime: Runtime;
  /** Entities that have the names already are taken over, whoever made them. */
  readonly adopt: boolean;
}

/** JPEG to PDF in four ways: v0 by parameter, v1 by request body, v2 by bucket, v3 by a trigger for a new file. */
export class PdfMagic extends pulumi.ComponentResource {
  /** URL of the API: POST is v1, PUT is v2. */
  readonly convertUrl: pulumi.Output<string>;
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
    const python = {
      connection,
      package: pkg.name,
      image: runtime.image,
      memory: CONVERSION_MEMORY,
      timeout: CONVERSION_TIMEOUT,
    };
    new Action('v0', { ...python, name: 'v0', codeFile: runtime.code.v0.file }, parent);
    const v1 = new Action(
      'v1',
      { ...python, name: 'v1', codeFile: runtime.code.v1.file, web: 'on', annotations: describeWay('v1') },
      parent,
    );
    const v2 = new Action(
      'v2',
      {
        ...python,
        name: 'v2',
        codeFile: runtime.code.v2.file,
        web: 'on',
        annotations: describeWay('v2'),
        ...bindSettings<'v2'>({
          'out-bucket': storage.outBucket,
          'gcs-key': storage.key,
          'gcs-endpoint': storage.endpoint ?? '',
        }),
      },
      parent,
    );
    const printArguments = new Action(
      'print-arguments',
      {
        connection,
        package: pkg.name,
        name: 'print-arguments',
        kind: 'nodejs:default',
        code: runtime.code.printArguments,
      },
      parent,
    );

    const api = {
      connection,
      basePath: API.basePath,
      apiName: `PDFMagic of ${student}`,
      responseType: 'http',
    } as const;
    const path = { ...api, path: API.path };
    const post = new Api('convert-by-body', { ...path, verb: 'post', action: v1.fullyQualifiedName }, parent);
    // PUT, since v2 is idempotent: the same bucket and name always give the same object at the same place. POST is v1's.
    new Api('convert-by-bucket', { ...path, verb: 'put', action: v2.fullyQualifiedName }, parent);

    const feed =
      platform.feed &&
      new Action(
        'new-file-feed',
        {
          connection,
          package: pkg.name,
          name: 'new-file-feed',
          kind: 'nodejs:default',
          code: runtime.code.newFileFeed,
          ...bindSettings<'new-file-feed'>({ 'feed-url': platform.feed.url }),
        },
        parent,
      );
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
    rule('new-file-convert', v2);
    rule('new-file-print', printArguments);

    this.convertUrl = findPublicUrl(platform, post.url);
    this.page = createPage({ platform, runtime, api, action: { connection, package: pkg.name } }, parent);
    this.trigger = trigger.name;
    this.registerOutputs({ convertUrl: this.convertUrl, page: this.page, trigger: this.trigger });
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
