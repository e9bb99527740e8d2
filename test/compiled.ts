import path from 'node:path';

/** What lets a program of a test load TypeScript: `node --require REGISTER file.ts`. The project's files are compiled already. */
export const REGISTER = path.resolve(__dirname, '../compile/register.js');
