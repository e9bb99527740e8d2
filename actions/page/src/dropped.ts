/** What is dropped: files as they are, and of folders the JPEGs in them, however deep. */

/** Files, and how many of a folder's were left out since they are not named as JPEGs. */
export interface Dropped {
  readonly files: readonly File[];
  readonly others: number;
}

/** Reads a drop. To be called in its event: after that the browser gives nothing away. */
export async function readDropped(transfer: DataTransfer): Promise<Dropped> {
  const items = [...transfer.items].filter(({ kind }) => kind === 'file');
  const found = items.map((item) => {
    const entry = item.webkitGetAsEntry();
    // A file has an entry, too, but only what is not a folder is sure to be a file of the drop itself.
    return entry !== null && isFolder(entry) ? readFolder(entry) : { files: list(item.getAsFile()), others: 0 };
  });
  const all = await Promise.all(found);
  return { files: all.flatMap(({ files }) => files), others: all.reduce((sum, { others }) => sum + others, 0) };
}

async function readFolder(folder: FileSystemDirectoryEntry): Promise<Dropped> {
  const files: File[] = [];
  let others = 0;
  const entries = await readEntries(folder);
  entries.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
  for (const entry of entries) {
    if (isFolder(entry)) {
      const inside = await readFolder(entry);
      files.push(...inside.files);
      others += inside.others;
    } else if (isFile(entry) && /\.jpe?g$/i.test(entry.name)) {
      const file = await new Promise<File | null>((resolve) => entry.file(resolve, () => resolve(null)));
      if (file === null) others += 1;
      else files.push(file);
    } else if (!entry.name.startsWith('.')) others += 1;
  }
  return { files, others };
}

/** All entries of a folder: a browser gives them out by the hundred. One that cannot be read has none. */
async function readEntries(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (some.length === 0) return all;
    all.push(...some);
  }
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function list(file: File | null): File[] {
  return file === null ? [] : [file];
}
