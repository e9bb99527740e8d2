/** What a sandbox is, whatever makes it: bubblewrap or plain processes. */
import type { Readable, Writable } from 'node:stream';
import type { RuntimeDescription } from '../runtimes/runtime';

/** What a new sandbox is to hold. */
export interface SandboxSpec {
  readonly runtime: RuntimeDescription;
  /** Host folder of an unpacked zip, which the action sees read-only (or as its own copy). Without it an empty folder. */
  readonly code?: string;
  /** True for the image that may write PDF: PDFMagic's ImageMagick policy is in force. */
  readonly imagemagickPdf: boolean;
}

/** An interpreter that runs its launcher, shut in. */
export interface Sandbox {
  /** Process id on the host under which all processes of the sandbox are found. */
  readonly pid: number;
  /** The folder of the code, as the action sees it. */
  readonly codePath: string;
  readonly requests: Writable;
  readonly answers: Readable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when no process of the sandbox is left, nor any file of it. Never rejects. */
  readonly ended: Promise<void>;
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
