/** What a new database begins with: the sample organisation of this repository, and the customer of all examples. */

import type { ImportCounts, ImportPlan } from "crm-core";
import sales from "../../../mappings/sales.json";
import service from "../../../mappings/service.json";
import { crm } from "../crm";
import { loadNordwind } from "./nordwind";

const sources = import.meta.glob<string>("../../../data/*.csv", { query: "?raw", import: "default" });

/** The day on which the sample looks as if it had been exported. */
const EXPORTED = Date.UTC(2026, 10, 20);

/** Whether there is nothing in the database yet. */
export async function isEmpty(): Promise<boolean> {
  return (await crm.users.count()) === 0;
}

/** Imports the sample in one transaction. `progress` is told which part of it is done, 0 to 1. */
export async function loadSample(progress: (done: number) => void): Promise<void> {
  const plan: ImportPlan = { source: sales.source, steps: [...sales.steps, ...service.steps] as ImportPlan["steps"] };
  const names = [...new Set(plan.steps!.map((step) => step.file))];
  const texts = await Promise.all(names.map((name) => sources[`../../../data/${name}`]!()));
  const files = Object.fromEntries(names.map((name, at) => [name, name === "people.csv" ? texts[at]! : today(texts[at]!)]));
  const rows = plan.steps!.reduce((sum, step) => sum + lines(files[step.file]!), 0);
  // A long call tells how far it is, when it is called by its name.
  await crm.call("import.plan", { plan, files }, { progress: ({ counts }) => progress(Math.min(0.97, (counts as ImportCounts).read / rows)) });
  await loadNordwind();
  progress(1);
}

/** How many lines a file has, which is about its rows. */
function lines(text: string): number {
  return text.split("\n").length - 2;
}

/** Moves the days of a file, so that the sample is of today whenever it is loaded. */
function today(text: string): string {
  const days = Math.floor((Date.now() - EXPORTED) / 86_400_000) - 1;
  return text.replace(/\b20[12]\d-\d\d-\d\d(?=[,T\n])/g, (date) => {
    const moved = new Date(`${date}T00:00:00Z`);
    moved.setUTCDate(moved.getUTCDate() + days);
    return moved.toISOString().slice(0, 10);
  });
}
