/** An instance as a process in a sandbox that listens on a port of loopback, from its start to its end. */
import { freePort } from '../../ground/free-port';
import { waitAtMost } from '../../ground/wait-at-most';
import { CONTAINER_SIZE } from '../../infra/targets/cloudrun/container-size';
import { excessOf } from '../../sandbox/measurement';
import type { Sandbox } from '../../sandbox/sandbox';
import type { Command } from './command';
import { type Instance, Output, STOP_LIMIT, untilReady } from './instance';

const LOOPBACK = '127.0.0.1';
const MIB = 1024 * 1024;
/** Milliseconds between two measurements. */
const PERIOD = 200;

/**
 * Starts one and resolves when it is ready.
 * @param environment variables of the service
 * @param log takes what it writes
 * @param memory bytes that it may hold, files in its /tmp included as on Cloud Run
 * @throws Error with its last words when it does not get ready; SandboxError when it does not even come up
 */
export async function startProcess(
  command: Command,
  environment: Readonly<Record<string, string>>,
  log: (line: string) => void,
  memory = Number.parseInt(CONTAINER_SIZE.memory, 10) * 1024 * MIB,
): Promise<Instance> {
  const port = await freePort();
  const spec = command.makeSpec(`${LOOPBACK}:${port}`, { ...environment, PORT: String(port) });
  const sandbox = await command.factory.start(spec);
  const output = new Output(log);
  for (const stream of [sandbox.stdout, sandbox.stderr]) output.listen(stream);
  // A service reads nothing, and answers by its port.
  sandbox.requests.end();
  sandbox.answers.resume();
  const watching = setInterval(() => boundInstance(sandbox, memory, output), PERIOD);
  watching.unref();
  void sandbox.ended.then(() => clearInterval(watching));
  const stop = async (): Promise<void> => {
    sandbox.terminate();
    await waitAtMost(STOP_LIMIT, sandbox.ended);
    await sandbox.kill();
  };
  const instance = { url: `http://${LOOPBACK}:${port}`, ended: sandbox.ended, stop };
  await untilReady(instance, output);
  return { ...instance, pid: sandbox.pid };
}

/** Ends one that holds too much, in the words of Cloud Run. */
function boundInstance(sandbox: Sandbox, memory: number, output: Output): void {
  const excess = excessOf(sandbox, memory, true);
  if (excess === undefined) return;
  const { of } = excess;
  output.say(
    of === 'memory'
      ? `Memory limit of ${memory / MIB} MiB exceeded with ${Math.ceil(excess.bytes / MIB)} MiB used.`
      : `The instance has too many processes: ${excess.processes}.`,
  );
  void sandbox.kill();
}
