/** Moving deals between stages. The engine decides; what it asks for is asked of the user. */

import { CrmError, type Deal, type DealMoveToInput, type Json, type Stored } from "crm-core";
import { useState } from "preact/hooks";
import { crm, report } from "../crm";
import { say } from "../ui/toast";
import type { Column } from "./board";

/** A move that a stage refused, and what it asks for. */
export interface Move {
  deal: Stored<Deal>;
  stage: string;
  stageName: string;
  missing: string[];
}

/** What views do with moves. */
export interface Moves {
  /** The move that the user is asked about. */
  refused: Move | undefined;
  /** Moves a deal, changing fields on the way. `contact` becomes the primary contact. */
  move(deal: Stored<Deal>, stage: string, patch?: { [name: string]: Json }, contact?: string): Promise<void>;
  /** Moves a deal by so many stages. */
  step(deal: Stored<Deal>, by: number): void;
  /** Leaves a refused deal where it is. */
  leave(): void;
}

/** The moves on a board. */
export function useMoves(columns: Column[]): Moves {
  const [refused, setRefused] = useState<Move>();
  const move: Moves["move"] = async (deal, stage, patch, contact) => {
    if (deal.stage === stage) return;
    const stageName = columns.find((column) => column.stage === stage)?.name ?? "the stage";
    const input: DealMoveToInput = { deal: deal.id, stage, patch: contact ? { ...patch, person: contact } : patch ?? null };
    try {
      await crm.deals.moveTo(input);
      setRefused(undefined);
      say(`${deal.name} is in ${stageName}`);
    } catch (failure) {
      const missing = failure instanceof CrmError ? failure.details.missing : undefined;
      if (Array.isArray(missing)) setRefused({ deal, stage, stageName, missing: missing.map(String) });
      else report(failure);
    }
  };
  return {
    refused,
    move,
    step(deal, by) {
      const next = columns[columns.findIndex((column) => column.stage === deal.stage) + by];
      if (next) void move(deal, next.stage);
    },
    leave: () => setRefused(undefined),
  };
}
