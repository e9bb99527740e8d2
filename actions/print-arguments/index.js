/**
 * print-arguments: logs its arguments as one line of JSON and returns them.
 *
 * An action that a web request or a fired trigger started is handed the caller's headers in `__ow_headers`: whatever in there
 * lets somebody in is blanked first, in any letter case and at any depth (a trigger's payload may hold a whole request).
 */
const CREDENTIALS = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie', 'x-require-whisk-auth']);

function withoutCredentials(value) {
  if (Array.isArray(value)) return value.map(withoutCredentials);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([name, inner]) => [
    name,
    CREDENTIALS.has(name.toLowerCase()) ? '(blanked)' : withoutCredentials(inner),
  ]);
  return Object.fromEntries(entries);
}

function main(args) {
  const shown = withoutCredentials(args);
  console.log(JSON.stringify(shown));
  return shown;
}

exports.main = main;
