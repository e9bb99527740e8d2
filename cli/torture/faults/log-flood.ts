import { LOG_FLOOD } from './bombs';
import { demand, type Fault } from './fault';
import { runAction } from './run-action';

/** Bytes of its limit, and of the time and the stream before each line. */
const LIMIT = 10 * 1024 * 1024;
const SLACK = 1.1;

export const logFlood: Fault = {
  name: 'log-flood',
  made: 'an action writes 1 GB of log',
  expected: 'the action goes on; its log ends at the limit and says so',
  run: async ({ openwhisk }) => {
    const record = await runAction(openwhisk, 'torture-logs', LOG_FLOOD, { timeout: 300_000, logs: 10 });
    const lines = record.logs.map(String);
    const bytes = lines.reduce((sum, line) => sum + line.length + 1, 0);
    demand(record.response.success === true, `the action that logs ended with ${JSON.stringify(record.response)}`);
    demand(bytes < LIMIT * SLACK, `${bytes} bytes of log were kept`);
    demand(lines.at(-1)?.includes('Logs were truncated') === true, 'the log does not say that it was cut');
    return `done in ${record.seconds.toFixed(1)} s; ${(bytes / 1024 / 1024).toFixed(1)} MiB kept, the last line says that it was cut`;
  },
};
