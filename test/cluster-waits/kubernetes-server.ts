import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type {
  CoreV1Event,
  V1Job,
  V1Namespace,
  V1Node,
  V1ObjectMeta,
  V1PersistentVolume,
  V1PersistentVolumeClaim,
  V1Pod,
  V1Secret,
  V1Service,
} from '@kubernetes/client-node';

/** What the cluster holds; tests change it as they like. */
export interface ClusterState {
  readonly pods: V1Pod[];
  readonly jobs: V1Job[];
  readonly events: CoreV1Event[];
  readonly secrets: V1Secret[];
  readonly services: V1Service[];
  readonly persistentvolumeclaims: V1PersistentVolumeClaim[];
  readonly persistentvolumes: V1PersistentVolume[];
  readonly namespaces: V1Namespace[];
  readonly nodes: V1Node[];
  /** By `pod/container`. */
  readonly logs: Record<string, string>;
}

const PATH = /^\/(?:api|apis\/batch)\/v1(?:\/namespaces\/([^/]+))?\/(\w+)(?:\/([^/]+))?(\/log)?$/;

/** The few requests of a Kubernetes API server that the waits make. */
export class KubernetesServer {
  static readonly token = 'Bearer-Token-0123456789-abcdefghijklmnop';
  state: ClusterState = emptyCluster();
  /** While set, every request is answered by this status. */
  outage: number | undefined;
  readonly requests: { readonly path: string; readonly accept: string | undefined }[] = [];
  private readonly server = createServer((request, response) => {
    const { status, type = 'application/json', body } = this.answer(request);
    response.writeHead(status, { 'content-type': type }).end(typeof body === 'string' ? body : JSON.stringify(body));
  });

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Content of a kubeconfig with the token. */
  get kubeconfig(): string {
    return kubeconfigFor(`http://127.0.0.1:${(this.server.address() as AddressInfo).port}`);
  }

  private answer(request: IncomingMessage): Answer {
    const url = new URL(request.url ?? '', 'http://cluster');
    this.requests.push({ path: url.pathname, accept: request.headers.accept });
    if (request.headers.authorization !== `Bearer ${KubernetesServer.token}`) return refusal(401, 'Unauthorized');
    if (this.outage !== undefined) return refusal(this.outage, 'the server is currently unable to handle the request');
    const [, namespace, kind = '', name, log] = PATH.exec(url.pathname) ?? [];
    if (log !== undefined) return this.log(`${name}/${url.searchParams.get('container')}`);
    const list = (Object.entries(this.state) as [string, Item[]][]).find(([key]) => key === kind)?.[1];
    if (list === undefined) return refusal(404, `no such resource: ${url.pathname}`);
    const items = list.filter(({ metadata }) => namespace === undefined || metadata?.namespace === namespace);
    if (name === undefined) {
      const selected = items.filter(selectedBy(url.searchParams.get('labelSelector')));
      // As the real server does for an empty list of metadata alone.
      const none = selected.length === 0 && request.headers.accept?.includes('as=PartialObjectMetadataList');
      return { status: 200, body: { items: none ? null : selected } };
    }
    const found = items.find(({ metadata }) => metadata?.name === name);
    return found === undefined ? refusal(404, `${kind} "${name}" not found`) : { status: 200, body: found };
  }

  private log(container: string): Answer {
    const text = this.state.logs[container];
    return text === undefined
      ? refusal(400, 'container is waiting to start')
      : { status: 200, type: 'text/plain', body: text };
  }
}

interface Answer {
  readonly status: number;
  readonly type?: string;
  readonly body: object | string;
}

interface Item {
  readonly metadata?: V1ObjectMeta;
}

/** A kubeconfig for an API server at this URL. */
export function kubeconfigFor(server: string, user: object = { token: KubernetesServer.token }): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  });
}

/** A cluster with nothing in it. */
export function emptyCluster(): ClusterState {
  return {
    ...{ pods: [], jobs: [], events: [], secrets: [], services: [], persistentvolumeclaims: [] },
    ...{ persistentvolumes: [], namespaces: [], nodes: [], logs: {} },
  };
}

function selectedBy(selector: string | null) {
  const wanted = selector === null ? [] : selector.split(',').map((pair) => pair.split('='));
  return ({ metadata }: Item) => wanted.every(([key = '', value]) => metadata?.labels?.[key] === value);
}

/** As an API server says no: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
function refusal(code: number, message: string): Answer {
  return { status: code, body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, code } };
}
