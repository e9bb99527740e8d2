/** One OpenWhisk namespace holds one stack. Another one that is there is found before anything is made beside it. */
import { type FoundPackage, findPackage } from '@pdfmagic/openwhisk/package-maker';
import * as pulumi from '@pulumi/pulumi';
import { PACKAGE } from '../../contract/names';
import type { Platform } from '../platform';

/** Where to look, and what is allowed. */
export interface Look {
  readonly openwhisk: Pick<Platform, 'apihost' | 'auth' | 'namespace' | 'caCertificate' | 'insecure' | 'provesKey'>;
  /** What is there is to be taken over. */
  readonly adopt: boolean;
  /** The place in words, and how to have another one. */
  readonly place: string;
  readonly elsewhere: string;
}

/** @throws pulumi.RunError naming whose stack is there, also in a preview */
export async function refuseOtherStack({ openwhisk, adopt, place, elsewhere }: Look): Promise<void> {
  if (adopt) return;
  const { apihost, auth, caCertificate } = openwhisk;
  const found = await findPackage(
    {
      ...{ apihost: await resolveOutput(apihost), auth: await resolveOutput(auth), namespace: openwhisk.namespace },
      ...(caCertificate !== undefined && { caCertificate: await resolveOutput(caCertificate) }),
      ...(openwhisk.insecure && { insecure: true }),
      ...(openwhisk.provesKey && { provesKey: true }),
    },
    PACKAGE,
  );
  if (found === undefined || (await isOurs(found))) return;
  throw new pulumi.RunError(
    `${place} holds ${describe(found)}, and it can hold only one. Nothing was changed. ${remedy(found)}, or ${elsewhere}.`,
  );
}

/** Resolves with a value that no resource has to be made for. */
function resolveOutput<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply((value) => resolve(value));
  });
}

/** Made by this stack, or known to its state: a renamed stack has marks of its earlier name. */
async function isOurs({ mark }: FoundPackage): Promise<boolean> {
  const stack = `urn:pulumi:${pulumi.getStack()}::${pulumi.getProject()}`;
  if (mark?.owner === stack || mark?.owner.startsWith(`${stack}::`)) return true;
  try {
    const args = { stackName: pulumi.getStack() };
    const { outputs } = await pulumi.runtime.invoke('pulumi:pulumi:readStackResourceOutputs', args);
    return Object.keys(outputs).some((urn) => urn.endsWith(`/openwhisk:Package::${PACKAGE}`));
  } catch {
    // Our own runner has looked before it began; and no create takes what is another's.
    return true;
  }
}

function describe({ mark, annotations: { student } }: FoundPackage): string {
  if (mark === undefined) return `a package named ${PACKAGE} that no stack has made`;
  const [stack, project] = mark.owner.replace('urn:pulumi:', '').split('::');
  const whose = typeof student === 'string' ? `, of student ${student}` : '';
  return `the stack ${stack} of the project ${project}${whose}`;
}

function remedy({ mark }: FoundPackage): string {
  return mark === undefined
    ? `Delete it with \`wsk package delete ${PACKAGE}\`, take it over by \`pulumi config set adopt true\``
    : 'Remove that stack with the tool that deployed it (`pulumi destroy` or `npm run destroy`)';
}
