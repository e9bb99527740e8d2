import { DynamicResource, deletedFirst, providerOf } from '@pdfmagic/openwhisk/dynamic-resource';
import type * as pulumi from '@pulumi/pulumi';
import type { Control } from '../control/control-inputs';
import { MARK } from '../control/control-inputs';
import { markText } from '../mark';

/** Arguments of a {@link Trigger}. */
export interface TriggerArgs {
  readonly control: pulumi.Input<{ readonly [part in keyof Control]: pulumi.Input<Control[part]> }>;
  /** The name of the resource unless given. */
  readonly name?: pulumi.Input<string> | undefined;
  /** Name of the service that gets the events, and the path of it. */
  readonly service: pulumi.Input<string>;
  readonly path: pulumi.Input<string>;
  /** Whose new objects it is about. */
  readonly bucket: pulumi.Input<string>;
  /** Takes over a trigger of this name that already exists. */
  readonly adopt?: pulumi.Input<boolean> | undefined;
}

/**
 * A trigger as Eventarc has it: new objects of a bucket go to a service as CloudEvents.
 *
 * @example
 * new Trigger('new-file', { control, service: convert.name, path: '/events', bucket: inbox.name });
 */
export class Trigger extends DynamicResource {
  declare readonly name: pulumi.Output<string>;

  constructor(name: string, args: TriggerArgs, options?: pulumi.CustomResourceOptions) {
    const inputs = { ...args, name: args.name ?? name, annotations: { [MARK]: markText(name, options) } };
    super(provider, name, inputs, deletedFirst(options), 'emulated-cloudrun', 'Trigger');
  }
}

const provider = providerOf('@pdfmagic/emulated/providers', 'triggers');
