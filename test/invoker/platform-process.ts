/** A platform in a process of its own, for the tests to kill: runs one action that sleeps with its children. */
import { createInvoker } from '../../platform/invoker/create-invoker';
import { invocation } from './harness-invocation';

async function main([dataDir = '', sandbox, seconds]: string[]): Promise<void> {
  const invoker = await createInvoker({
    dataDir,
    apiHost: 'http://127.0.0.1:3233',
    sandbox: sandbox === 'process' ? 'process' : 'bubblewrap',
  });
  const code = `import os, subprocess
def main(args):
    subprocess.Popen(["/bin/sleep", "${seconds}"], start_new_session=True)
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.closerange(0, 1000)
            os.execve("/bin/sleep", ["/bin/sleep", "${seconds}"], {})
        os._exit(0)
    subprocess.run(["/bin/sleep", "${seconds}"])
`;
  const kind = invoker.runtimes.find(({ family }) => family === 'python')?.kind ?? '';
  await invoker.run(invocation(code, { kind, limits: { timeout: 300_000 } }));
}

void main(process.argv.slice(2));
