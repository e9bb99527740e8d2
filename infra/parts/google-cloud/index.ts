/** What every stack on Google Cloud is made with: see README.md. */

export { grantConversion, makeBuckets } from './buckets';
export { alertOnBudget } from './budget';
export { type GoogleCloud, type GoogleCloudArgs, type InRegion, openGoogleCloud } from './google-cloud';
export { mirrorDockerHub } from './hub-mirror';
export { checkCredentials, checkDockerEngine, type Lack, type Machine, refuse, thisMachine } from './machine';
export { fitName } from './names';
export { askProjectNumber } from './project-number';
export { makeRegistry } from './registry';
export { nameRegistryHost } from './registry-readers';
export { makeServiceAccountKey } from './service-account-key';
export { makeSigner } from './signer';
export { makeStorage } from './storage';
