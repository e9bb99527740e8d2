/** Waits for OpenWhisk on a Kubernetes cluster, as Pulumi resources. */
export { readKubeconfig } from './cluster/kubeconfig';
export { ImageDigests, type ImageDigestsArgs } from './image-digests/image-digests';
export { InstalledKeys, type InstalledKeysArgs } from './installed-keys/installed-keys';
export { OpenWhiskReady, type OpenWhiskReadyArgs } from './openwhisk-ready/openwhisk-ready';
export { ReleaseWatch, type ReleaseWatchArgs } from './release-watch/release-watch';
export { VolumesGone, type VolumesGoneArgs } from './volumes-gone/volumes-gone';
