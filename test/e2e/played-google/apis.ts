/** The APIs, by the first label of their host. Forms: https://cloud.google.com/apis/docs/overview */
import { compute, container } from './cluster-apis';
import { type Answer, type GoogleRequest, isRefused, type Json, type PlayedGoogle } from './google';

type Api = (google: PlayedGoogle, request: GoogleRequest) => Answer;

const NUMBER = '123456789012';
const NOW = '2026-11-25T00:00:00Z';
/** A long-running operation that is done already. */
const done = (response: Json): Json => ({
  name: 'operations/done',
  done: true,
  response: { '@type': 'type', ...response },
});

const serviceusage: Api = (google, { method, path, body }) => {
  const [, service = ''] = /services\/([\w.]+):/.exec(path) ?? [];
  if (path.endsWith(':generateServiceIdentity')) {
    const email = `service-${NUMBER}@gcp-sa-${service.split('.')[0]}.iam.gserviceaccount.com`;
    return done({
      '@type': 'type.googleapis.com/google.api.serviceusage.v1beta1.ServiceIdentity',
      email,
      uniqueId: '1',
    });
  }
  if (method === 'POST') {
    const names = Array.isArray(body.serviceIds) ? body.serviceIds : [service];
    for (const name of names) google.enabled.add(String(name));
    return done({});
  }
  const services = [...google.enabled].map((name) => ({ name, state: 'ENABLED', config: { name } }));
  return path.endsWith('/services') ? { services } : done({});
};

const cloudresourcemanager: Api = (_google, { path }) => ({
  projectId: path.split('/')[1],
  projectNumber: NUMBER,
  lifecycleState: 'ACTIVE',
});

const storage: Api = (google, request) => {
  const { method, path, body } = request;
  if (path.endsWith('/serviceAccount')) {
    return { email_address: `service-${NUMBER}@gs-project-accounts.iam.gserviceaccount.com` };
  }
  if (method === 'POST' && path === 'b') {
    const known = { projectNumber: NUMBER, metageneration: '1', timeCreated: NOW, updated: NOW };
    return google.create(`storage/b/${body.name}`, { ...body, ...known, id: body.name, selfLink: `b/${body.name}` });
  }
  if (method === 'POST' && path.endsWith('/notificationConfigs')) {
    const id = google.unique();
    return google.create(`storage/${path}/${id}`, { ...body, id, selfLink: `${path}/${id}` });
  }
  if (path.endsWith('/o')) return { items: [] };
  const answer = google.byKey(request, `storage/${path}`);
  return method === 'DELETE' && answer !== undefined ? 'empty' : answer;
};

const iam: Api = (google, request) => {
  const { method, path, body } = request;
  // A project may be left out of an account's name: `-`.
  const key = `iam/${path.replace(/^projects\/[^/]+\//, '')}`;
  const [, project] = path.split('/');
  if (method === 'POST' && path.endsWith('/serviceAccounts')) {
    const email = `${body.accountId}@${project}.iam.gserviceaccount.com`;
    const name = `${path}/${email}`;
    const account = { ...Object(body.serviceAccount), name, email, projectId: project, uniqueId: google.unique() };
    return google.create(`${key}/${email}`, account);
  }
  if (method === 'POST' && path.endsWith('/keys')) {
    const id = google.unique();
    const privateKeyData = Buffer.from(JSON.stringify({ type: 'service_account' })).toString('base64');
    const made = { name: `${path}/${id}`, keyAlgorithm: 'KEY_ALG_RSA_2048', validAfterTime: NOW, validBeforeTime: NOW };
    google.create(`${key}/${id}`, { ...made, publicKeyData: '' });
    return { ...made, privateKeyData };
  }
  return google.byKey(request, key);
};

const pubsub: Api = (google, request) => {
  const key = `pubsub/${request.path}`;
  if (request.method === 'PUT') return google.create(key, { ...request.body, name: request.path });
  if (request.method === 'PATCH') {
    const sent = Object(request.body.subscription ?? request.body.topic);
    return google.create(key, { ...google.resources.get(key), ...sent });
  }
  return google.byKey(request, key);
};

const billingbudgets: Api = (google, request) => {
  const { method, path, body } = request;
  if (method !== 'POST') return google.byKey(request, `billingbudgets/${path}`);
  const name = `${path}/${google.unique()}`;
  return google.create(`billingbudgets/${name}`, { ...body, name });
};

/** APIs whose resources are made by an operation, with the id in the query. */
function regional(id: string, known: (name: string) => Json): Api {
  return (google, request) => {
    const { method, host, path, query, body } = request;
    if (path.includes('/operations/')) return done({});
    if (method === 'POST') {
      const name = String(query.get(id));
      const times = { createTime: NOW, updateTime: NOW, uid: google.unique(), etag: google.unique() };
      return done(
        google.create(`${host}/${path}/${name}`, { ...body, ...times, ...known(name), name: `${path}/${name}` }),
      );
    }
    const answer = google.byKey(request, `${host}/${path}`);
    return answer === undefined || answer === 'empty' || isRefused(answer) || method === 'GET' ? answer : done(answer);
  };
}

export const APIS: Readonly<Record<string, Api>> = {
  serviceusage,
  cloudresourcemanager,
  storage,
  iam,
  pubsub,
  compute,
  container,
  cloudbilling: () => ({ billingAccountName: 'billingAccounts/01ABCD-234567-89EF01', billingEnabled: true }),
  billingbudgets,
  artifactregistry: regional('repository_id', () => ({})),
  run: regional('serviceId', (name) => ({
    uri: `https://${name}.run.example`,
    terminalCondition: { type: 'Ready', state: 'CONDITION_SUCCEEDED' },
  })),
  eventarc: regional('triggerId', (name) => ({ transport: { pubsub: { subscription: `eventarc-${name}` } } })),
};
