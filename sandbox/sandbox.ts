/** What a sandbox is, whatever makes it: bubblewrap or plain processes; and whatever is in it: an action, a service. */
import type { Readable, Writable } from 'node:stream';

/** The program that a new sandbox is to run, and all that it has beside the system. */
export interface SandboxSpec {
  /** Absolute path of the program on the host. */
  readonly executable: string;
  /** Its arguments, given the folder of the code as the program sees it. */
  readonly args: (code: string) => readonly string[];
  /** File of the host that is shown to the program, and its last argument. */
  readonly script?: string;
  /** Folder of the host with packages, which the script finds as `packages` beside itself. */
  readonly packages?: string;
  /** Folders of the host outside of the system's own that the program needs, seen under their own names. */
  readonly shown?: readonly string[];
  /** Its variables; HOME and those for temporary files are the sandbox's affair. */
  readonly environment: Readonly<Record<string, string>>;
  /** Host folder of the code, which the program sees read-only (or as its own copy). Without it an empty folder. */
  readonly code?: string;
  /** True for the image that may write PDF: PDFMagic's ImageMagick policy is in force. */
  readonly imagemagickPdf: boolean;
}

/** PDFMagic's ImageMagick policy, which is in force where a spec says `imagemagickPdf`. */
export interface ImageMagickPolicy {
  /** Folder that holds `policy.xml` and nothing else, as ImageMagick expects a configuration folder. */
  readonly policyFolder: string;
  /**
   * The policy's bounds as ImageMagick's environment variables (MAGICK_MEMORY_LIMIT, ...), for where the host's own policy
   * is read first: of two bounds of one name ImageMagick takes the first, of two rights the last.
   */
  readonly policyLimits: Readonly<Record<string, string>>;
}

/** A program shut in. */
export interface Sandbox {
  /** Process id on the host under which all processes of the sandbox are found. */
  readonly pid: number;
  /** Its folders whose files are in memory, as seen from the host at this moment; none where they are on a disk. */
  readonly temporary: readonly string[];
  /** The folder of the code, as the program sees it. */
  readonly codePath: string;
  readonly requests: Writable;
  readonly answers: Readable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when no process of the sandbox is left, nor any file of it. Never rejects. */
  readonly ended: Promise<void>;
  /** Asks the program to end (SIGTERM); its children hear nothing. */
  terminate(): void;
  /** Stops the program and all that descends from it; `resume` lets them go on. */
  pause(): void;
  resume(): void;
  /** Kills every process; the promise is `ended`. */
  kill(): Promise<void>;
  /** Process ids on the host, for measuring. */
  processes(): readonly number[];
}

/** Makes sandboxes of one kind. */
export interface SandboxFactory {
  readonly kind: 'bubblewrap' | 'process';
  /** What a user must know, in one line; absent when sandboxes are whole. */
  readonly warning?: string;
  /** Starts one; rejects when it cannot be started. */
  start(spec: SandboxSpec): Promise<Sandbox>;
}

/** Why a sandbox could not be started. */
export class SandboxError extends Error {
  override readonly name = 'SandboxError';
}
