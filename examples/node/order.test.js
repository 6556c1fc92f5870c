import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { open } from "crm-core";
import { run } from "./order.js";

test("the example prints what its README shows, and keeps it in its file", async () => {
  const [, shown] = /```text\n([^`]*)```/.exec(readFileSync(new URL("README.md", import.meta.url), "utf8"));
  const folder = mkdtempSync(join(tmpdir(), "order-"));
  const path = join(folder, "order.db");
  const lines = [];
  await run(path, (line) => lines.push(line));
  assert.equal(`${lines.join("\n")}\n`, shown);
  await assert.rejects(run(path, () => {}), /has customers already/);
  rmSync(folder, { recursive: true });
});

test("a refused move says what is missing", async () => {
  const crm = await open();
  const { stages } = await crm.pipelines.createWithStages(await crm.pipelines.template({ name: "New business" }));
  const stage = (key) => stages.find((one) => one.key === key).id;
  const deal = await crm.deals.create({ name: "Trial", stage: stage("qualification") });
  await assert.rejects(crm.deals.moveTo({ deal: deal.id, stage: stage("lost") }), {
    code: "deal.stage.requirements",
    kind: "rule",
    path: "stage",
    details: { missing: ["lost_reason"] },
  });
  await crm.close();
});
