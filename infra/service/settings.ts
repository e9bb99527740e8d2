/**
 * What the deployer tells the actions, and no caller: all of it in one parameter that is always bound and always final.
 *
 * OpenWhisk refuses a request, an invocation and the event of a trigger that has a final parameter's name; but a parameter is
 * final only where it is bound to a value, and null is none (`WhiskActionLike.immutableParameters`, `Parameters.
 * definedParameters` of apache/openwhisk). A setting that this stack has no use for is therefore empty or false, never left out.
 */
import type { ActionArgs } from '@pdfmagic/openwhisk';
import * as pulumi from '@pulumi/pulumi';
import type declared from '../../actions/settings.json';

/** An action that has settings. */
export type ConfiguredAction = keyof typeof declared;

/** All settings of an action: one that is declared has to be given. */
export type Settings<Name extends ConfiguredAction> = Readonly<
  Record<keyof (typeof declared)[Name], pulumi.Input<string | boolean>>
>;

/** The arguments of an action that bind its settings. A secret among them makes all of them secret. */
export function bindSettings<Name extends ConfiguredAction>(
  settings: Settings<Name>,
): Pick<ActionArgs, 'parameters' | 'final'> {
  return { parameters: { settings: pulumi.all(settings) }, final: true };
}
