/** The line that readies a shell for a stack's commands. */

/** Where OpenWhisk is, and the commands that print what is secret or long. */
export interface ShellSetupArgs {
  readonly apihost: string;
  readonly namespace: string;
  readonly insecure?: boolean;
  /** Command that prints the key. */
  readonly auth: string;
  /** Command that prints the CA's certificate. */
  readonly caCertificate?: string;
}

/** curl and wsk (a Go program) both take the CA's certificate from the environment; no command needs an option for it. */
export function shellSetup({ apihost, namespace, insecure, auth, caCertificate }: ShellSetupArgs): string {
  const certificate =
    caCertificate === undefined
      ? ''
      : `${caCertificate} > ca.pem; export CURL_CA_BUNDLE="$PWD/ca.pem" SSL_CERT_FILE="$PWD/ca.pem"; `;
  // Chosen in the config, and told to both in the same breath.
  const accepting = insecure ? "alias curl='curl --insecure' wsk='wsk --insecure'; " : '';
  return (
    `${certificate}${accepting}APIHOST='${apihost}'; AUTH="$(${auth})"; ` +
    `export WSK_CONFIG_FILE="$PWD/.wskprops"; wsk property set --apihost "$APIHOST" --auth "$AUTH" --namespace '${namespace}'`
  );
}

/** Text as one word of a shell, whatever is in it. */
export function quoteWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
