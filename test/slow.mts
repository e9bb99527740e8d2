/**
 * What `npm run test:quick` leaves out, below `test/`: tests that start whole platforms, install libraries, kill processes or wait on
 * purpose. All others together take less than a minute. A file that takes more than three seconds belongs here.
 */
export const SLOW: readonly string[] = [
  'docker/**',
  'e2e/**',
  'torture/**',
  'parity/**',
  'settings/{cloudrun,declared,openwhisk}.test.ts',
  'actions/{bucket-to-bucket,converter,endpoints,outcomes-on-emulator,python-lint,result}.test.ts',
  'cli/{account,cloudrun,on-this-machine,surroundings,trouble}.test.ts',
  'cloudrun/{service,traffic}.test.ts',
  'conformance/**',
  'events/**',
  'feed/pubsub.test.ts',
  'invoker/{compile,full-disk,limits,memory,orphans,ordinary-user,packages,pause,policy,pool,walls,zip}.test.ts',
  'openwhisk/{damage,durability,full-disk}.test.ts',
  'openwhisk-resources/{api,packed,trouble}.test.ts',
  'packaging/{image,package-action,virtualenv}.test.ts',
  'page/browser.test.ts',
  'program/destroy.test.ts',
  'runner/{apply,failure,full-disk,kill,parent,preview-refresh,secrets}.test.ts',
  'setup/**',
  'storage/{front-door,integrity,life,names-and-metadata,objects,pace,python-client,resumable}.test.ts',
];
