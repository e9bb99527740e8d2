/**
 * The error texts of OpenWhisk's REST API and web actions, to the letter: tools and people read them.
 * Source: recorded answers (`test/conformance/cases`), else `Messages` of Apache OpenWhisk.
 */
export const messages = {
  resourceDoesNotExist: 'The requested resource does not exist.',
  resourceNotFound: (name: string) => `The requested resource '${name}' does not exist.`,
  routeNotFound: 'The requested resource could not be found.',
  resourceAlreadyExists: 'resource already exists',
  notInCollection: 'Resource by this name exists but is not in this collection.',
  notAuthorized: (name: string) => `The supplied authentication is not authorized to access '${name}'.`,

  nameIllegal: 'The name of the entity contains illegal characters.',
  nameTooLong: (length: number, allowed: number) => `Name segement longer than allowed: ${length} > ${allowed}.`,
  namespaceIllegal: 'The namespace contains illegal characters.',
  namespaceTooLong: (length: number, allowed: number) => `Namespace longer than allowed: ${length} > ${allowed}.`,
  nameNotFullyQualified:
    'requirement failed: The fully qualified name of the entity must contain at least the namespace and the name of the entity.',
  pathInvalid: (parts: readonly string[]) =>
    `requirement failed: path contains invalid parts ArraySeq(${parts.join(', ')})`,

  contentMalformed: (why: string) => `The request content was malformed:\n${why}`,
  queryMalformed: (name: string, why: string) => `The query parameter '${name}' was malformed:\n${why}`,
  contentTypeNotSupported: (type: string) =>
    `The request's Content-Type [${type}] is not supported. Expected:\napplication/json`,
  tooBig: (what: string, size: number, allowed: number) => `${what} larger than allowed: ${size} > ${allowed} bytes.`,
  limitOutOfBounds: (what: string, value: number, word: 'exceeds' | 'below', bound: number, unit: string) =>
    `requirement failed: ${what} ${value}${unit} ${word} allowed threshold of ${bound}${unit}`,
  instancesNegative: 'requirement failed: Action container concurrency must be greater than or equal to 0.',
  instancesTooMany: (allowed: number) =>
    `Max action instance concurrency must not exceed your namespace concurrency of ${allowed}.`,
  sizeNegative: 'requirement failed: a negative size of an object is not allowed.',
  limitOutOfRange: (value: number, max: number, collection: string) =>
    `The value '${value}' is not in the range of 0 to ${max} for ${collection}.`,
  skipOutOfRange: (value: number, collection: string) =>
    `The value '${value}' is not greater than or equal to 0 for ${collection}.`,
  notAnInteger: (value: string, collection: string) => `The value '${value}' is not an integer for ${collection}.`,
  notABoolean: (value: string) => `'${value}' is not a valid Boolean value`,

  execUndefined: 'exec undefined',
  runtimeNotSupported: (kind: string, valid: readonly string[]) =>
    `The specified runtime '${kind}' is not supported by this platform. Valid values are: '${valid.join("', '")}'.`,

  packageReserved: (name: string) => `Package name '${name}' is reserved.`,
  packageNotEmpty: (count: number) =>
    `Package not empty (contains ${count} ${count === 1 ? 'entity' : 'entities'}). Set force param or delete package contents.`,
  bindingDoesNotExist: 'Binding references a package that does not exist.',
  bindingNotAPackage: 'Cannot bind to a resource that is not a package.',
  bindingToBinding: 'Cannot bind to another package binding.',
  packageCannotBecomeBinding: 'Resource is a package and cannot be converted into a binding.',
  notAllowedOnBinding: 'Operation not permitted on package binding.',

  sequenceTooLong: 'Too many actions in the sequence.',
  sequenceEmpty: 'No component specified for the sequence.',
  sequenceCyclic: 'Sequence may not refer to itself.',
  sequenceComponentNotFound: 'Sequence component does not exist.',
  sequenceFailed: 'Sequence failed.',

  compositionTooLong: 'Too many actions in the composition.',
  compositionComponentInvalid: (value: string) =>
    `Failed to parse action name from json value ${value} during composition.`,
  compositionComponentNotFound: (name: string) => `Failed to resolve action with name '${name}' during composition.`,
  compositionComponentNotAccessible: (name: string) =>
    `Failed entitlement check for action with name '${name}' during composition.`,

  feedNotValid: 'Feed name is not valid',
  ruleIncomplete: 'rule requires a valid trigger and a valid action',
  ruleTargetMissing: (kind: 'trigger' | 'action', name: string) => `${kind} /${name} does not exist`,
  ruleStatusUnknown: (status: string) => `requirement failed: ${status} is not a recognized rule state`,
  ruleWithoutTrigger: 'Only rules with existing triggers can be activated',
  ruleInactive: (rule: string, action: string) => `Rule '${rule}' is inactive, action '${action}' was not activated.`,

  parametersNotAllowed: 'Request defines parameters that are not allowed (e.g., reserved properties).',
  timeoutInvalid: (maxMs: number) => `Timeout must be number of milliseconds up to ${maxMs}.`,
  tooManyConcurrent: (count: number, allowed: number) =>
    `Too many concurrent requests in flight (count: ${count}, allowed: ${allowed}).`,

  unauthorized: 'Authentication is possible but has failed or not yet been provided.',
  propertyNotFound: 'Response does not include requested property.',
  errorProcessingRequest: 'There was an error processing your request.',
  responseNotReady: 'Response not yet ready.',
  contentTypeMismatch: 'Response type in header did not match generated content type.',
  unknownContentType: 'Response did not specify a known content-type.',
  notValid: (essence: string) => `Response is not valid '${essence}'.`,
  notAcceptable: (type: string) => `Resource representation is only available with these types:\n${type}`,

  activationIdLength: (length: number) => `Activation id length is ${length} but must be 32.`,
  activationIdIllegal: 'The activation id is not valid.',
  docsNotAllowedWithCount: "The parameter 'docs' is not permitted with 'count'.",
  badNameFilter: (value: string) => `Parameter may be a 'simple' name or 'package-name/simple' name: ${value}`,
  badEpoch: (value: string) => `Parameter is not a valid value for epoch seconds: ${value}`,
  limitsInnerRoute: 'Inner entity level routes for limits are not yet implemented.',
} as const;
