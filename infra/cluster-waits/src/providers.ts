/**
 * The code behind the serialized providers: Pulumi's provider process loads it by package name, so a changed
 * implementation takes effect at once and leaves the state as it is.
 */
export * as imageDigests from './image-digests/image-digests-provider';
export * as installedKeys from './installed-keys/installed-keys-provider';
export * as openwhiskReady from './openwhisk-ready/openwhisk-ready-provider';
export * as releaseWatch from './release-watch/release-watch-provider';
export * as volumesGone from './volumes-gone/volumes-gone-provider';
