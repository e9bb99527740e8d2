/** What one container of the service may have, on Google Cloud and with `--docker` here: measured in docs/cloudrun.md. */

/** Files of a container are in its memory: room for two conversions, each with pixels, JPEG and PDF. */
export const CONTAINER_SIZE = { cpu: '1', memory: '2Gi' } as const;
