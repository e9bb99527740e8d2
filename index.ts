import { deployCloudRun, isCloudRun } from './infra/cloud-run';
import { describeCloudRun } from './infra/cloud-run-outputs';
import { readConfig } from './infra/config';
import { describe } from './infra/outputs';
import { PdfMagic } from './infra/pdfmagic';
import { openPlatform } from './infra/platform';
import { buildRuntime } from './infra/runtime';
import { createStorage } from './infra/storage';

/** PDFMagic as a Pulumi program: config -> platform -> storage -> runtime -> PDFMagic -> outputs. */
export = async function program() {
  const config = readConfig();
  if (isCloudRun(config)) return describeCloudRun(config, await deployCloudRun(config));
  const platform = await openPlatform(config);
  const storage = createStorage(config, platform);
  const runtime = buildRuntime(platform);
  const pdfmagic = new PdfMagic(config.student, { platform, storage, runtime, adopt: config.adopt });
  return describe(config, platform, storage, pdfmagic);
};
