import type { dynamic } from '@pulumi/pulumi';

/** What Pulumi asks a provider of dynamic resources to do. */
export type Verb = 'check' | 'diff' | 'create' | 'read' | 'update' | 'delete';

const VERBS: readonly Verb[] = ['check', 'diff', 'create', 'read', 'update', 'delete'];

/**
 * The provider object of a resource. Pulumi serializes it into the state of every resource, and `refresh` and `destroy` run
 * what is stored there. So each method captures three words and loads the code behind it by package name: the state stays
 * small, and a new build of the package takes effect at once without showing a diff.
 *
 * @param source what to `require`, by bare name: `@pdfmagic/openwhisk/providers`
 * @param kind the export of it that has the verbs
 * @param verbs those that it has
 */
export function providerOf(source: string, kind: string, verbs: readonly Verb[] = VERBS): dynamic.ResourceProvider {
  const methods = verbs.map((verb) => [verb, (...given: unknown[]) => require(source)[kind][verb](...given)]);
  return Object.fromEntries(methods);
}
