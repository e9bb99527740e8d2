/**
 * The limits of the service. The Python and the page read their own copies where they must; `test/contract` holds all together.
 */

/** Bytes of a photograph that fit into a request of OpenWhisk (1 MiB of parameters, base64 takes a third more); larger ones go by the bucket. */
export const REQUEST_BYTES = 750_000;
/** Bytes of the largest photograph. */
export const PHOTOGRAPH_BYTES = 128 * 1024 * 1024;
/** MiB of an action that converts: room for the largest photograph that `runtime/policy.xml` allows. */
export const CONVERSION_MEMORY = 512;
/** Milliseconds that a conversion may take. */
export const CONVERSION_TIMEOUT = 60_000;
/** Conversions at a time in one container of Cloud Run; its threads are as many. */
export const CONTAINER_CONCURRENCY = 2;
