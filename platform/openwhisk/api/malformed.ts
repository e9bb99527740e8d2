/** What is wrong with the content of a request; becomes "The request content was malformed". */
export class MalformedContent extends Error {}
