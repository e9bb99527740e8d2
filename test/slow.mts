/**
 * What `npm run test:quick` leaves out, below `test/`: tests that start whole platforms, install libraries, kill processes or wait on
 * purpose, or measure their own process. All others together take about a minute. Files share a few processes
 * (`shared-process.ts`). A file that takes more than five seconds belongs here.
 */
export const SLOW: readonly string[] = [
  'bench/{bench,photos}.test.ts',
  'cluster-waits/release-watch.test.ts',
  'docker/**',
  'e2e/**',
  'torture/torture.test.ts',
  'parity/**',
  'settings/{cloudrun,declared,openwhisk}.test.ts',
  'actions/{album,bucket-to-bucket,converter,endpoints,fuzz,node-versions,orientation,outcomes-on-emulator,page,python-lint,quality,result,workload-identity}.test.ts',
  'cli/{cloudrun,conversion-options,convert-files,failed-attempt,help,logs,on-this-machine,pdfs-on-this-machine,ports,surroundings,trouble}.test.ts',
  'compile/compiled.test.ts',
  'contract/{python-limits,shell-setup}.test.ts',
  'cloudrun/{identity,service,traffic,walls}.test.ts',
  'conformance/**',
  'docs/second-try.test.ts',
  'events/**',
  'feed/pubsub.test.ts',
  'invoker/{compile,full-disk,isolation,limits,logs,memory,orphans,ordinary-user,packages,pause,policy,pool,python,spares,walls,zip}.test.ts',
  'openwhisk/{damage,durability,full-disk}.test.ts',
  'openwhisk-resources/packed.test.ts',
  'openwhisk-web/malformed.test.ts',
  'packaging/{image,package-action,virtualenv,zips}.test.ts',
  'openwhisk-release/{played-nodes,render}.test.ts',
  'page/{browser,cloudrun,only-by-gateway}.test.ts',
  'program/{destroy,own-events}.test.ts',
  'runner/{apply,failure,full-disk,kill,parent,preview-refresh,secrets}.test.ts',
  'setup/**',
  'storage/{integrity,life,names-and-metadata,objects,pace,python-client,resumable}.test.ts',
];

/** Files that change a module for all that load it after them: each has a process of its own. */
export const OWN_PROCESS: readonly string[] = ['contract/fifth-way.test.ts'];

/** Those that take half a minute and more, the longest first: in this order they start. */
export const LONGEST: readonly string[] = [
  ...['docker/cloudrun', 'page/browser', 'bench/bench', 'torture/torture', 'settings/openwhisk', 'parity/parity'],
  ...['docker/start', 'docker/sandbox', 'docker/runtime-image', 'e2e/start', 'e2e/malformed', 'settings/cloudrun'],
  ...['feed/pubsub', 'cli/on-this-machine', 'setup/bootstrap', 'packaging/image', 'e2e/stress', 'page/cloudrun'],
  ...[
    'cli/pdfs-on-this-machine',
    'invoker/packages',
    'e2e/commands',
    'runner/kill',
    'e2e/runner-trouble',
    'e2e/secrets',
  ],
  ...['runner/apply', 'packaging/package-action', 'packaging/virtualenv', 'e2e/interrupted', 'runner/failure'],
  ...['openwhisk-resources/packed', 'actions/node-versions', 'cli/failed-attempt', 'events/durability', 'e2e/cloudrun'],
];
