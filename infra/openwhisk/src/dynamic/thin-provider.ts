/** What Pulumi asks a provider of dynamic resources to do. */
export type Verb = 'check' | 'diff' | 'create' | 'read' | 'update' | 'delete';

const VERBS: readonly Verb[] = ['check', 'diff', 'create', 'read', 'update', 'delete'];

/** A provider in the form that Pulumi keeps: the text of a module, whose `handler()` gives the provider. */
export type SerializedProvider = string & { readonly form: 'serialized provider' };

/**
 * The provider of a resource. Pulumi keeps it in the state of every resource, and `refresh` and `destroy` run what is stored
 * there. So each method only loads the code behind it by package name: the state stays small, and a new build of the package
 * takes effect at once without showing a diff.
 *
 * Pulumi would make such a text itself, out of an object (`serializeFunction` in sdk/nodejs/runtime/closure). But for that it
 * loads the TypeScript compiler and asks V8's debugger, which takes longer than all the rest of an `up` without change.
 *
 * @param source what to `require`, by bare name: `@pdfmagic/openwhisk/providers`
 * @param kind the export of it that has the verbs
 * @param verbs those that it has
 */
export function providerOf(source: string, kind: string, verbs: readonly Verb[] = VERBS): SerializedProvider {
  const target = `require(${JSON.stringify(source)})[${JSON.stringify(kind)}]`;
  const methods = verbs.map((verb) => `  ${verb}: (...given) => ${target}.${verb}(...given),\n`);
  return `exports.handler = () => ({\n${methods.join('')}});\n` as SerializedProvider;
}
