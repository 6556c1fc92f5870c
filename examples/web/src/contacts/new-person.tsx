/** A form for a new person. What the engine refuses is said at the field that it names. */

import { CrmError, type Person } from "crm-core";
import { useEffect, useRef, useState } from "preact/hooks";
import { crm, report, useLive } from "../crm";
import { go } from "../route";
import { say } from "../ui/toast";

const FIELDS = [
  { key: "given_name", name: "First name", type: "text", path: "given_name" },
  { key: "family_name", name: "Last name", type: "text", path: "family_name" },
  { key: "job_title", name: "Job title", type: "text", path: "job_title" },
  { key: "email", name: "E-mail", type: "email", path: "emails" },
  { key: "phone", name: "Phone", type: "tel", path: "phones" },
] as const;

type Values = Record<(typeof FIELDS)[number]["key"] | "organisation", string>;

const NOTHING: Values = { given_name: "", family_name: "", job_title: "", email: "", phone: "", organisation: "" };

function personOf(values: Values): Person {
  const { email, phone, ...texts } = values;
  const known = Object.fromEntries(Object.entries(texts).filter(([, text]) => text.trim()));
  return { ...known, emails: email.trim() ? [{ address: email }] : [], phones: phone.trim() ? [{ number: phone }] : [] };
}

export function NewPerson({ close }: { close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [values, setValues] = useState(NOTHING);
  const [refused, setRefused] = useState<CrmError>();
  const organisations = useLive(async () => (await crm.organisations.list({ sort: ["name"], limit: 1000 })).records, []);
  useEffect(() => dialog.current?.showModal(), []);
  const set = (key: keyof Values, value: string) => setValues({ ...values, [key]: value });

  const submit = async (event: Event) => {
    event.preventDefault();
    try {
      const person = await crm.people.create(personOf(values));
      close();
      say(`${[person.given_name, person.family_name].filter(Boolean).join(" ")} was added`);
      go("contacts", `person:${person.id}`);
    } catch (failure) {
      const field = failure instanceof CrmError && FIELDS.some(({ path }) => failure.path?.startsWith(path));
      if (field) setRefused(failure);
      else report(failure);
    }
  };

  return (
    <dialog class="sheet" ref={dialog} aria-labelledby="new-person" onClose={close}>
      <form noValidate onSubmit={(event) => void submit(event)}>
        <h2 id="new-person">New person</h2>
        <div class="pair">
          {FIELDS.map(({ key, name, type, path }) => {
            const reason = refused?.path?.startsWith(path) ? refused.reason : undefined;
            return (
              <label key={key} class={key === "job_title" ? "whole" : ""}>
                <span>{name}</span>
                <input
                  type={type}
                  value={values[key]}
                  aria-invalid={!!reason}
                  aria-describedby={reason ? `why-${key}` : undefined}
                  onInput={(event) => set(key, event.currentTarget.value)}
                />
                {reason && (
                  <em id={`why-${key}`} role="alert">
                    {reason}
                  </em>
                )}
              </label>
            );
          })}
        </div>
        <label>
          <span>Organisation</span>
          <select value={values.organisation} onChange={(event) => set("organisation", event.currentTarget.value)}>
            <option value="">None</option>
            {organisations?.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <footer>
          <button type="button" class="quiet" onClick={close}>
            Cancel
          </button>
          <button class="primary" disabled={!values.given_name.trim() && !values.family_name.trim()}>
            Add person
          </button>
        </footer>
      </form>
    </dialog>
  );
}
