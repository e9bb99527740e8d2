/** Keys of what is made on Google Cloud. infra/README.md says what each costs. */
import { z } from 'zod';
import { type ConfigKey, wholeNumber } from '../key';

const machineType = z.string().regex(/^[a-z][a-z0-9]*-[a-z0-9]+(-[a-z0-9]+)*$/);
const MACHINE = 'a Compute Engine machine type of the zone';

/** A day that the calendar has. */
const day = z.iso.date();

export const GOOGLE_CLOUD_KEYS = {
  project: {
    schema: z.string().regex(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/),
    allowed:
      'the id of a Google Cloud project with billing (target gke: gcp:project is taken when this is not set; others: the ' +
      'project of the in bucket, whose new files then fire the trigger)',
    example: 'ada-lab-123456',
    needed: ['gke'],
    optional: ['existing', 'kubernetes'],
  },
  zone: {
    schema: z.string().regex(/^[a-z]+-[a-z]+\d{1,2}-[a-z]$/),
    allowed: 'a Google Cloud zone (gcp:zone is taken when this is not set)',
    example: 'europe-west1-b',
    default: 'europe-west1-b',
    needed: [],
    optional: ['gke'],
  },
  dnsName: {
    schema: z
      .string()
      .max(253)
      .regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/),
    allowed:
      'a DNS name for the API host, whose A record you set to the output `address`; without it the address serves',
    example: 'ada.lab.example.org',
    platform: 'openwhisk',
    needed: [],
    optional: ['gke'],
  },
  coreMachineType: {
    schema: machineType,
    allowed: `${MACHINE}, for OpenWhisk itself`,
    example: 'e2-standard-4',
    default: 'e2-standard-4',
    platform: 'openwhisk',
    needed: [],
    optional: ['gke'],
  },
  invokerMachineType: {
    schema: machineType,
    allowed: `${MACHINE}, for the containers of actions`,
    example: 'e2-standard-4',
    default: 'e2-standard-4',
    platform: 'openwhisk',
    needed: [],
    optional: ['gke'],
  },
  diskSize: {
    schema: wholeNumber(20, 65_536),
    allowed: 'GB of disk of each node, 20 to 65536',
    example: '50',
    default: '50',
    platform: 'openwhisk',
    needed: [],
    optional: ['gke'],
  },
  invokerNodesMin: {
    schema: wholeNumber(1, 100),
    allowed: 'least number of invoker nodes, 1 to 100',
    example: '1',
    default: '1',
    platform: 'openwhisk',
    needed: [],
    optional: ['gke'],
  },
  invokerNodesMax: {
    schema: wholeNumber(1, 100),
    allowed: 'greatest number of invoker nodes, not below the least',
    example: '3',
    default: '2',
    platform: 'openwhisk',
    needed: [],
    optional: ['gke'],
  },
  invokerSpot: {
    schema: z.enum(['true', 'false']),
    allowed: 'true: invoker nodes are spot machines, cheaper and taken away at times; false, the default',
    example: 'true',
    default: 'false',
    platform: 'openwhisk',
    needed: [],
    optional: ['gke'],
  },
  expires: {
    schema: day,
    allowed: 'the day after which the stack should be gone, YYYY-MM-DD: a label on all that costs',
    example: '2027-01-31',
    needed: [],
    optional: ['gke'],
  },
  billingAccount: {
    schema: z.string().regex(/^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$/),
    allowed: 'the billing account that gets a budget alert, XXXXXX-XXXXXX-XXXXXX; without it there is none',
    example: '01ABCD-234567-89EF01',
    needed: [],
    optional: ['gke'],
  },
  budget: {
    schema: wholeNumber(1, 1_000_000),
    allowed: "units of the billing account's currency a month that the alert is about",
    example: '20',
    default: '50',
    needed: [],
    optional: ['gke'],
  },
} as const satisfies Record<string, ConfigKey>;
