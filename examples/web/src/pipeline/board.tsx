/** The board of a pipeline: its stages with their sums, and the deals in them, which are dragged from stage to stage. */

import type { BoardColumn, Deal, Money, Stored } from "crm-core";
import { useEffect, useState } from "preact/hooks";
import { crm, useLive } from "../crm";
import { count, money, shortMoney, total } from "../format";
import { namesOf } from "../names";
import { go, to } from "../route";
import { Card } from "./card";
import { DealPanel } from "./deal";
import { Refusal } from "./refusal";
import { useMoves } from "./move";

const PAGE = 30;

/** A stage with the deals that are shown in it. */
export interface Column extends BoardColumn {
  deals: Stored<Deal>[];
}

async function read(pipeline: string, owner: string, limits: Record<string, number>) {
  const mine = owner ? `owner = "${owner}"` : undefined;
  const board = await crm.pipelines.board(mine ? { pipeline, filter: mine } : { pipeline });
  const columns = await Promise.all(
    board.columns.map(async (column): Promise<Column> => {
      const filter = `stage = "${column.stage}"${mine ? ` and ${mine}` : ""}`;
      const sort = column.stage_type === "open" ? ["expected_close_date"] : ["-updated_at"];
      const page = await crm.deals.list({ filter, sort, limit: limits[column.stage] ?? PAGE });
      return { ...column, deals: page.records };
    }),
  );
  const deals = columns.flatMap((column) => column.deals);
  const [organisations, people] = await Promise.all([
    namesOf("organisation", deals.map((deal) => deal.organisation)),
    namesOf("person", deals.map((deal) => deal.person)),
  ]);
  return { pipeline, columns, organisations, people };
}

/** Sums of the open stages, one for each currency. */
const open = (columns: Column[], measure: "amounts" | "weighted") =>
  total(columns.filter((one) => one.stage_type === "open").flatMap((one) => one[measure]));

/** The view of a pipeline; without one, of the first. `dealId` is the deal whose panel is open. */
export function Board({ pipelineId, dealId }: { pipelineId?: string; dealId?: string }) {
  const [owner, setOwner] = useState("");
  const [limits, setLimits] = useState<Record<string, number>>({});
  const pipelines = useLive(async () => (await crm.pipelines.list({ sort: ["name"] })).records, []);
  const owners = useLive(async () => (await crm.users.list({ sort: ["name"], limit: 200 })).records, []);
  const ofDeal = useLive(async () => (pipelineId === "of" && dealId ? (await crm.deals.find(dealId))?.pipeline : undefined), [pipelineId, dealId]);
  const chosen = pipelines?.find((one) => one.id === (pipelineId === "of" ? ofDeal : pipelineId)) ?? pipelines?.[0];
  const board = useLive(async () => (chosen ? read(chosen.id, owner, limits) : undefined), [chosen?.id, owner, limits]);
  const moves = useMoves(board?.columns ?? []);

  useEffect(() => document.querySelector(".columns")?.scrollTo({ left: 0 }), [chosen?.id]);
  if (!chosen || !board) return null;
  const shown = board.pipeline === chosen.id ? board.columns : [];
  return (
    <div class="board">
      <header class="board-head">
        <h1>Pipeline</h1>
        <div class="tabs" role="group" aria-label="Which pipeline">
          {pipelines?.map((one) => (
            <button key={one.id} aria-pressed={one.id === chosen.id} onClick={() => go("pipeline", one.id)}>
              {one.name}
            </button>
          ))}
        </div>
        <label class="picker">
          <span>Owner</span>
          <select value={owner} onChange={(event) => setOwner(event.currentTarget.value)}>
            <option value="">Everybody</option>
            {owners?.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </select>
        </label>
        <dl class="totals">
          <Total name="Open" sums={open(shown, "amounts")} />
          <Total name="Weighted" sums={open(shown, "weighted")} />
        </dl>
      </header>
      <p class="sr-only" id="board-help">
        Drag a deal to another stage, or press Alt with the left or right arrow key.
      </p>
      <div class="columns">
        {shown.map((column) => (
          <section key={column.stage} class={`column ${column.stage_type}`} data-stage={column.stage} aria-label={column.name}>
            <ColumnHead column={column} />
            <ul>
              {column.deals.map((deal) => (
                <li key={deal.id}>
                  <Card
                    deal={deal}
                    organisation={board.organisations.get(deal.organisation ?? "")}
                    person={board.people.get(deal.person ?? "")}
                    here={deal.id === dealId}
                    moves={moves}
                  />
                </li>
              ))}
            </ul>
            {column.count > column.deals.length && (
              <button class="quiet" onClick={() => setLimits({ ...limits, [column.stage]: column.deals.length + 4 * PAGE })}>
                {count(column.count - column.deals.length, "more deal")}
              </button>
            )}
          </section>
        ))}
      </div>
      {dealId && <DealPanel key={dealId} id={dealId} columns={shown} moves={moves} close={() => go("pipeline", chosen.id)} />}
      {moves.refused && <Refusal key={moves.refused.deal.id} move={moves.refused} moves={moves} />}
    </div>
  );
}

function Total({ name, sums }: { name: string; sums: Money[] }) {
  const [first, ...others] = sums;
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {first ? shortMoney(first) : "—"}
        {others.length > 0 && (
          <small title={others.map(shortMoney).join(", ")}>
            + {others.map(shortMoney).slice(0, 2).join(", ")}
            {others.length > 2 ? " …" : ""}
          </small>
        )}
      </dd>
    </div>
  );
}

function ColumnHead({ column }: { column: Column }) {
  const [first, ...others] = column.amounts;
  return (
    <header>
      <h2>
        {column.name} <span class="count">{column.count}</span>
      </h2>
      <p class="sum">
        <b>{first ? money(first) : "—"}</b>
        <span title="The probability of its deals">{column.probability} %</span>
      </p>
      <p class="others">{others.length > 0 ? `+ ${others.map(shortMoney).join(" · ")}` : "\u00a0"}</p>
    </header>
  );
}

/** The address of a deal's panel on its board. */
export function dealPlace(deal: Stored<Deal>): string {
  return to("pipeline", deal.pipeline, deal.id);
}
