/** The APIs, by the first label of their host. Forms: https://cloud.google.com/apis/docs/overview */
import { generateKeyPairSync } from 'node:crypto';
import { compute, container } from './cluster-apis';
import { type Answer, type GoogleRequest, isRefused, type Json, type PlayedGoogle } from './google';
import { refuse } from './refuse';

type Api = (google: PlayedGoogle, request: GoogleRequest) => Answer;

const NUMBER = '123456789012';
const STORAGE_AGENT = `service-${NUMBER}@gs-project-accounts.iam.gserviceaccount.com`;
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
    google.rules?.note(`account ${email}`);
    return done({
      '@type': 'type.googleapis.com/google.api.serviceusage.v1beta1.ServiceIdentity',
      email,
      uniqueId: '1',
    });
  }
  if (method === 'POST') {
    const names = Array.isArray(body.serviceIds) ? body.serviceIds : [service];
    for (const name of names) {
      google.enabled.add(String(name));
      google.rules?.note(`api ${name}`);
    }
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
    google.rules?.note(`account ${STORAGE_AGENT}`);
    return { email_address: STORAGE_AGENT };
  }
  if (method === 'POST' && path === 'b') {
    const known = { projectNumber: NUMBER, metageneration: '1', timeCreated: NOW, updated: NOW };
    return google.create(`storage/b/${body.name}`, { ...body, ...known, id: body.name, selfLink: `b/${body.name}` });
  }
  if (method === 'POST' && path.endsWith('/notificationConfigs')) {
    const topic = String(body.topic).replace(/^\/\/pubsub.googleapis.com\//, '');
    if (google.rules?.holds(`serviceAccount:${STORAGE_AGENT} roles/pubsub.publisher pubsub/${topic}`) === false)
      return refuse(
        403,
        `The service account '${STORAGE_AGENT}' does not have permission to publish messages to to the Cloud Pub/Sub topic '//pubsub.googleapis.com/${topic}', or that topic does not exist.`,
      );
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
    google.rules?.note(`account ${email}`);
    const account = { ...Object(body.serviceAccount), name, email, projectId: project, uniqueId: google.unique() };
    return google.create(`${key}/${email}`, account);
  }
  if (method === 'POST' && path.endsWith('/keys')) {
    const id = google.unique();
    const privateKeyData = Buffer.from(JSON.stringify(newKey(google, path, id))).toString('base64');
    const made = { name: `${path}/${id}`, keyAlgorithm: 'KEY_ALG_RSA_2048', validAfterTime: NOW, validBeforeTime: NOW };
    google.create(`${key}/${id}`, { ...made, publicKeyData: '' });
    return { ...made, privateKeyData };
  }
  return google.byKey(request, key);
};

/** Keys are signed with, so they are real; that a token for one is to be had, is noted. */
function newKey(google: PlayedGoogle, path: string, id: string): Json {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  google.rules?.note(`key ${id}`);
  google.newestKey = id;
  return {
    type: 'service_account',
    client_email: path.split('/').at(-2),
    private_key_id: id,
    private_key: privateKey,
    token_uri: 'https://oauth2.googleapis.com/token',
  };
}

/** https://datatracker.ietf.org/doc/html/rfc7523: whose key it is, is not looked at. */
const oauth2: Api = (google) =>
  google.rules?.holds(`key ${google.newestKey}`) === false
    ? { status: 400, body: { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' } }
    : { access_token: 'token-of-a-key', expires_in: 3600, token_type: 'Bearer' };

/** A trigger needs rights of Google's agents, in the project. */
const eventarcTriggers = regional('triggerId', (name) => ({
  transport: { pubsub: { subscription: `eventarc-${name}` } },
}));
const eventarc: Api = (google, request) => {
  const project = `cloudresourcemanager/projects/${request.path.split('/')[1]}`;
  const agent = `serviceAccount:service-${NUMBER}@gcp-sa-eventarc.iam.gserviceaccount.com`;
  if (request.method === 'POST' && google.rules !== undefined) {
    if (!google.rules.holds(`${agent} roles/eventarc.serviceAgent ${project}`))
      return refuse(
        400,
        'Invalid resource state for "": Permission denied while using the Eventarc Service Agent. If you recently started to use Eventarc, it may take a few minutes before all necessary permissions are propagated to the Service Agent. Otherwise, verify that it has Eventarc Service Agent role.',
      );
    if (!google.rules.holds(`serviceAccount:${STORAGE_AGENT} roles/pubsub.publisher ${project}`))
      return refuse(
        400,
        'Invalid resource state for "": The Cloud Storage service account for your bucket is unable to publish to Cloud Pub/Sub topics in the specified project.',
      );
  }
  return eventarcTriggers(google, request);
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
  eventarc,
  oauth2,
  // Docker Hub, which has every image.
  'registry-1': (_google, { path }) => (path.includes('/manifests/') ? { schemaVersion: 2, config: path } : {}),
};
