/** The page on Cloud Run: its promises that another server, another host or another path could break. */
import { afterAll, beforeAll, describe } from 'vitest';
import { findBrowser } from './browser';
import { promiseAlbum } from './promises/album';
import { promiseBuckets } from './promises/buckets';
import { promisePolicy } from './promises/policy';
import { promiseSettings } from './promises/settings';
import { promiseTelling } from './promises/telling';
import { Stage } from './stage';

const { present, unless } = findBrowser();
const stage = new Stage('cloudrun');
afterAll(() => stage.close());

describe.runIf(present)(`the page on Cloud Run, in a browser${unless}`, () => {
  beforeAll(() => stage.start());
  describe('the PDFs are as chosen', () => promiseSettings(stage));
  describe('one PDF of all', () => promiseAlbum(stage));
  describe('large photographs go by buckets', () => promiseBuckets(stage));
  describe('the page tells', () => promiseTelling(stage));
  describe('nothing else runs', () => promisePolicy(stage));
});
