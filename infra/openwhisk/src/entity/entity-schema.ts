import { z } from 'zod';

/** Longest name of an entity, a package or a namespace. */
const NAME_MAX = 256;

/** `EntityName.REGEX` of apache/openwhisk, where `\w` is ASCII. */
const NAME = /^(\w|\w[\w@ .&-]*[\w@.&-])$/;

const NAME_RULE =
  'must begin with a letter, digit or _, may go on with letters, digits and _ @ . & - or blanks, and may not end with a blank';

/** One name: of an action, a trigger, a rule, a namespace. */
export const entityName = z.string().max(NAME_MAX, `may have ${NAME_MAX} characters`).regex(NAME, NAME_RULE);

/** The name of a package; `default` means "no package" to OpenWhisk. */
export const packageName = entityName.refine((name) => name !== 'default', '"default" is reserved for "no package"');

/** A reference to an entity: `name`, `package/name`, `/namespace/name` or `/namespace/package/name`. */
export const entityPath = z.string().refine(isEntityPath, {
  message: 'must be name, package/name, /namespace/name or /namespace/package/name',
});

/** A reference to something that lives in no package: `name` or `/namespace/name`. */
export const plainPath = z
  .string()
  .refine((path) => isEntityPath(path) && path.replace(/^\/[^/]+\//, '').split('/').length === 1, {
    message: 'must be name or /namespace/name',
  });

function isEntityPath(path: string): boolean {
  const absolute = path.startsWith('/');
  const segments = (absolute ? path.slice(1) : path).split('/');
  const [least, most] = absolute ? [2, 3] : [1, 2];
  if (segments.length < least || segments.length > most) return false;
  return segments.every((segment) => NAME.test(segment) && segment.length <= NAME_MAX);
}

/** Parameters or annotations; all values are JSON by the time a provider sees them. */
export const keyValues = z.record(z.string().min(1, 'a key may not be empty'), z.unknown());

/** {@link import('../connection/connection').Connection} */
export const connection = z.strictObject({
  apihost: z
    .string()
    .refine(isHost, 'must be a host such as https://openwhisk.example.org:31001, without path or user'),
  auth: z.string().regex(/^[^\s:]+:[^\s:]+$/, 'must be UUID:KEY, as `wsk property get --auth` prints it'),
  namespace: entityName.optional(),
  caCertificate: z
    .string()
    .includes('-----BEGIN CERTIFICATE-----', { message: 'must be a certificate in PEM' })
    .optional(),
  insecure: z.boolean().optional(),
  startHint: z.string().optional(),
  provesKey: z.boolean().optional(),
});

/** Takes over an entity that already exists, instead of refusing. */
export const adopt = z.boolean().optional();

function isHost(apihost: string): boolean {
  const text = /^https?:\/\//i.test(apihost) ? apihost : `https://${apihost}`;
  if (!URL.canParse(text) || /\s/.test(apihost)) return false;
  const url = new URL(text);
  return url.hostname !== '' && url.username === '' && url.pathname === '/' && url.search === '' && url.hash === '';
}
