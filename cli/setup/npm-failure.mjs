// Why npm failed, in words: the first cause that its output names, and what to do about it.

const UNTRUSTED =
  /\b(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER_CERT(?:_LOCALLY)?|UNABLE_TO_VERIFY_LEAF_SIGNATURE|ERR_TLS_CERT_ALTNAME_INVALID)\b/;
const UNREACHED =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|ENOTCACHED|EIDLETIMEOUT|ERR_SSL_[A-Z_]+)\b/;

/** @type {readonly [RegExp, (match: RegExpExecArray, room: number) => string][]} */
const CAUSES = [
  [
    /ENOSPC|no space left on device|EDQUOT/i,
    (_match, room) => `The disk is full: the npm packages take about ${room} MB, and ~/.npm another 150 MB. Make room.`,
  ],
  [
    /\b(CERT_HAS_EXPIRED|CERT_NOT_YET_VALID)\b/,
    ([, code]) => `The certificate of the npm registry is not valid now (${code}). Check the clock of this machine.`,
  ],
  [
    UNTRUSTED,
    ([, code]) =>
      `npm does not trust the certificate of the registry (${code}). If your network has a proxy with a certificate of its own, set NODE_EXTRA_CA_CERTS to its file.`,
  ],
  [
    UNREACHED,
    ([, code]) =>
      `The npm packages cannot be downloaded (${code}): the first run needs the network. Check it, and HTTPS_PROXY if you have a proxy.`,
  ],
  [
    /\bE(401|403|407)\b/,
    ([, status]) => `The npm registry, or a proxy, wants a login (status ${status}). Check .npmrc.`,
  ],
  [/\bE(5\d\d|429)\b/, ([, status]) => `The npm registry is not working (status ${status}). Wait a little.`],
  [/\bEINTEGRITY\b/, () => 'A downloaded package is damaged. Run `npm cache clean --force`.'],
  [
    /\b(E404|ETARGET)\b/,
    ([, code]) => `The npm registry does not have a package of package-lock.json (${code}). Check .npmrc.`,
  ],
  [
    /\b(ENOTEMPTY|EBUSY)\b/,
    () => 'Another program writes to node_modules. End other npm commands in this folder, and editors.',
  ],
  [
    /\b(EACCES|EPERM|EROFS)\b(?:[^']*'(\/[^'\n]+)')?/,
    ([, code, path]) => `npm may not write to ${path ?? 'this folder'} (${code}). Change its owner or its permissions.`,
  ],
  [/was killed by SIGKILL/, () => 'npm was killed, probably because memory ran out. Close other programs.'],
  [/npm cannot be run/, () => 'npm is missing. It comes with Node.js; on Debian it is the package npm.'],
];

/**
 * @param {string} said what npm printed @param {number} room megabytes that the packages take
 * @returns {string} the cause and the remedy; npm's last lines where it names no cause that is known
 */
export function explainNpm(said, room) {
  for (const [pattern, words] of CAUSES) {
    const match = pattern.exec(said);
    if (match !== null) return `${words(match, room)} Then run the same command again.`;
  }
  return `npm ci failed. What it said last:\n${said.trim().split('\n').slice(-10).join('\n')}`;
}

/** Whether npm could not talk to the registry. @param {string} said what it printed */
export function isUnreachable(said) {
  return UNTRUSTED.test(said) || UNREACHED.test(said);
}
