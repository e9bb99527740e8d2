// Loaded into a process, writes at its end how many modules it has loaded, and which program it was, into the file that it is told.
const { appendFileSync } = require('node:fs');
const path = require('node:path');

process.on('exit', () => {
  const loaded = Object.keys(require.cache).length - 1;
  appendFileSync(process.env.COUNT_MODULES, `${path.basename(process.argv[1])} ${loaded}\n`);
});
