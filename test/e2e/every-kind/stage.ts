/** The program of every kind on a platform, and a look at what is really there. */
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { ROOT, type RunningPlatform } from '../machine';

/** Resources of the program, without the stack and the component. */
export const KINDS = 11;

/** All that the program makes, as the servers name it. */
export const EVERYTHING = [
  'actions/feed',
  'actions/one',
  'actions/two',
  'apis/GET /kind',
  'apis/POST /kind',
  'buckets/every-kind',
  'packages/tools',
  'rules/rule-one',
  'rules/rule-two',
  'triggers/files',
];

/** Puts the program into a folder, from which it finds the packages of this project. */
export function makeProject(folder: string): string {
  const project = path.join(folder, 'every-kind');
  mkdirSync(project);
  for (const file of ['Pulumi.yaml', 'index.js']) cpSync(path.join(__dirname, file), path.join(project, file));
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(project, 'node_modules'));
  return project;
}

/** The stack config for a platform. */
export function configFor({ file, auth }: Pick<RunningPlatform, 'file' | 'auth'>): Record<string, string> {
  return { apihost: file.apihost, auth, storage: file.storageEndpoint, bucket: 'every-kind' };
}

/** What is there, whoever made it, in the order of {@link EVERYTHING}. */
export async function whatIsThere({ file, auth, authorization }: RunningPlatform): Promise<string[]> {
  const ask = async (url: string) => (await (await fetch(url, { headers: { authorization } })).json()) as unknown;
  const kinds = ['actions', 'packages', 'rules', 'triggers'].map(async (kind) => {
    const entities = (await ask(`${file.apihost}/api/v1/namespaces/_/${kind}`)) as { name: string }[];
    return entities.map(({ name }) => `${kind}/${name}`);
  });
  const query = `accesstoken=x&spaceguid=${auth.split(':')[0]}&basepath=/every`;
  const { apis } = (await ask(`${file.apihost}/api/v1/web/whisk.system/apimgmt/getApi.http?${query}`)) as {
    apis: { value: { apidoc: { paths: Record<string, object> } } }[];
  };
  const operations = apis.flatMap(({ value }) =>
    Object.entries(value.apidoc.paths).flatMap(([place, verbs]) =>
      Object.keys(verbs).map((verb) => `apis/${verb.toUpperCase()} ${place}`),
    ),
  );
  const { items = [] } = (await ask(`${file.storageEndpoint}/storage/v1/b`)) as { items?: { name: string }[] };
  return [...(await Promise.all(kinds)).flat(), ...operations, ...items.map(({ name }) => `buckets/${name}`)].sort();
}
