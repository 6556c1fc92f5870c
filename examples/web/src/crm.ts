/** The one database of the page, and how views stay up to date with it. */

import { useEffect, useRef, useState } from "preact/hooks";
import { type Crm, CrmError, open } from "crm-core";

/** The database. It is there before anything is drawn. */
export let crm: Crm;

/** Opens the database of this browser. Its files lie in the origin private file system; nothing leaves the device. */
export async function start(): Promise<void> {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
  crm = await open({ storage: "opfs", name: "demo", country: "DE", zone });
  crm.onCommit(() => refresh());
}

const views = new Set<() => void>();
let waiting = false;

/** Has every view read again. Commits that come close together cause one reading. */
export function refresh(): void {
  if (waiting) return;
  waiting = true;
  queueMicrotask(() => {
    waiting = false;
    for (const view of views) view();
  });
}

/**
 * What a query gives, read again after every commit, also one of another tab. Undefined until it is there for the first
 * time; while other inputs are being read, the last result stays, so that nothing flickers.
 */
export function useLive<T>(query: () => Promise<T>, inputs: readonly unknown[]): T | undefined {
  const [result, setResult] = useState<T>();
  const latest = useRef(0);
  useEffect(() => {
    let mounted = true;
    const read = async () => {
      const turn = ++latest.current;
      try {
        const found = await query();
        if (mounted && turn === latest.current) setResult(() => found);
      } catch (failure) {
        if (mounted) report(failure);
      }
    };
    void read();
    const view = () => void read();
    views.add(view);
    return () => {
      mounted = false;
      views.delete(view);
    };
  }, inputs);
  return result;
}

/** What the page shows about a failure. */
export const failures = new EventTarget();

/** Tells the user about a failure. */
export function report(failure: unknown): void {
  const text = failure instanceof CrmError ? failure.reason : String(failure);
  failures.dispatchEvent(new CustomEvent("failure", { detail: text }));
}

/** Runs what a click began, and tells the user when it fails. */
export function attempt(work: () => Promise<unknown>): void {
  work().catch(report);
}
