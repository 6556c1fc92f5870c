/**
 * A database in the private file system of the browser: a pool of files that SQLite uses, and beside it the key that wraps
 * the keys of data subjects. Both have a number, which an import raises: the new database is whole under the next number
 * before the old one goes, so that a crash leaves the one or the other.
 */

import type { Engine } from "./engine.js";
import { CrmError, crmError } from "./error.js";
import type { Storage } from "./host.js";
import { freshKey } from "./options.js";

/** How long to wait for the files of a Worker that has just ended. */
const PATIENCE_MS = 10_000;

/** The database of a name. */
export class OpfsStorage implements Storage {
  private number = 1;
  private current = "";

  private constructor(
    private readonly engine: Engine,
    private readonly options: Record<string, unknown>,
    private readonly keys: Keys,
  ) {}

  /** Takes the files and opens the database, or makes it. */
  static async open(engine: Engine, name: string, keys: Keys, options: Record<string, unknown>): Promise<OpfsStorage> {
    await install(engine, `crm-core/${name}/files`);
    const storage = new OpfsStorage(engine, options, keys);
    try {
      await storage.start();
    } catch (error) {
      storage.close();
      throw error;
    }
    return storage;
  }

  get key(): string {
    return this.current;
  }

  async replace(bytes: Uint8Array, key: string | undefined): Promise<void> {
    const { engine } = this;
    const [number, next] = [this.number + 1, key ?? this.current];
    if (this.options.key === undefined) await this.keys.write(number, next);
    try {
      engine.guarded(() => engine.wasm.opfs_import(databaseFile(number), bytes));
      engine.open({ ...this.options, key: next, path: databaseFile(number) });
    } catch (error) {
      if (!engine.isLost) engine.guarded(() => engine.wasm.opfs_remove(databaseFile(number)));
      throw error;
    }
    this.current = next;
    this.number = number;
    await this.removeOthers();
  }

  /** Closes the database and lets the files go. */
  close(): void {
    this.engine.close();
    this.engine.guarded(() => this.engine.wasm.opfs_release());
  }

  private async start(): Promise<void> {
    const { engine, options } = this;
    const numbers = this.numbers();
    const exists = numbers.length > 0;
    this.number = Math.max(1, ...numbers);
    this.current = (options.key as string | undefined) ?? (await this.storedKey(exists));
    engine.open({ ...options, key: this.current, path: databaseFile(this.number) });
    if (numbers.length > 1) await this.removeOthers();
  }

  /** The numbers of the databases in the pool. */
  private numbers(): number[] {
    const names = this.engine.guarded(() => this.engine.wasm.opfs_names());
    return names.map((name) => /^crm-(\d+)\.db$/.exec(name)?.[1]).filter((digits) => digits !== undefined).map(Number);
  }

  /** The key of the database; a lost one is an error, and never replaced. */
  private async storedKey(exists: boolean): Promise<string> {
    const found = await this.keys.read(this.number);
    if (found !== null && /^[0-9a-f]{64}$/i.test(found)) return found;
    if (found) throw crmError("corrupt", "privacy.key.file", "the key file is damaged");
    if (exists) throw crmError("not_found", "privacy.key.unavailable", "there is no key file beside the database");
    const key = freshKey();
    await this.keys.write(this.number, key);
    return key;
  }

  private async removeOthers(): Promise<void> {
    for (const number of this.numbers()) {
      if (number === this.number) continue;
      this.engine.guarded(() => this.engine.wasm.opfs_remove(databaseFile(number)));
      // There is none when the host keeps the key.
      await this.keys.remove(number).catch(() => {});
    }
  }
}

/** The keys beside the databases of a name. */
export class Keys {
  private constructor(
    private readonly folder: FileSystemDirectoryHandle,
    /** The first key, which nearly all databases have, read while the engine is loaded. */
    private first: string | null,
  ) {}

  /** The keys of a name; makes their folder. */
  static async of(name: string): Promise<Keys> {
    try {
      let folder = await navigator.storage.getDirectory();
      for (const part of ["crm-core", name, "keys"]) folder = await folder.getDirectoryHandle(part, { create: true });
      return new Keys(folder, await readText(folder, keyFile(1)));
    } catch (caught) {
      throw caught instanceof CrmError ? caught : fileError(caught);
    }
  }

  /** The key of a number, if there is one. */
  async read(number: number): Promise<string | null> {
    return number === 1 ? this.first : readText(this.folder, keyFile(number));
  }

  /** Writes the key of a number. */
  async write(number: number, key: string): Promise<void> {
    await writeText(this.folder, keyFile(number), key);
    if (number === 1) this.first = key;
  }

  /** Removes the key of a number. */
  async remove(number: number): Promise<void> {
    await this.folder.removeEntry(keyFile(number));
    if (number === 1) this.first = null;
  }
}

function databaseFile(number: number): string {
  return `crm-${number}.db`;
}

function keyFile(number: number): string {
  return `crm-${number}.key`;
}

/** Takes the pool. A Worker that has just ended may hold on to its files for a moment. */
async function install(engine: Engine, folder: string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (let wait = 5; ; wait = Math.min(2 * wait, 100)) {
    try {
      return await engine.wasm.opfs_install(folder);
    } catch (caught) {
      const error = engine.failure(caught);
      if (!(error instanceof CrmError) || error.kind !== "busy" || performance.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

async function readText(folder: FileSystemDirectoryHandle, name: string): Promise<string | null> {
  try {
    const file = await (await folder.getFileHandle(name)).getFile();
    return await file.text();
  } catch (caught) {
    if (caught instanceof DOMException && caught.name === "NotFoundError") return null;
    throw fileError(caught);
  }
}

/** Writes a file; it is there whole or not at all. */
async function writeText(folder: FileSystemDirectoryHandle, name: string, text: string): Promise<void> {
  try {
    const file = await (await folder.getFileHandle(name, { create: true })).createWritable();
    await file.write(text);
    await file.close();
  } catch (caught) {
    throw fileError(caught);
  }
}

function fileError(caught: unknown): CrmError {
  const name = caught instanceof DOMException ? caught.name : "";
  if (name === "QuotaExceededError") return crmError("full", "storage.full", "the disk is full");
  if (name === "SecurityError" || !navigator.storage?.getDirectory) {
    return crmError("io", "storage.opfs", "the browser has no private file system here: it takes a secure page");
  }
  return crmError("io", "storage.io", "reading or writing the files of the browser failed");
}
