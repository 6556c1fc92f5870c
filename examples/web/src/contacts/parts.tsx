/** What people and organisations both have. */

import type { Email, Phone, PostalAddress } from "crm-core";
import { phone as spaced } from "../format";
import { Icon } from "../ui/icons";

export function Emails({ emails = [] }: { emails?: Email[] }) {
  return (
    <>
      {emails.map(({ address, invalid, verified }) =>
        invalid ? (
          <span class="chip bad" key={address} title="Mail came back">
            <Icon name="warning" size={16} /> <s>{address}</s> <em>does not work</em>
          </span>
        ) : (
          <a class="chip" key={address} href={`mailto:${address}`}>
            <Icon name="mail" size={16} /> {address}
            {verified && (
              <em class="good">
                <Icon name="check" size={14} /> verified
              </em>
            )}
          </a>
        ),
      )}
    </>
  );
}

export function Phones({ phones = [] }: { phones?: Phone[] }) {
  return (
    <>
      {phones.map(({ number, kind }) => (
        <a class="chip" key={number} href={`tel:${number}`}>
          <Icon name="phone" size={16} /> {spaced(number ?? "")}
          {kind === "mobile" && <em>mobile</em>}
        </a>
      ))}
    </>
  );
}

export function Addresses({ addresses = [] }: { addresses?: PostalAddress[] }) {
  return (
    <>
      {addresses.slice(0, 2).map((address) => {
        const town = [address.postal_code, address.locality].filter(Boolean).join(" ");
        const text = [address.street, town, address.country].filter(Boolean).join(", ");
        return (
          <span class="chip" key={text}>
            <Icon name="pin" size={16} /> {text}
          </span>
        );
      })}
    </>
  );
}

export function Tags({ tags = [] }: { tags?: string[] }) {
  if (tags.length === 0) return null;
  return (
    <p class="tags">
      {tags.map((tag) => (
        <span key={tag}>{tag}</span>
      ))}
    </p>
  );
}

/** Facts with their names; those without a value are left out. */
export function Facts({ facts }: { facts: [string, string | undefined | null | false][] }) {
  const known = facts.filter(([, value]) => value);
  if (known.length === 0) return null;
  return (
    <dl class="facts">
      {known.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
