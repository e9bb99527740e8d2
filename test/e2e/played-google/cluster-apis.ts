/** The APIs that a cluster is made by: Compute Engine and Kubernetes Engine. Their operations are done when they are answered. */
import type { Answer, GoogleRequest, Json, PlayedGoogle } from './google';
import { countVcpus } from './strictness';

const SELF = 'https://www.googleapis.com/compute/v1';
const done = (kind: string, path: string): Json => ({
  kind,
  name: 'operation-done',
  status: 'DONE',
  selfLink: `${SELF}/${path}/operation-done`,
});

/** https://cloud.google.com/compute/docs/reference/rest/beta */
export function compute(google: PlayedGoogle, request: GoogleRequest): Answer {
  const { method, path, body } = request;
  const key = `compute/${path}`;
  const operation = done('compute#operation', path);
  if (path.endsWith('/regions')) return { items: [{ name: 'europe-west1' }] };
  if (path.endsWith('/instanceGroupManagers')) return { items: groupsOf(google) };
  if (path.endsWith('/setLabels')) {
    const labelled = key.replace(/\/setLabels$/, '');
    google.create(labelled, { ...google.resources.get(labelled), labels: body.labels });
    return operation;
  }
  if (method === 'POST') {
    const made = {
      id: google.unique().replace(/\D/g, ''),
      selfLink: `${SELF}/${path}/${body.name}`,
      fingerprint: 'AA==',
    };
    const address = path.endsWith('/addresses')
      ? { address: google.places.address, status: 'RESERVED', labelFingerprint: 'AA==' }
      : {};
    google.create(`${key}/${body.name}`, { ...body, ...made, ...address });
    return operation;
  }
  const answer = google.byKey(request, key);
  return answer === undefined || method === 'GET' ? answer : operation;
}

function isPrivate(cluster: Json): boolean {
  return Object(cluster.privateClusterConfig).enablePrivateNodes === true;
}

/** The machines of the node pools: one each. */
function groupsOf(google: PlayedGoogle): Json[] {
  const urls = [...google.resources].flatMap(([key, { instanceGroupUrls }]) =>
    key.startsWith('container/') && Array.isArray(instanceGroupUrls) ? instanceGroupUrls.map(String) : [],
  );
  return urls.map((selfLink) => ({ name: selfLink.split('/').at(-1), selfLink, targetSize: 1 }));
}

/** https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1beta1 */
export function container(google: PlayedGoogle, request: GoogleRequest): Answer {
  const { method, path, body } = request;
  const key = `container/${path}`;
  const operation = done('container#operation', path);
  if (path.includes('/operations/')) return operation;
  if (method === 'POST' && path.endsWith('/clusters')) {
    const cluster: Json = Object(body.cluster);
    const name = String(cluster.name);
    const refused = google.rules?.judgeMachines(countVcpus({}), !isPrivate(cluster));
    if (refused !== undefined) return refused;
    // Its own pool, which is to be removed.
    google.create(`${key}/${name}/nodePools/default-pool`, { name: 'default-pool', status: 'RUNNING' });
    google.create(`${key}/${name}`, {
      ...cluster,
      // Where Google tells of them; the request has them beside it.
      networkConfig: { ...Object(cluster.networkConfig), network: cluster.network, subnetwork: cluster.subnetwork },
      status: 'RUNNING',
      location: path.split('/')[3],
      endpoint: google.places.endpoint,
      masterAuth: { clusterCaCertificate: btoa(google.places.ca) },
      selfLink: `https://container.googleapis.com/v1beta1/${path}/${name}`,
      currentMasterVersion: '1.34.4',
    });
    return operation;
  }
  if (method === 'POST' && path.endsWith('/nodePools')) {
    const pool: Json = Object(body.nodePool);
    const present = [...google.resources].filter(([name]) => name.startsWith(`${key}/`)).map(([, each]) => each);
    const vcpus = [pool, ...present].reduce((sum, each) => sum + countVcpus(each), 0);
    const cluster = google.resources.get(key.replace(/\/nodePools$/, ''));
    const refused = google.rules?.judgeMachines(vcpus, !isPrivate(cluster ?? {}));
    if (refused !== undefined) return refused;
    const group = `${SELF}/${path.replace(/locations\/([^/]+)\/.*$/, 'zones/$1')}/instanceGroupManagers/${pool.name}`;
    google.create(`${key}/${pool.name}`, { ...pool, status: 'RUNNING', instanceGroupUrls: [group], version: '1.34.4' });
    return operation;
  }
  if (path.endsWith('/nodePools')) {
    return { nodePools: [...google.resources].filter(([name]) => name.startsWith(`${key}/`)).map(([, pool]) => pool) };
  }
  if (method === 'PUT') return operation;
  const answer = google.byKey(request, key);
  return answer === undefined || method === 'GET' ? answer : operation;
}
