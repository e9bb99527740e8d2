/**
 * The engine's side of the Node.js SDK, in the same process: what `pulumi.runtime.setMocks` installs for unit tests, but
 * seeing whole requests. `Mocks` alone is not told of dependencies and options.
 *
 * This is the one file that knows how the SDK talks to its engine (`sdk/nodejs/runtime/resource.ts`, `settings.ts` and
 * `mocks.ts` of @pulumi/pulumi 3.248.0; `proto/pulumi/resource.proto`). `test/runner/pulumi-seam.test.ts` notices when a
 * new version talks differently.
 */
import type * as alias from '@pulumi/pulumi/proto/alias_pb';
import type * as proto from '@pulumi/pulumi/proto/resource_pb';
import type { JsonObject } from '../../ground/json';
import { type Registered, type Registration, ROOT, urnOf } from './registration';

type Callback<T> = (error: Error | null, response?: T) => void;

/** Who decides what becomes of a registration. */
export interface Engine {
  register(registration: Registration): Promise<Registered>;
  /** The outputs of the stack itself. */
  stackOutputs(outputs: JsonObject): void;
}

/** `pulumirpc.Result`. */
const RESULT = { done: 0, failed: 1, skipped: 2 } as const;

/** Features that the SDK may use here; without the others it refuses options that need them. */
const FEATURES = new Set(['secrets', 'deletedWith', 'replaceWith', 'aliasSpecs']);

/** Answers the SDK's requests. */
export class Monitor {
  private stackUrn: string | undefined;

  constructor(
    private readonly engine: Engine,
    private readonly project: string,
    private readonly stack: string,
  ) {}

  supportsFeature(request: proto.SupportsFeatureRequest, callback: Callback<{ getHassupport(): boolean }>): void {
    const supported = FEATURES.has(request.getId());
    callback(null, { getHassupport: () => supported });
  }

  registerResource(request: proto.RegisterResourceRequest, callback: Callback<object>): void {
    const registration = this.registration(request);
    if (registration.type === ROOT) this.stackUrn = registration.urn;
    const answer = (registered: Registered) => callback(null, response(registration.urn, registered));
    this.engine.register(registration).then(answer, callback);
  }

  registerResourceOutputs(request: proto.RegisterResourceOutputsRequest, callback: Callback<object>): void {
    if (request.getUrn() === this.stackUrn) {
      this.engine.stackOutputs((request.getOutputs()?.toJavaScript() ?? {}) as JsonObject);
    }
    callback(null, {});
  }

  invoke(request: proto.ResourceInvokeRequest, callback: Callback<object>): void {
    callback(unsupportedError(`the function ${request.getTok()}`));
  }

  call(request: proto.ResourceCallRequest, callback: Callback<object>): void {
    callback(unsupportedError(`the method ${request.getTok()}`));
  }

  readResource(request: proto.ReadResourceRequest, callback: Callback<object>): void {
    callback(unsupportedError(`reading the existing ${request.getType()} ${request.getName()}`));
  }

  private registration(request: proto.RegisterResourceRequest): Registration {
    const [type, name, parent] = [request.getType(), request.getName(), request.getParent() || undefined];
    const propertyDependencies: Record<string, string[]> = {};
    request.getPropertydependenciesMap().forEach((urns, key) => {
      propertyDependencies[key] = urns.getUrnsList();
    });
    return {
      urn: urnOf(this.stack, this.project, parent, type, name),
      aliases: request.getAliasesList().map((entry) => this.alias(entry, request)),
      type,
      name,
      custom: request.getCustom(),
      parent,
      inputs: (request.getObject()?.toJavaScript() ?? {}) as JsonObject,
      dependencies: request.getDependenciesList(),
      propertyDependencies,
      protect: request.getProtect() ?? false,
      retainOnDelete: request.getRetainondelete() ?? false,
      deletedWith: request.getDeletedwith() || undefined,
      deleteBeforeReplace: request.getDeletebeforereplacedefined() ? request.getDeletebeforereplace() : undefined,
      ignoreChanges: request.getIgnorechangesList(),
      replaceOnChanges: request.getReplaceonchangesList(),
      additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
      unsupported: unsupportedOptions(request),
    };
  }

  private alias(entry: alias.Alias, request: proto.RegisterResourceRequest): string {
    const spec = entry.getSpec();
    if (spec === undefined) return entry.getUrn();
    const parent = spec.getNoparent() ? undefined : spec.getParenturn() || request.getParent() || undefined;
    const [stack, project] = [spec.getStack() || this.stack, spec.getProject() || this.project];
    return urnOf(stack, project, parent, spec.getType() || request.getType(), spec.getName() || request.getName());
  }
}

/** The getters of a `RegisterResourceResponse` that the SDK calls. */
function response(urn: string, registered: Registered): object {
  return {
    getUrn: () => urn,
    getId: () => registered.id,
    getObject: () => ({ toJavaScript: () => registered.properties }),
    getPropertydependenciesMap: () => undefined,
    getResult: () => RESULT[registered.status],
  };
}

function unsupportedOptions(request: proto.RegisterResourceRequest): string[] {
  const times = request.getCustomtimeouts()?.toObject() ?? {};
  const asked = {
    customTimeouts: Object.values(times).some((time) => time !== ''),
    hideDiffs: request.getHidediffsList().length > 0,
    version: request.getVersion() !== '',
    pluginDownloadURL: request.getPlugindownloadurl() !== '',
    import: request.getImportid() !== '',
    provider: request.getProvider() !== '',
    replaceWith: request.getReplaceWithList().length > 0,
    replacementTrigger: request.hasReplacementTrigger(),
    'remote components': request.getRemote(),
  };
  return Object.entries(asked).flatMap(([option, used]) => (used ? [option] : []));
}

/** An error as gRPC gives it: the SDK repeats `details` in some places, and the message in others. */
function unsupportedError(what: string): Error {
  const details = `${what} needs a real Pulumi engine: this runner supports dynamic resources only. Use \`pulumi up\` (or \`npx pulumi up\`).`;
  return Object.assign(new Error(details), { details });
}
