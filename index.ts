import { readConfig } from './infra/config';
import { describeOpenWhisk } from './infra/service/outputs';
import { PdfMagic } from './infra/service/pdfmagic';
import { buildRuntime } from './infra/service/runtime';
import { deployCloudRun, isCloudRun } from './infra/targets/cloudrun/cloud-run';
import { openPlatform } from './infra/targets/targets';

/** PDFMagic as a Pulumi program: config -> platform -> runtime -> PDFMagic -> outputs. */
export = async function program() {
  const config = readConfig();
  if (isCloudRun(config)) return deployCloudRun(config);
  const platform = await openPlatform(config);
  const runtime = await buildRuntime(platform);
  const pdfmagic = new PdfMagic(config.student, { platform, runtime, adopt: config.adopt });
  return describeOpenWhisk(config, platform, pdfmagic);
};
