/** A GKE cluster with OpenWhisk on it, and all else that a stack has on Google Cloud: see README.md. */
import type { GkeConfig } from '../config';
import type { Platform } from '../platform';
import type { Storage } from '../storage';

/** Makes the cluster and installs OpenWhisk on it. @throws pulumi.RunError when a tool or a login is missing. */
export declare function gkePlatform(config: GkeConfig): Promise<Platform>;
/** Makes the buckets, the service account and its key. */
export declare function googleStorage(config: GkeConfig): Storage;
