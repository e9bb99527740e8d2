#!/usr/bin/env node
// The command `pdfmagic`, from any folder. It runs the compiled form of its TypeScript (compile/README.md).
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
require('../compile/register.js');
require('./main.ts');
