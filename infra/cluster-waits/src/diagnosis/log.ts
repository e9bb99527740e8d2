/** The last words of a container, without what looks like a secret. */
import type { V1Pod } from '@kubernetes/client-node';
import type { Cluster } from '../cluster/connect';

const LINES = 5;
const LINE_LENGTH = 300;

/** The last lines of a container's log, one string, indented; empty when there is none. Never throws. */
export async function readLastLines(pod: V1Pod, container: string, { core, namespace }: Cluster): Promise<string> {
  try {
    const name = pod.metadata?.name ?? '';
    const log = await core.readNamespacedPodLog({ name, namespace, container, tailLines: LINES });
    const lines = String(log).trim().split('\n').slice(-LINES);
    return lines.map((line) => withoutSecrets(line).slice(0, LINE_LENGTH)).join('\n      ');
  } catch {
    return '';
  }
}

/** Blanks passwords in URLs, authorization headers, and texts as long and as mixed as keys are. */
export function withoutSecrets(line: string): string {
  return line
    .replace(/(\w:\/\/[^\s:/@]*):[^\s@/]+@/g, '$1:[hidden]@')
    .replace(/\b(Basic|Bearer)\s+[\w+/=.~-]+/gi, '$1 [hidden]')
    .replace(/[A-Za-z0-9+/_-]{24,}={0,2}/g, (text) => (isMixed(text) ? '[hidden]' : text));
}

/** A random text of this length has all three; a path, a name or a hexadecimal digest does not. */
function isMixed(text: string): boolean {
  return /[A-Z]/.test(text) && /[a-z]/.test(text) && /\d/.test(text);
}
