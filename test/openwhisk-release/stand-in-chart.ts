/** A chart with the few files that the program itself reads, for tests that do not install it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { hashChart, readChartFolder } from '../../infra/parts/openwhisk-release/chart-content';

const IMAGE = { prefix: 'openwhisk', name: 'action-swift-v5.1', tag: '1.17.0' };
/** As the chart has them, in short. */
export const RUNTIMES = {
  runtimes: {
    nodejs: [{ kind: 'nodejs:14', default: true, image: { ...IMAGE, name: 'action-nodejs-v14' } }],
    swift: [{ kind: 'swift:5.1', default: true, image: IMAGE }],
  },
};

/** Writes it; what has to be configured for it, and how it is removed. */
export function writeStandInChart() {
  const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-chart-'));
  writeFileSync(path.join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: openwhisk\nversion: 1.0.1\n');
  writeFileSync(path.join(folder, 'runtimes.json'), JSON.stringify(RUNTIMES));
  return {
    config: { chart: folder, chartSha256: hashChart(readChartFolder(folder)) },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
