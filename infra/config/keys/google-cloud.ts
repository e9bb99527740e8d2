/** Keys of what is created on Google Cloud. */
import { z } from 'zod';
import { type ConfigKey, trueOrFalse, wholeNumber } from '../key';
import type { Reader } from '../reader';

const machineType = z.string().regex(/^[a-z][a-z0-9]*-[a-z0-9]+(-[a-z0-9]+)*$/);
const MACHINE = 'a Compute Engine machine type of the zone';
/** What all keys of the cluster have in common. */
const NODES = { platform: 'openwhisk' } as const satisfies Partial<ConfigKey>;

export const GOOGLE_CLOUD_KEYS = {
  project: {
    schema: z.string().regex(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/),
    allowed: 'the id of a Google Cloud project with billing',
    note:
      'On `gke`, gcp:project is used if this is not set. On other targets it is the project of the input bucket, and setting ' +
      'it turns [events](parts/events/README.md) on.',
    example: 'ada-lab-123456',
  },
  zone: {
    schema: z.string().regex(/^[a-z]+-[a-z]+\d{1,2}-[a-z]$/),
    allowed: 'a Google Cloud zone (gcp:zone is taken when this is not set)',
    note: 'Prices differ by region.',
    example: 'europe-west1-b',
    default: 'europe-west1-b',
  },
  dnsName: {
    ...NODES,
    schema: z
      .string()
      .max(253)
      .regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/),
    allowed:
      'a DNS name for the API host, whose A record you set to the output `address`; without it, callers use the address itself',
    example: 'ada.lab.example.org',
  },
  coreMachineType: {
    ...NODES,
    schema: machineType,
    allowed: `${MACHINE}: OpenWhisk itself then has a node of its own, of this type; without it, it shares the invoker nodes`,
    note: 'One more machine. A free trial has 8 vCPU in all.',
    example: 'e2-standard-4',
  },
  invokerMachineType: {
    ...NODES,
    schema: machineType,
    allowed: `${MACHINE}, for the containers of actions, and for OpenWhisk itself unless coreMachineType is set`,
    note: '4 vCPU and 16 GB by default; 8 GB are too few. Machines are by far the largest cost.',
    example: 'e2-standard-4',
    default: 'e2-standard-4',
  },
  diskSize: {
    ...NODES,
    schema: wholeNumber(20, 65_536),
    allowed: 'GB of disk of each node, 20 to 65536',
    note: 'Balanced disks; the default costs some 5 USD a month for each node.',
    example: '50',
    default: '50',
  },
  invokerNodesMin: {
    ...NODES,
    schema: wholeNumber(1, 100),
    allowed: 'the fewest invoker nodes, 1 to 100',
    note: 'Each node costs its machine, disk and address.',
    example: '1',
    default: '1',
  },
  invokerNodesMax: {
    ...NODES,
    schema: wholeNumber(1, 100),
    allowed: 'the most invoker nodes, at least invokerNodesMin',
    note: 'A second node is used only if `invokerMemory` does not fit on one.',
    example: '3',
    default: '1',
  },
  invokerSpot: {
    ...NODES,
    schema: trueOrFalse,
    allowed: 'true: invoker nodes are spot machines, which Google may take away at any time; false, the default',
    note: 'Spot machines cost less than half. Without coreMachineType, OpenWhisk runs on them too and is then down for some minutes; nothing is lost.',
    example: 'true',
    default: 'false',
  },
  privateNodes: {
    ...NODES,
    schema: trueOrFalse,
    allowed: 'true: nodes have no external address, and reach the internet by a NAT gateway; false, the default',
    note: 'For organizations that allow no external addresses. The gateway costs 0.0014 USD an hour for each node, 0.005 for its address, and 0.045 per GiB.',
    example: 'true',
    default: 'false',
  },
  expires: {
    // A day that the calendar has.
    schema: z.iso.date(),
    allowed: 'the day after which the stack should be gone, YYYY-MM-DD: a label on everything that costs money',
    note: 'The label helps to find forgotten stacks. It deletes nothing.',
    example: '2027-01-31',
  },
  billingAccount: {
    schema: z.string().regex(/^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$/),
    allowed: 'the billing account that gets a budget alert, XXXXXX-XXXXXX-XXXXXX; without it there is no alert',
    note: 'Its administrators get an alert at 50, 90 and 100 % of the `budget`. The alert stops nothing.',
    example: '01ABCD-234567-89EF01',
  },
  budget: {
    schema: wholeNumber(1, 1_000_000),
    allowed: "the monthly budget for the alert, in the billing account's currency",
    example: '20',
    default: '50',
  },
} as const satisfies Record<string, ConfigKey>;

type Read = Reader<keyof typeof GOOGLE_CLOUD_KEYS>;

/** What an alert is about: an amount of the account's currency, a month. */
export type BudgetConfig = Readonly<NonNullable<ReturnType<typeof readBudget>>>;

/** Where on Google Cloud, by which name, and until when. */
export function readGoogleCloud(read: Read) {
  const zone = read.text('zone');
  return {
    project: read.text('project'),
    /** E.g. `europe-west1-b`; the region is `europe-west1`. */
    zone,
    region: zone.slice(0, zone.lastIndexOf('-')),
    dnsName: read.maybe('dnsName'),
    /** `YYYY-MM-DD`, a label on what costs. */
    expires: read.maybe('expires'),
  };
}

/** Machines of a cluster. */
export function readNodes(read: Read) {
  return {
    /** Undefined: OpenWhisk itself is on the invoker nodes. */
    coreMachineType: read.maybe('coreMachineType'),
    invokerMachineType: read.text('invokerMachineType'),
    /** GB. */
    diskSize: read.number('diskSize'),
    invokerNodesMin: read.number('invokerNodesMin'),
    invokerNodesMax: read.number('invokerNodesMax'),
    invokerSpot: read.flag('invokerSpot'),
    /** Whether nodes have no external address. */
    privateNodes: read.flag('privateNodes'),
  };
}

/** Reads {@link BudgetConfig}; undefined without a billing account. */
export function readBudget(read: Read) {
  const billingAccount = read.maybe('billingAccount');
  return billingAccount === undefined ? undefined : { billingAccount, amount: read.number('budget') };
}
