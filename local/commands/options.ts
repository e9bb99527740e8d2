/** Options that all commands share, as commander gives them. */
export interface PlatformOptions {
  readonly data: string;
  /** Undefined when not given. */
  readonly port: number | undefined;
  readonly storagePort: number | undefined;
  readonly sandbox: 'auto' | 'bubblewrap' | 'process' | undefined;
}

export interface StackOptions extends PlatformOptions {
  readonly student: string;
}
