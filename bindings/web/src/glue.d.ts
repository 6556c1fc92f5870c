/** The glue of crm-wasm, written by the build: a function that makes a fresh instance. */

export interface GlueSession {
  call(operation: string, input: string): string;
  call_with_progress(operation: string, input: string, progress: (done: string) => boolean): string;
  free(): void;
}

export interface GlueDatabase {
  session(options: string): GlueSession;
  on_commit(listener?: (from: number, to: number) => void): void;
  export_bytes(): Uint8Array;
  interrupt(): void;
  settings(): string;
  close(): void;
  free(): void;
}

export interface Glue {
  initSync(options: { module: WebAssembly.Module }): { memory: WebAssembly.Memory };
  open(options: string, bytes?: Uint8Array): GlueDatabase;
  version(): string;
  is_query(operation: string): boolean;
  opfs_install(folder: string): Promise<void>;
  opfs_names(): string[];
  opfs_import(name: string, bytes: Uint8Array): void;
  opfs_remove(name: string): boolean;
  opfs_release(): void;
}

export function glue(): Glue;
