import { DynamicResource, deletedFirst, providerOf } from '@pdfmagic/openwhisk/dynamic-resource';
import type * as pulumi from '@pulumi/pulumi';
import type { Control } from '../control/control-inputs';
import { MARK } from '../control/control-inputs';
import { markText } from '../mark';

/** Seconds without a request, after which an instance ends. */
const IDLE_TIMEOUT = 60;

/** Arguments of a {@link Service}; names after Cloud Run's Admin API v2. */
export interface ServiceArgs {
  readonly control: pulumi.Input<{ readonly [part in keyof Control]: pulumi.Input<Control[part]> }>;
  /** The name of the resource unless given. */
  readonly name?: pulumi.Input<string> | undefined;
  /** The content tag of what it runs: another one is another revision. */
  readonly image: pulumi.Input<string>;
  readonly env: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Requests that one instance takes at a time. */
  readonly maxInstanceRequestConcurrency: pulumi.Input<number>;
  readonly maxInstanceCount: pulumi.Input<number>;
  /** Seconds for one request. */
  readonly timeout: pulumi.Input<number>;
  /** Takes over a service of this name that already exists. */
  readonly adopt?: pulumi.Input<boolean> | undefined;
}

/**
 * A service of the Cloud Run on this machine: the project's container entry as processes.
 *
 * @example
 * const most = { maxInstanceRequestConcurrency: 2, maxInstanceCount: 2, timeout: 60 };
 * new Service('convert', { control, image: tag, env: { OUT_BUCKET: 'out' }, ...most });
 */
export class Service extends DynamicResource {
  declare readonly name: pulumi.Output<string>;
  /** Where it answers, without a trailing slash. */
  declare readonly url: pulumi.Output<string>;

  constructor(name: string, args: ServiceArgs, options?: pulumi.CustomResourceOptions) {
    const given = { ...args, idleTimeout: IDLE_TIMEOUT, name: args.name ?? name };
    const inputs = { ...given, annotations: { [MARK]: markText(name, options) }, url: undefined };
    super(provider, name, inputs, deletedFirst(options), 'emulated-cloudrun', 'Service');
  }
}

const provider = providerOf('@pdfmagic/emulated/providers', 'services');
