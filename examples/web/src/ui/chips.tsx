import type { CaseStatus, Stage } from "crm-core";

/** The stage of a deal. */
export function StageChip({ stage }: { stage?: Stage }) {
  return stage ? <span class={`status ${stage.stage_type}`}>{stage.name}</span> : null;
}

/** The status of a case. */
export function StatusChip({ status }: { status?: CaseStatus }) {
  return status ? <span class={`status ${status.status_type}`}>{status.name}</span> : null;
}
