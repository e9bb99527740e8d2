/** Who the nodes are: logs, metrics and pulling images, nothing else. The default account may edit the whole project. */
import * as gcp from '@pulumi/gcp';
import { fitName, type GoogleCloud } from '../../parts/google-cloud';

export interface NodeIdentity {
  readonly account: gcp.serviceaccount.Account;
  /** To be in place before the first node starts. */
  readonly grants: readonly gcp.projects.IAMMember[];
}

export function makeNodeIdentity(cloud: GoogleCloud): NodeIdentity {
  const { student, project } = cloud.config;
  const options = cloud.options('iam', 'cloudresourcemanager');
  const account = new gcp.serviceaccount.Account(
    'node',
    { accountId: fitName(30, student, 'pdfmagic-node'), displayName: `Nodes of PDFMagic of ${student}` },
    options,
  );
  const grant = new gcp.projects.IAMMember(
    'node-default',
    { project, role: 'roles/container.defaultNodeServiceAccount', member: account.member },
    options,
  );
  return { account, grants: [grant] };
}
