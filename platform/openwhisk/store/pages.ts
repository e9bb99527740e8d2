/**
 * The pages of a database file, read without the database: LMDB maps the file into memory and trusts it, so a damaged one
 * ends the process by a signal and without a word.
 *
 * Source: the LMDB fork in lmdb-js 3.5 (`dependencies/lmdb/libraries/liblmdb/mdb.c`: `MDB_page_header`, `MDB_meta`,
 * `MDB_db`, `MDB_node`, `MDB_ovpage`). Numbers are in the machine's order; all machines that we run on are little-endian.
 */
import { fstatSync, readSync } from 'node:fs';

const MAGIC = 0xbeefc0de;
const VERSION = 2;
/** Bytes of a page's header. */
const HEADER = 24;
/** Bytes of a meta page that count: header and `MDB_meta`. */
const META_SIZE = HEADER + 144;
const NODE_HEADER = 8;
/** Bytes of `MDB_db`, the description of a tree. */
const TREE_SIZE = 48;
const NO_PAGE = 0xffffffffffffffffn;
const BRANCH = 0x01;
const LEAF = 0x02;
const OVERFLOW = 0x04;
const META = 0x08;
/** Flags of a node: its data is on pages of its own; its data is a tree. */
const BIG = 0x01;
const TREE = 0x02;
const DEEPEST = 32;

/** What is wrong with the file. */
export class DamageError extends Error {}

/** The database as of one transaction. */
export interface Snapshot {
  readonly pageSize: number;
  readonly transaction: bigint;
  /** Tells one boot of the machine from another. */
  readonly boot: bigint;
  /** Roots of the trees of free pages and of named tables. */
  readonly roots: readonly bigint[];
  readonly lastPage: bigint;
}

function read(descriptor: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  if (readSync(descriptor, bytes, 0, length, position) < length) {
    throw new DamageError(`it ends at ${fstatSync(descriptor).size} bytes, before a page that it refers to`);
  }
  return bytes;
}

/**
 * The snapshots in the meta pages, latest first; then, from the middle of the first page, the one that was last flushed.
 * @throws DamageError when they are no meta pages of this version
 */
export function readSnapshots(descriptor: number): Snapshot[] {
  const first = readMeta(descriptor, 0);
  const { pageSize } = first;
  if (pageSize < 512 || pageSize > 65_536 || (pageSize & (pageSize - 1)) !== 0) {
    throw new DamageError(`it has pages of ${pageSize} bytes`);
  }
  const metas = [first, readMeta(descriptor, pageSize)];
  metas.sort((a, b) => (a.transaction < b.transaction ? 1 : a.transaction > b.transaction ? -1 : 0));
  const flushed = decodeMeta(read(descriptor, pageSize / 2, META_SIZE));
  return [...metas, ...(flushed.transaction > 0n ? [flushed] : [])].map((snapshot) => ({ ...snapshot, pageSize }));
}

function readMeta(descriptor: number, position: number): Snapshot {
  const page = read(descriptor, position, META_SIZE);
  if (page.readUInt32LE(HEADER) !== MAGIC || (position === 0 && (page.readUInt16LE(18) & META) === 0)) {
    throw new DamageError('it is no LMDB database');
  }
  const version = page.readUInt32LE(HEADER + 4) & 0xffff;
  if (version !== VERSION) throw new DamageError(`it has version ${version} of LMDB's format, not ${VERSION}`);
  return decodeMeta(page);
}

function decodeMeta(page: Buffer): Snapshot {
  return {
    pageSize: page.readUInt32LE(HEADER + 24),
    roots: [HEADER + 24, HEADER + 24 + TREE_SIZE].map((tree) => page.readBigUInt64LE(tree + 40)),
    lastPage: page.readBigUInt64LE(HEADER + 120),
    transaction: page.readBigUInt64LE(HEADER + 128),
    boot: page.readBigUInt64LE(HEADER + 136),
  };
}

/**
 * Follows all references of a snapshot: each must lead to a page of the right kind within the file. Contents of records
 * on pages of their own are not read.
 * @throws DamageError naming the page
 */
export function checkPages(descriptor: number, { pageSize, roots, lastPage }: Snapshot): void {
  const fileSize = fstatSync(descriptor).size;
  const seen = new Set<number>();
  const fail = (page: number | bigint): never => {
    throw new DamageError(`its page ${page} is not what refers to it expects`);
  };
  const load = (number: bigint, pages: bigint, length: number): Buffer => {
    if (number < 2n || number + pages - 1n > lastPage) fail(number);
    if (Number(number + pages) * pageSize > fileSize) {
      throw new DamageError(`it ends at ${fileSize} bytes, before its page ${number + pages - 1n}`);
    }
    const page = Number(number);
    if (seen.has(page)) fail(page);
    seen.add(page);
    const bytes = read(descriptor, page * pageSize, length);
    if (bytes.readBigUInt64LE(0) !== number) fail(page);
    return bytes;
  };
  const visitBig = (reference: Buffer, size: number): void => {
    const [number, pages] = [reference.readBigUInt64LE(0), reference.readBigUInt64LE(16)];
    if (pages < 1n || BigInt(HEADER + size) > pages * BigInt(pageSize)) fail(number);
    const bytes = load(number, pages, HEADER);
    if ((bytes.readUInt16LE(18) & OVERFLOW) === 0 || BigInt(bytes.readUInt32LE(20)) !== pages) fail(number);
  };
  const visit = (number: bigint, depth: number): void => {
    if (number === NO_PAGE) return;
    const page = load(number, 1n, pageSize);
    const kind = page.readUInt16LE(18) & (BRANCH | LEAF | OVERFLOW | META);
    const [lower, upper] = [page.readUInt16LE(20), page.readUInt16LE(22)];
    const count = lower >> 1;
    if ((kind !== BRANCH && kind !== LEAF) || depth > DEEPEST || count === 0) fail(number);
    if (lower > upper || HEADER + upper > pageSize || (kind === BRANCH && count < 2)) fail(number);
    for (let index = 0; index < count; index += 1) {
      const at = HEADER + page.readUInt16LE(HEADER + 2 * index);
      if (at < HEADER + upper || at + NODE_HEADER > pageSize) fail(number);
      const [size, flags, keySize] = [page.readUInt32LE(at), page.readUInt16LE(at + 4), page.readUInt16LE(at + 6)];
      const data = at + NODE_HEADER + keySize;
      const inline = kind === BRANCH ? 0 : (flags & BIG) !== 0 ? HEADER : size;
      if (data + inline > pageSize) fail(number);
      if (kind === BRANCH) visit(BigInt(size) | (BigInt(flags) << 32n), depth + 1);
      else if ((flags & BIG) !== 0) visitBig(page.subarray(data), size);
      else if ((flags & TREE) !== 0 && size !== TREE_SIZE) fail(number);
      else if ((flags & TREE) !== 0) visit(page.readBigUInt64LE(data + 40), depth + 1);
    }
  };
  for (const root of roots) visit(root, 0);
}
