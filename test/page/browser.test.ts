import { afterAll, beforeAll, describe } from 'vitest';
import { findBrowser } from './browser';
import { promiseAccess } from './promises/access';
import { promiseAlbum, promiseAlbumOnPage } from './promises/album';
import { promiseBuckets } from './promises/buckets';
import { promiseChoosing } from './promises/choosing';
import { promiseOrdering } from './promises/ordering';
import { promisePolicy } from './promises/policy';
import { promiseProgress } from './promises/progress';
import { promiseSettings, promiseSettingsOnPage } from './promises/settings';
import { promiseTaking } from './promises/taking';
import { promiseTelling, promiseTellingOnPage } from './promises/telling';
import { promiseTrouble } from './promises/trouble';
import { Stage } from './stage';

/** All promises of the page, on one platform and in one browser: starting them takes longer than most of the tests. */
const { present, unless } = findBrowser();
const stage = new Stage();
afterAll(() => stage.close());

describe.runIf(present)(`the page in a browser${unless}`, () => {
  beforeAll(() => stage.start());
  describe('photographs are chosen', () => promiseChoosing(stage));
  describe('the PDFs are as chosen', () => {
    promiseSettings(stage);
    promiseSettingsOnPage(stage);
  });
  describe('one PDF of all', () => {
    promiseAlbum(stage);
    promiseAlbumOnPage(stage);
  });
  describe('the order of the pages', () => promiseOrdering(stage));
  describe('PDFs are taken away', () => promiseTaking(stage));
  describe('progress is seen', () => promiseProgress(stage));
  describe('trouble is told', () => promiseTrouble(stage));
  describe('large photographs go by buckets', () => promiseBuckets(stage));
  describe('the page tells', () => {
    promiseTelling(stage);
    promiseTellingOnPage(stage);
  });
  describe('everybody can use it', () => promiseAccess(stage));
  describe('nothing else runs', () => promisePolicy(stage));
});
