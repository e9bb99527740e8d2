/** The line that readies a shell, bash or zsh, for a stack's commands. Nothing of it reaches programs other than `curl` and `wsk`. */

/** Where OpenWhisk is, and the commands that print what is secret or long. */
export interface ShellSetupArgs {
  readonly apihost: string;
  /** Further URLs that are served like the API host; those at the API host itself need no mention. */
  readonly urls?: readonly string[];
  readonly insecure?: boolean;
  /** Command that prints the key. */
  readonly auth: string;
  /** Command that prints the CA's certificate. */
  readonly caCertificate?: string;
}

/**
 * Sets $AUTH, and makes functions of `curl` and `wsk` that trust the stack's certificate: `curl` where it is called with a URL of
 * the stack, `wsk` in each call. What they need goes into a temporary folder that only the user can read. `wsk` gets its
 * settings there, since `wsk api` takes the key from no other place (openwhisk-cli, commands/api.go).
 */
export function shellSetup({ apihost, urls = [], insecure, auth, caCertificate }: ShellSetupArgs): string {
  const steps = [
    `AUTH="$(${auth})"`,
    'PDFMAGIC_SHELL="$(mktemp -d)"',
    `printf 'APIHOST=%s\\nAUTH=%s\\n' ${quoteWord(apihost)} "$AUTH" > "$PDFMAGIC_SHELL/wskprops"`,
  ];
  const settings = 'WSK_CONFIG_FILE="$PDFMAGIC_SHELL/wskprops"';
  const functions: string[] = [];
  if (insecure) {
    functions.push(curlFor([apihost, ...urls], '--insecure'), `wsk() { ${settings} command wsk --insecure "$@"; }`);
  } else if (caCertificate !== undefined) {
    steps.push(`${caCertificate} > "$PDFMAGIC_SHELL/ca.pem"`);
    functions.push(curlFor([apihost, ...urls], '--cacert "$PDFMAGIC_SHELL/ca.pem"'), verifyingWsk(apihost, settings));
  } else {
    functions.push(`wsk() { ${settings} command wsk "$@"; }`);
  }
  return [...steps, defineFunctions(functions)].join(' && ');
}

/**
 * Defines them, also where an alias has the same name: a shell expands it in a definition, unless it is gone when that is read.
 * @param functions in POSIX syntax
 */
export function defineFunctions(functions: readonly string[]): string {
  return `{ unalias curl wsk 2> /dev/null; eval ${quoteWord(functions.join('; '))}; }`;
}

/** Text as one word of a shell, whatever is in it. */
export function quoteWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A `curl` that has `option` when one of its words is a URL at one of the hosts. */
function curlFor(urls: readonly string[], option: string): string {
  const origins = [...new Set(urls.map((url) => new URL(url).origin))];
  const words = origins.flatMap((origin) => [`*" ${origin}/"*`, `*" ${origin} "*`]);
  return `curl() { case " $* " in ${words.join(' | ')}) command curl ${option} "$@";; *) command curl "$@";; esac; }`;
}

/**
 * A `wsk` that trusts the CA. It is a Go program: on Linux, it takes certificates from SSL_CERT_FILE, on macOS only from the
 * keychain (https://pkg.go.dev/crypto/x509#SystemCertPool), and has no option for them. There it speaks to a relay.
 */
function verifyingWsk(apihost: string, settings: string): string {
  const ca = '"$PDFMAGIC_SHELL/ca.pem"';
  const relayed = `${settings} node -e ${quoteWord(RELAY.trim())} -- ${quoteWord(apihost)} ${ca} "$@"`;
  return `wsk() { case "$(uname)" in Darwin) ${relayed};; *) ${settings} SSL_CERT_FILE=${ca} command wsk "$@";; esac; }`;
}

/**
 * Runs `wsk` against an HTTP server of its own, on the loopback interface and only as long as that call, which passes each
 * request on to the API host and verifies its certificate. What `wsk` says about its API host in a request (`wsk api create`
 * names the URL of an action) is put right. It has neither `!` nor `'`, which shells take for their own.
 */
const RELAY = `
  const [host, file, ...words] = process.argv.slice(1), ca = require("fs").readFileSync(file);
  let here;
  const server = require("http").createServer((request, answer) => {
    const parts = [], { "transfer-encoding": _, ...headers } = request.headers;
    request.on("data", (part) => parts.push(part)).on("end", () => {
      const body = Buffer.concat(parts).toString().replaceAll(here, host);
      Object.assign(headers, { host: new URL(host).host, "content-length": Buffer.byteLength(body) });
      require("https").request(host + request.url, { method: request.method, headers, ca }, (got) => {
        answer.writeHead(got.statusCode, got.headers);
        got.pipe(answer);
      }).on("error", ({ message: error, code }) => {
        answer.writeHead(502, { "content-type": "application/json" }).end(JSON.stringify({ error, code }));
      }).end(body);
    });
  }).listen(0, "127.0.0.1", () => {
    here = "http://127.0.0.1:" + server.address().port;
    const env = { ...process.env, WHISK_APIHOST: here };
    require("child_process").spawn("wsk", words, { stdio: "inherit", env })
      .on("error", ({ message }) => { console.error(message); process.exit(127); })
      .on("exit", (code) => process.exit(code ?? 1));
  });`.replace(/\s*\n\s*/g, ' ');
