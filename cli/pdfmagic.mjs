#!/usr/bin/env node
// The command `pdfmagic`, from any folder: its TypeScript is run as it is, by tsx, which would else look for a tsconfig there.
import { fileURLToPath } from 'node:url';

process.env.TSX_TSCONFIG_PATH = fileURLToPath(new URL('../tsconfig.json', import.meta.url));
await import('tsx');
delete process.env.TSX_TSCONFIG_PATH;
await import('./main.ts');
