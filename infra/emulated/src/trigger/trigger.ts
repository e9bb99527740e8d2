import * as pulumi from '@pulumi/pulumi';
import type { Control } from '../control/control-inputs';
import { annotationsOf, deletedFirst } from '../mark';

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
  /** Takes over a trigger of this name that exists already. */
  readonly adopt?: pulumi.Input<boolean> | undefined;
}

/**
 * A trigger as Eventarc has it: new objects of a bucket go to a service as CloudEvents.
 *
 * @example
 * new Trigger('new-file', { control, service: convert.name, path: '/events', bucket: inbox.name });
 */
export class Trigger extends pulumi.dynamic.Resource {
  declare readonly name: pulumi.Output<string>;

  constructor(name: string, args: TriggerArgs, options?: pulumi.CustomResourceOptions) {
    const inputs = { ...args, name: args.name ?? name, annotations: annotationsOf(name, options) };
    super(provider, name, inputs, deletedFirst(options), 'emulated-cloudrun', 'Trigger');
  }
}

// Serialized into the state of every trigger: one `require` a method, nothing captured.
const provider: pulumi.dynamic.ResourceProvider = {
  check: (olds, news) => require('@pdfmagic/emulated/providers').triggers.check(olds, news),
  diff: (id, olds, news) => require('@pdfmagic/emulated/providers').triggers.diff(id, olds, news),
  create: (inputs) => require('@pdfmagic/emulated/providers').triggers.create(inputs),
  read: (id, olds) => require('@pdfmagic/emulated/providers').triggers.read(id, olds),
  update: (id, olds, news) => require('@pdfmagic/emulated/providers').triggers.update(id, olds, news),
  delete: (id, olds) => require('@pdfmagic/emulated/providers').triggers.delete(id, olds),
};
