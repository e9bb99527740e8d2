import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { parseConfig } from '../../infra/config';
import { isTarget, TARGETS } from '../../infra/config/targets/all-targets';

const PROJECT = path.resolve(__dirname, '../..');
const stackFile = z.object({ config: z.record(z.string(), z.string()) });
/** What the examples tell to set by `--secret`. */
const SECRETS = {
  auth: '23bc46b1-71f6-4ed5-8c54-816aa4f8c502:k',
  serviceAccountKey: JSON.stringify({ type: 'service_account', client_email: 'a@b', private_key: 'PEM' }),
};
/** Those without which a target cannot be. */
function secretsFor(target: string | undefined): Record<string, string> {
  const needed: readonly string[] = target !== undefined && isTarget(target) ? TARGETS[target].needed : [];
  const secrets = Object.entries(SECRETS).filter(([name]) => needed.includes(name));
  return Object.fromEntries(secrets.map(([name, value]) => [`pdfmagic:${name}`, value]));
}

const examples = readdirSync(PROJECT).flatMap((file) => /^Pulumi\.example-(\w+)\.yaml$/.exec(file)?.[1] ?? []);

describe('the stack configs to copy', () => {
  test('are there for each target away from this machine, and for Cloud Run', () => {
    const away = Object.keys(TARGETS).filter((name) => name !== 'local');
    expect(examples.sort()).toEqual([...away, 'cloudrun'].sort());
  });

  test.each(examples)('%s is accepted as it stands, with its secrets', (name) => {
    const text = readFileSync(path.join(PROJECT, `Pulumi.example-${name}.yaml`), 'utf8');
    const { config } = stackFile.parse(load(text));
    const secrets = secretsFor(config['pdfmagic:target']);
    const { student, target } = parseConfig({ ...config, ...secrets }, 'pdfmagic', 'dev');
    expect(student).toBe('ada');
    if (name !== 'cloudrun') expect(target).toBe(name);
  });
});
