/** Why a move was refused, and the fields that the stage asks for. */

import type { Json } from "crm-core";
import { useEffect, useRef, useState } from "preact/hooks";
import { crm, useLive } from "../crm";
import { label } from "../format";
import { Icon } from "../ui/icons";
import type { Move, Moves } from "./move";

const NAMES: Record<string, string> = {
  amount: "Amount",
  expected_close_date: "Expected close",
  next_step: "Next step",
  lost_reason: "Why it was lost",
  primary_contact: "Contact",
  person: "Contact",
  organisation: "Organisation",
};

export function Refusal({ move, moves }: { move: Move; moves: Moves }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [values, setValues] = useState<Record<string, string>>({});
  useEffect(() => dialog.current?.showModal(), []);
  const set = (field: string, value: string) => setValues({ ...values, [field]: value });
  const complete = move.missing.every((field) => values[field]?.trim());

  const submit = async (event: Event) => {
    event.preventDefault();
    const patch: { [name: string]: Json } = {};
    for (const field of move.missing) {
      const value = values[field]!.trim();
      if (field === "amount") patch[field] = { amount: value.replace(",", "."), currency: move.deal.amount?.currency ?? "EUR" };
      else if (field !== "primary_contact") patch[field] = value;
    }
    await moves.move(move.deal, move.stage, patch, values.primary_contact);
  };

  return (
    <dialog class="sheet" ref={dialog} aria-labelledby="refusal-title" onClose={() => moves.leave()}>
      <form onSubmit={(event) => void submit(event)}>
        <h2 id="refusal-title">
          <Icon name="warning" size={22} /> {move.stageName} asks for more
        </h2>
        <p>
          <b>{move.deal.name}</b> stays where it is until {move.missing.length === 1 ? "this is" : "these are"} known:
        </p>
        {move.missing.map((field) => (
          <label key={field}>
            <span>{NAMES[field] ?? label(field)}</span>
            <Field field={field} move={move} value={values[field] ?? ""} set={(value) => set(field, value)} />
          </label>
        ))}
        <footer>
          <button type="button" class="quiet" onClick={() => moves.leave()}>
            Leave it
          </button>
          <button class="primary" disabled={!complete}>
            Move to {move.stageName}
          </button>
        </footer>
      </form>
    </dialog>
  );
}

interface FieldProps {
  field: string;
  move: Move;
  value: string;
  set: (value: string) => void;
}

function Field({ field, move, value, set }: FieldProps) {
  const choices = useLive(() => choicesOf(field, move.deal.organisation), [field]);
  if (choices) {
    return (
      <select value={value} onChange={(event) => set(event.currentTarget.value)}>
        <option value="">Choose…</option>
        {choices.map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    );
  }
  const type = field.endsWith("_date") ? "date" : "text";
  const mode = field === "amount" ? "decimal" : undefined;
  return <input type={type} inputMode={mode} value={value} onInput={(event) => set(event.currentTarget.value)} />;
}

/** The records that a field can point at; nothing for a field that is typed. */
async function choicesOf(field: string, organisation: string | undefined): Promise<[string, string][] | undefined> {
  if (field === "lost_reason") {
    return (await crm.lostReasons.list({ filter: "active = true", sort: ["name"], limit: 200 })).records.map(({ id, name }) => [id, label(name)]);
  }
  if (field === "organisation") {
    return (await crm.organisations.list({ sort: ["name"], limit: 1000 })).records.map(({ id, name }) => [id, name]);
  }
  if (field !== "primary_contact" && field !== "person") return undefined;
  if (!organisation) return [];
  const { members } = await crm.organisations.people({ id: organisation, limit: 200 });
  return members.map(({ person, name }) => [person, name]);
}
