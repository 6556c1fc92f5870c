/** The deals and cases of a contact. */

import { crm, useLive } from "../crm";
import { count, day, money } from "../format";
import { namesOf } from "../names";
import { to } from "../route";
import { StageChip, StatusChip } from "../ui/chips";

async function readDeals(filter: string) {
  const deals = (await crm.deals.list({ filter, sort: ["-created_at"], limit: 50 })).records;
  const stages = deals.length ? (await crm.stages.list({ limit: 200 })).records : [];
  const sums = await crm.deals.group({
    filter: `(${filter}) and stage.stage_type = "open"`,
    by: [{ path: "amount.currency" }],
    measures: [{ measure: "sum", of: "amount" }],
  });
  return { deals, stages: new Map(stages.map((stage) => [stage.id, stage])), sums: sums.rows.map((row) => row.measures[0]) };
}

export function DealList({ filter }: { filter: string }) {
  const found = useLive(() => readDeals(filter), [filter]);
  if (!found || found.deals.length === 0) return null;
  const sums = found.sums.filter(Boolean).map((sum) => money(sum as { amount: string; currency: string }));
  return (
    <section class="section" aria-label="Deals">
      <h3>
        {count(found.deals.length, "deal")}
        {sums.length > 0 && <small>{sums.join(" + ")} open</small>}
      </h3>
      <ul class="related">
        {found.deals.map((deal) => (
          <li key={deal.id}>
            <a href={to("pipeline", deal.pipeline, deal.id)}>
              <b>{deal.name}</b>
              <StageChip stage={found.stages.get(deal.stage)} />
              <span class="amount">{money(deal.amount)}</span>
              <small>{day(deal.expected_close_date)}</small>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

async function readCases(filter: string) {
  const cases = (await crm.cases.list({ filter, sort: ["-opened_at"], limit: 30 })).records;
  const statuses = cases.length ? (await crm.caseStatuses.list({ limit: 100 })).records : [];
  return { cases, statuses: new Map(statuses.map((status) => [status.id, status])), names: await namesOf("person", cases.map((one) => one.requester)) };
}

export function CaseList({ filter }: { filter: string }) {
  const found = useLive(() => readCases(filter), [filter]);
  if (!found || found.cases.length === 0) return null;
  return (
    <section class="section" aria-label="Cases">
      <h3>{count(found.cases.length, "case")}</h3>
      <ul class="related">
        {found.cases.map((one) => (
          <li key={one.id}>
            <a href={to("cases", "all", one.id)}>
              <b>{one.subject}</b>
              <StatusChip status={found.statuses.get(one.status)} />
              <span class="amount">{found.names.get(one.requester ?? "")}</span>
              <small>{day(one.opened_at)}</small>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
