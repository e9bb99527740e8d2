/**
 * The code behind the serialized providers: Pulumi's provider process loads it by package name, so a changed
 * implementation takes effect at once and leaves the state as it is.
 */
export * as buckets from './bucket/provider';
export * as serviceAccountKeys from './key/provider';
