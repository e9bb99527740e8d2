/** All promises of parity, on one deployment to each platform: deploying takes longer than most of the tests. */
import { describe } from 'vitest';
import { deployBoth } from './platforms';
import { promiseFiles } from './promises/files';
import { promisePage } from './promises/page';
import { promiseRequests } from './promises/requests';

const both = deployBoth();

// The first one counts all objects of the buckets.
describe('requests', () => promiseRequests(both));
describe('the page', () => promisePage(both));
describe('files', () => promiseFiles(both));
