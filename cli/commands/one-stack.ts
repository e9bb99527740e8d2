/** A platform holds one stack. One that another tool has deployed there is found before anything is made beside it. */
import path from 'node:path';
import { z } from 'zod';
import { PACKAGE } from '../../contract/names';
import { type PlatformFile, readWskprops } from '../../infra/targets/local/platform-file';
import * as runner from '../../runner';
import { parseJson } from '../client/http';
import { openPlatformApi } from '../client/service';
import type { StackOptions } from './options';
import { stackOf } from './stack-of';

const entity = z.object({ annotations: z.array(z.object({ key: z.string(), value: z.unknown() })) });

/** Refuses beside the stack of another student that the runner here has deployed, or begun to: names are the same in all. */
export function refuseSecondStack({
  data,
  student,
  platform,
}: Pick<StackOptions, 'data' | 'student' | 'platform'>): void {
  const others = runner.stackNames(path.resolve(data, 'stack')).filter((name) => name !== student);
  const deployed = others.find((name) => isDeployed({ data, student: name, platform }));
  if (deployed === undefined) return;
  throw new Error(
    `the stack of ${deployed} is deployed on ${data}, and a local platform can hold only one. Remove it (npm run destroy -- --student ${deployed}), ` +
      'or use another data folder and other ports (--data, --port, --storage-port).',
  );
}

/** Whether the runner here knows of anything of this stack, also of what it was killed at. */
export function isDeployed(options: Pick<StackOptions, 'data' | 'student' | 'platform'>): boolean {
  const { resources, interruptedCreates } = runner.readState(stackOf(options));
  return resources.length + interruptedCreates.length > 0;
}

/** @throws Error when the platform holds what the program makes, and this stack's state knows nothing of it */
export async function refuseForeignStack(platform: PlatformFile, options: StackOptions): Promise<void> {
  if (isDeployed(options)) return;
  const whose = await findDeployed(platform, options.data);
  if (whose === undefined) return;
  throw new Error(
    `the local platform of ${path.resolve(options.data)} holds ${whose}, which \`npm run up\` did not deploy, and a local platform can hold only one stack. ` +
      'Remove it with the tool that deployed it (`pulumi destroy`), ' +
      'or use another data folder and other ports (--data, --port, --storage-port).',
  );
}

/** What is deployed on a platform, in words. */
async function findDeployed({ apihost }: PlatformFile, dataDir: string): Promise<string | undefined> {
  const api = openPlatformApi(apihost, readWskprops(dataDir)?.get('AUTH') ?? '');
  const { status, ...answer } = await api.get(`packages/${PACKAGE}`);
  if (status === 200) {
    const annotations = entity.safeParse(parseJson(answer.body)).data?.annotations;
    const student = annotations?.find(({ key }) => key === 'student')?.value;
    return typeof student === 'string' ? `the stack of ${student}` : `a package named ${PACKAGE}`;
  }
  const service = await api.get(`${apihost}/cloudrun/services/convert`);
  return service.status === 200 ? 'a stack on Cloud Run' : undefined;
}
