/** Options that all commands share, as commander gives them. */
export interface PlatformOptions {
  readonly data: string;
  readonly port: number;
  readonly storagePort: number;
  readonly sandbox: 'auto' | 'bubblewrap' | 'process';
}

export interface StackOptions extends PlatformOptions {
  readonly student: string;
}
