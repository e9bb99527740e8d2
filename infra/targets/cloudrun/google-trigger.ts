/** Eventarc: each new file of the in bucket is a CloudEvent to a service. https://cloud.google.com/eventarc/docs/run/route-trigger-cloud-storage */
import * as gcp from '@pulumi/gcp';
import type * as pulumi from '@pulumi/pulumi';
import { EVENTS_PATH } from '../../../contract/names';
import { fitName, type GoogleCloud, type InRegion } from '../../parts/google-cloud';
import { letInvoke } from './invoker';

const NEW_FILE = 'google.cloud.storage.object.v1.finalized';

/** Makes the trigger, its identity, and what Google's own agents need for it. */
export function deliverNewFiles(
  cloud: GoogleCloud<InRegion>,
  bucket: pulumi.Input<string>,
  service: gcp.cloudrunv2.Service,
): gcp.eventarc.Trigger {
  const { student, project, region } = cloud.config;
  const agents = prepareAgents(cloud);
  const account = new gcp.serviceaccount.Account(
    'events',
    { accountId: fitName(30, student, 'events'), displayName: `Eventarc of PDFMagic of ${student}` },
    cloud.options('iam'),
  );
  const receives = new gcp.projects.IAMMember(
    'eventarc-receives',
    { project, role: 'roles/eventarc.eventReceiver', member: account.member },
    cloud.options('cloudresourcemanager'),
  );
  const invokes = letInvoke(cloud, 'eventarc-invokes', service, account.member);
  const options = cloud.options('eventarc', 'pubsub');
  return new gcp.eventarc.Trigger(
    'new-file',
    {
      name: fitName(63, student, 'new-file'),
      project,
      // That of the bucket.
      location: region,
      matchingCriterias: [
        { attribute: 'type', value: NEW_FILE },
        { attribute: 'bucket', value: bucket },
      ],
      destination: { cloudRunService: { service: service.name, region, path: EVENTS_PATH } },
      serviceAccount: account.email,
      labels: cloud.labels,
    },
    { ...options, dependsOn: [...options.dependsOn, ...agents, receives, invokes] },
  );
}

/**
 * Google's agents of Eventarc and Cloud Storage: a project's first trigger fails without these rights. They stay after a destroy,
 * as the APIs do: agents belong to the project, and other triggers in it need the same rights.
 */
function prepareAgents(cloud: GoogleCloud): pulumi.Resource[] {
  const { project } = cloud.config;
  const options = { ...cloud.options('cloudresourcemanager'), retainOnDelete: true };
  const eventarc = new gcp.projects.ServiceIdentity(
    'eventarc',
    { project, service: 'eventarc.googleapis.com' },
    cloud.options('eventarc'),
  );
  const storage = cloud.ask(['storage'], (asking) => gcp.storage.getProjectServiceAccount({ project }, asking));
  return [
    new gcp.projects.IAMMember(
      'eventarc-agent',
      { project, role: 'roles/eventarc.serviceAgent', member: eventarc.member },
      options,
    ),
    new gcp.projects.IAMMember(
      'storage-agent-publishes',
      { project, role: 'roles/pubsub.publisher', member: storage.member },
      options,
    ),
  ];
}
