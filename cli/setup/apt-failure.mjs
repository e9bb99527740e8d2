// Why apt-get failed, in words.

const CAUSES = [
  [/No space left|enough free space/i, 'The disk is full: make room first.'],
  [
    /Could not get lock|Unable to (?:acquire|lock)/i,
    'Another program is installing packages: wait until it has ended.',
  ],
  [
    /certificate verification|Certificate verif|issuer of the certificate/i,
    'The certificate of the package mirror is not trusted: is ca-certificates installed, and the clock right?',
  ],
  [
    /resolv|Failed to fetch|Unable to fetch|Could not connect|Connection (?:refused|timed out|failed)|unreachable/i,
    'The package mirror cannot be reached: the first run needs the network.',
  ],
  [/a password is required|not in the sudoers/i, 'sudo does not let you run apt-get.'],
  [
    /Unable to locate package|no installation candidate/i,
    'The package mirror does not have these packages. Check the sources in /etc/apt.',
  ],
];

/** @param {string} said what apt-get printed @returns {string} the cause, or its last lines where none is known */
export function explainApt(said) {
  return CAUSES.find(([pattern]) => pattern.test(said))?.[1] ?? said.trim().split('\n').slice(-5).join('\n');
}
