/**
 * Dynamic providers, loaded from their serialized form as Pulumi's own plugin does (`cmd/dynamic-provider/index.ts`): the
 * text is a CommonJS module whose `handler()` gives the provider, and its `require` resolves from the project's folder.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import { compileFunction } from 'node:vm';
import type { dynamic } from '@pulumi/pulumi';
import type { Json, JsonObject } from '../../ground/json';
import { reveal } from '../state/properties';

/** The input that carries the serialized provider. */
export const PROVIDER_KEY = '__provider';

export type Provider = dynamic.ResourceProvider<JsonObject, JsonObject>;

/** Loads providers, each text once. */
export class ProviderLoader {
  private readonly loaded = new Map<string, Promise<Provider>>();

  /** @param config stack config, in clear, by full keys (`project:key`); for providers with `configure` */
  constructor(
    private readonly projectDir: string,
    private readonly project: string,
    private readonly config: Readonly<Record<string, string>>,
  ) {}

  /** The provider of this text (or text as a secret), configured. @throws Error when it does not load */
  load(serialized: Json): Promise<Provider> {
    const source = reveal(serialized);
    if (typeof source !== 'string' || source === '') return Promise.reject(new Error('it has no serialized provider'));
    const known = this.loaded.get(source);
    if (known !== undefined) return known;
    const provider = this.evaluate(source);
    this.loaded.set(source, provider);
    return provider;
  }

  private async evaluate(source: string): Promise<Provider> {
    const file = path.join(this.projectDir, '__provider.js');
    const module: { exports: { handler?: () => Provider } } = { exports: {} };
    const parameters = ['exports', 'require', 'module', '__filename', '__dirname'];
    compileFunction(source, parameters, { filename: file })(
      module.exports,
      createRequire(file),
      module,
      file,
      this.projectDir,
    );
    const provider = module.exports.handler?.();
    if (provider === undefined) throw new Error('its serialized provider has no handler');
    const get = (key: string) => this.config[key.includes(':') ? key : `${this.project}:${key}`];
    const require = (key: string): string => {
      const value = get(key);
      if (value === undefined) throw new Error(`Missing required configuration key: ${key}`);
      return value;
    };
    await provider.configure?.({ config: { get, require } });
    return provider;
  }
}

/** What a provider is given: everything in clear, the serialized provider among it. */
export function forProvider(properties: JsonObject, provider: Json): JsonObject {
  return { ...reveal(properties), [PROVIDER_KEY]: reveal(provider) };
}

/** What a provider gave: JSON and nothing else, without the serialized provider. */
export function fromProvider(properties: JsonObject | undefined): JsonObject {
  const { [PROVIDER_KEY]: _, ...rest } = JSON.parse(JSON.stringify(properties ?? {})) as JsonObject;
  return rest;
}

/** A create or update that half succeeded: Pulumi's InitFailed, an error with `id`, `properties` and `reasons`. */
export interface InitFailed {
  readonly id: string;
  readonly properties: JsonObject;
  readonly reasons: readonly string[];
}

/** The half success in an error, if it is one. */
export function initFailedOf(error: unknown): InitFailed | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { id, properties, reasons, message } = error as Partial<InitFailed> & { message?: string };
  if (typeof id !== 'string' || id === '') return undefined;
  const why = Array.isArray(reasons) && reasons.length > 0 ? reasons.map(String) : [message ?? 'it does not work'];
  return { id, properties: fromProvider(properties), reasons: why };
}
