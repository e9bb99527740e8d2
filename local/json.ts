/** A JSON value, as RFC 8259 has it. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A JSON object: what OpenWhisk takes as parameters and, nearly always, gives as a result. */
export type JsonObject = { [key: string]: Json };
