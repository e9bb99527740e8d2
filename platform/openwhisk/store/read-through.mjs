/**
 * Opens the database in the directory that is the first argument, reads it from end to end, and tries to empty it. LMDB maps
 * the file into memory and trusts it, so a damaged one ends a process by a signal and without a word: then it is this one.
 * What it does not stumble over shows in its own counts and in the order of keys. Plain JavaScript, so that it starts at once.
 */
import { ABORT, compareKeys, open } from 'lmdb';

const root = open({ path: process.argv[2], maxDbs: 12, encoding: 'binary' });

/** @returns the keys of a table, all of whose values can be read */
function readThrough(table) {
  const { entryCount } = table.getStats();
  const keys = [];
  for (const { key, value } of table.getRange()) {
    const isOrdered = keys.length === 0 || compareKeys(keys.at(-1), key) < 0;
    if (!isOrdered || value === undefined) throw new Error('MDB_CORRUPTED: keys are out of order');
    keys.push(key);
  }
  if (keys.length !== entryCount) throw new Error(`MDB_CORRUPTED: ${keys.length} records are left of ${entryCount}`);
  return keys;
}

// Beside the tables there is one record, the note of the owner.
const names = readThrough(root).filter((name) => name !== 'owner');
const tables = names.map((name) => root.openDB({ name, encoding: 'binary' }));
const keys = tables.map(readThrough);
// Removing moves what is on a page, so a page that only seems sound shows itself; nothing of it is kept.
root.transactionSync(() => {
  tables.forEach((table, at) => {
    for (const key of keys[at]) table.removeSync(key);
  });
  root.put('owner', Buffer.from('nobody'));
  return ABORT;
});
