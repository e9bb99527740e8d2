/** Runs the whole program under Pulumi's mocks and records every registration: inputs, secrets, and what depends on what. */
import * as pulumi from '@pulumi/pulumi';
import type { RegisterResourceRequest } from '@pulumi/pulumi/proto/resource_pb';
import * as rpc from '@pulumi/pulumi/runtime/rpc';

/** One registered resource. */
export interface Recorded {
  readonly urn: string;
  /** E.g. `gcp:container/cluster:Cluster`. */
  readonly type: string;
  readonly name: string;
  /** Inputs with secrets in plain form. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Paths of the inputs that are secret, e.g. `values.whisk.auth.guest`. */
  readonly secrets: readonly string[];
  /** URNs that it needs: dependencies of any kind, its parent and its provider. */
  readonly needs: ReadonlySet<string>;
  /** Left where it is by a destroy. */
  readonly retained: boolean;
}

/** What a run registered, and its outputs. */
export interface Recording {
  readonly resources: readonly Recorded[];
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Paths of the outputs that are secret. */
  readonly secretOutputs: readonly string[];
}

/** What a provider would answer with: outputs beside the inputs, by type of the resource or token of the function. */
export type Answers = (type: string, name: string, inputs: Record<string, unknown>) => Record<string, unknown>;

/** Runs `program` as stack `ada` of project `pdfmagic` with `config` (keys without `pdfmagic:`). */
export async function record(
  program: () => Promise<object>,
  config: Readonly<Record<string, string>>,
  answers: Answers,
): Promise<Recording> {
  const resources: Recorded[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => ({
        id: `${name}-id`,
        state: { ...inputs, ...answers(type, name, inputs) },
      }),
      call: ({ token, inputs }) => ({ ...inputs, ...answers(token, '', inputs) }),
    },
    'pdfmagic',
    'ada',
    false,
  );
  pulumi.runtime.setAllConfig(
    Object.fromEntries(Object.entries(config).map(([key, value]) => [`pdfmagic:${key}`, value])),
  );
  watch((request, urn) => resources.push(recorded(request, urn)));
  const secretOutputs: string[] = [];
  const shown = await rpc.serializeProperties('outputs', await program());
  const outputs = plain(shown, '', secretOutputs);
  await pulumi.runtime.disconnect();
  if (!isRecord(outputs)) throw new Error('the program has no outputs');
  return { resources, outputs, secretOutputs };
}

/** Calls `registered` with each request and the URN that the mock monitor gives it. */
function watch(registered: (request: RegisterResourceRequest, urn: string) => void): void {
  const monitor = pulumi.runtime.getMonitor();
  if (monitor === undefined) throw new Error('no mock monitor');
  const register = monitor.registerResource.bind(monitor);
  type Answer = (error: unknown, response: { getUrn(): string } | undefined) => void;
  Object.assign(monitor, {
    // The mocks have no answer of their own for these.
    registerErrorHook: (_hook: unknown, answer: Answer) => answer(null, undefined),
    registerResourceHook: (_hook: unknown, answer: Answer) => answer(null, undefined),
    registerResource: (request: RegisterResourceRequest, answer: Answer) =>
      Reflect.apply(register, monitor, [
        request,
        (error: unknown, response: { getUrn(): string } | undefined) => {
          if (response !== undefined) registered(request, response.getUrn());
          answer(error, response);
        },
      ]),
  });
}

function recorded(request: RegisterResourceRequest, urn: string): Recorded {
  const secrets: string[] = [];
  const inputs = plain(request.getObject()?.toJavaScript() ?? {}, '', secrets);
  const byProperty: string[] = [];
  request.getPropertydependenciesMap().forEach((value) => {
    byProperty.push(...value.getUrnsList());
  });
  // A provider's reference is its URN and its id.
  const provider = request.getProvider().split('::').slice(0, 4).join('::');
  return {
    urn,
    type: request.getType(),
    name: request.getName(),
    inputs: isRecord(inputs) ? inputs : {},
    secrets,
    needs: new Set(
      [...request.getDependenciesList(), ...byProperty, request.getParent(), provider].filter((each) => each !== ''),
    ),
    retained: request.getRetainondelete() ?? false,
  };
}

/** A serialized value without Pulumi's marks; the paths of secrets go to `secrets`. */
function plain(value: unknown, path: string, secrets: string[]): unknown {
  if (Array.isArray(value)) return value.map((item, index) => plain(item, `${path}[${index}]`, secrets));
  if (!isRecord(value)) return value;
  if (value[rpc.specialSigKey] === rpc.specialSecretSig) {
    secrets.push(path);
    return plain(value.value, path, []);
  }
  const under = (key: string) => (path === '' ? key : `${path}.${key}`);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item, under(key), secrets)]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
