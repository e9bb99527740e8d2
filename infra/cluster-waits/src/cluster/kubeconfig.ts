/** A kubeconfig file of the user's, cut to what a stack needs. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';

/** What a user can do, in sentences: parts of the errors. */
export interface KubeconfigHints {
  readonly otherFile: string;
  readonly otherContext: string;
}

/**
 * The content of a kubeconfig with one context only, files it names by absolute path.
 * Format: https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
 * @param context the current one of the file when undefined
 * @throws Error when the file cannot be read, is not a kubeconfig, or has no such context
 */
export function readKubeconfig(file: string, context: string | undefined, hints: KubeconfigHints): string {
  const config = parse(file, hints);
  const name = context ?? config.getCurrentContext();
  const chosen = config.getContextObject(name);
  if (chosen === null) {
    const known = config.getContexts().map((each) => each.name);
    throw new Error(
      `The kubeconfig ${file} has no context ${JSON.stringify(name)}. It has: ${known.join(', ') || 'none'}. ${hints.otherContext}`,
    );
  }
  const cluster = config.getCluster(chosen.cluster);
  const user = config.getUser(chosen.user);
  if (cluster === null || user === null) {
    const what = cluster === null ? `cluster ${chosen.cluster}` : `user ${chosen.user}`;
    throw new Error(`The context ${name} of the kubeconfig ${file} names the ${what}, which is not in the file.`);
  }
  const cut = newKubeConfig();
  cut.loadFromOptions({ clusters: [cluster], users: [user], contexts: [chosen], currentContext: name });
  return cut.exportConfig();
}

function parse(file: string, hints: KubeconfigHints): KubeConfig {
  const config = newKubeConfig();
  const place = path.resolve(file.replace(/^~(?=\/)/, process.env.HOME ?? '~'));
  let text: string;
  try {
    text = readFileSync(place, 'utf8');
  } catch (error) {
    throw new Error(
      `The kubeconfig ${place} cannot be read (${error instanceof Error ? error.message : String(error)}). ${hints.otherFile}`,
    );
  }
  try {
    config.loadFromString(text);
    config.makePathsAbsolute(path.dirname(place));
  } catch (error) {
    // Only the first line: the parser then quotes the text, secrets and all.
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new Error(`${place} is not a kubeconfig: ${reason}`);
  }
  return config;
}

/** The client is loaded only here: its 800 files take a quarter of the time of a run that reads no kubeconfig. */
function newKubeConfig(): KubeConfig {
  const client: typeof import('@kubernetes/client-node') = require('@kubernetes/client-node');
  return new client.KubeConfig();
}
