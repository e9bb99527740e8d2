/** What providers would answer: the outputs that are not inputs, for the resources of the cloud targets. */
import type { Answers } from './recording';

/** The key of an account: `S3CRET-PEM-OF-convert`. */
const keyOf = (name: string) => ({
  type: 'service_account',
  client_email: `ada-${name}@lab.iam.gserviceaccount.com`,
  private_key: `S3CRET-PEM-OF-${name}`,
});

/** By type; what is not listed has no outputs of its own that the program reads. */
const OUTPUTS: Readonly<Record<string, (name: string, inputs: Record<string, unknown>) => Record<string, unknown>>> = {
  'random:index/randomUuid:RandomUuid': () => ({ result: '11111111-2222-4333-8444-555555555555' }),
  'random:index/randomPassword:RandomPassword': (name) => ({ result: `S3CRET-${name}`.padEnd(64, 'x') }),
  'random:index/randomId:RandomId': () => ({ hex: '1a2b3c4d' }),
  'gcp:organizations/getProject:getProject': () => ({ number: '123456789012' }),
  'tls:index/privateKey:PrivateKey': () => ({ privateKeyPem: 'S3CRET-PRIVATE-KEY' }),
  'tls:index/selfSignedCert:SelfSignedCert': () => ({ certPem: 'CA-CERTIFICATE' }),
  'tls:index/certRequest:CertRequest': () => ({ certRequestPem: 'REQUEST' }),
  'tls:index/locallySignedCert:LocallySignedCert': () => ({ certPem: 'SERVER-CERTIFICATE' }),
  'gcp:compute/address:Address': () => ({ address: '192.0.2.7' }),
  'gcp:serviceaccount/account:Account': (_name, { accountId }) => ({
    email: `${accountId}@lab.iam.gserviceaccount.com`,
    member: `serviceAccount:${accountId}@lab.iam.gserviceaccount.com`,
    name: `projects/lab/serviceAccounts/${accountId}`,
  }),
  'gcp:serviceaccount/key:Key': (name) => ({
    privateKey: Buffer.from(JSON.stringify(keyOf(name))).toString('base64'),
  }),
  'gcp:container/cluster:Cluster': () => ({
    endpoint: '198.51.100.9',
    selfLink: 'https://container.googleapis.com/v1/projects/lab/zones/z/clusters/ada',
    masterAuth: { clusterCaCertificate: 'Q0E=' },
  }),
  'pulumi-nodejs:dynamic/cluster-waits:ImageDigests': (_name, { images }) => ({
    digests: Object.fromEntries(Object.keys(Object(images)).map((name) => [name, `sha256:${'1'.repeat(64)}`])),
  }),
  'docker:index/image:Image': (_name, { imageName }) => ({ repoDigest: `${imageName}@sha256:0` }),
  'gcp:storage/bucketIAMMember:BucketIAMMember': () => ({ etag: 'e' }),
  'gcp:projects/serviceIdentity:ServiceIdentity': (name) => ({ member: `serviceAccount:agent-of-${name}` }),
  'gcp:storage/getProjectServiceAccount:getProjectServiceAccount': () => ({
    member: 'serviceAccount:agent-of-storage',
  }),
  'gcp:cloudrunv2/service:Service': (name) => ({ uri: `https://${name}.run.example` }),
  // Pulumi names what has no name.
  'kubernetes:core/v1:Secret': (name, { metadata }) => ({ metadata: { name: `${name}-1a2b3c`, ...Object(metadata) } }),
  'gcp:artifactregistry/repositoryIamMember:RepositoryIamMember': () => ({ etag: 'e' }),
};

export const answers: Answers = (type, name, inputs) => ({
  ...OUTPUTS[type]?.(name, inputs),
  ...(type.endsWith(':Action') || type.endsWith(':Api') ? { url: 'https://192.0.2.7/api/u/convert/pdf' } : {}),
});
