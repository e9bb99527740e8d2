// Runs an action's text as OpenWhisk's Node.js runtime does (apache/openwhisk-runtime-nodejs, runner.js, `initializeActionHandler`):
// inside a function, by the name `main`, else by what it exports. Reads {"code", "args"}, writes the result. Old words: Node.js 10 reads it.
let input = '';
process.stdin.on('data', (chunk) => {
  input += chunk;
});
process.stdin.on('end', () => {
  const { code, args } = JSON.parse(input);
  const exported = {};
  const load = new Function(
    'exports',
    'module',
    'require',
    `${code}\nreturn typeof main === 'function' ? main : exports.main;`,
  );
  const main = load(exported, { exports: exported }, require);
  Promise.resolve(main(args)).then((result) => process.stdout.write(`\nRESULT ${JSON.stringify(result)}`));
});
