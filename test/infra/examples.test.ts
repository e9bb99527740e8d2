import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { parseConfig } from '../../infra/config';

const PROJECT = path.resolve(__dirname, '../..');
const stackFile = z.object({ config: z.record(z.string(), z.string()) });
/** What the examples tell to set by `--secret`. */
const KEY = JSON.stringify({ type: 'service_account', client_email: 'a@b', private_key: 'PEM' });
const SECRETS: Readonly<Record<string, Record<string, string>>> = {
  existing: { 'pdfmagic:auth': '23bc46b1-71f6-4ed5-8c54-816aa4f8c502:k', 'pdfmagic:serviceAccountKey': KEY },
  kubernetes: { 'pdfmagic:serviceAccountKey': KEY },
};

const examples = readdirSync(PROJECT).flatMap((file) => /^Pulumi\.example-(\w+)\.yaml$/.exec(file)?.[1] ?? []);

describe('the stack configs to copy', () => {
  test('are there for each scenario away from this machine', () => {
    expect(examples.sort()).toEqual(['cloudrun', 'existing', 'gke', 'kubernetes']);
  });

  test.each(examples)('%s is accepted as it stands, with its secrets', (name) => {
    const text = readFileSync(path.join(PROJECT, `Pulumi.example-${name}.yaml`), 'utf8');
    const { config } = stackFile.parse(load(text));
    expect(parseConfig({ ...config, ...SECRETS[name] }, 'pdfmagic', 'dev').student).toBe('ada');
  });
});
