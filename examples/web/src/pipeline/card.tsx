/** A deal on the board. */

import type { Deal, Stored } from "crm-core";
import { day, isPast, money } from "../format";
import { Avatar } from "../ui/avatar";
import { dealPlace } from "./board";
import { drag } from "./drag";
import type { Moves } from "./move";

interface Props {
  deal: Stored<Deal>;
  organisation: string | undefined;
  person: string | undefined;
  here: boolean;
  moves: Moves;
}

export function Card({ deal, organisation, person, here, moves }: Props) {
  const keys = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!event.altKey || !by) return;
    event.preventDefault();
    moves.step(deal, by);
  };
  const late = !deal.closed_at && deal.expected_close_date && isPast(deal.expected_close_date);
  return (
    <a
      class="deal"
      href={dealPlace(deal)}
      draggable={false}
      data-deal={deal.id}
      aria-current={here ? "true" : undefined}
      aria-describedby="board-help"
      onKeyDown={keys}
      onPointerDown={(event) => drag(event, event.currentTarget, (stage) => void moves.move(deal, stage))}
    >
      <b>{subject(deal.name, organisation)}</b>
      <span class="at">{organisation}</span>
      <span class="foot">
        <span class="amount">{money(deal.amount)}</span>
        <time class={late ? "late" : ""} dateTime={deal.expected_close_date}>
          {day(deal.expected_close_date)}
        </time>
        {person && (
          <span title={person}>
            <Avatar name={person} size={22} />
          </span>
        )}
      </span>
    </a>
  );
}

/** The name of a deal without the organisation in front of it, which is shown below. */
export function subject(name: string, organisation: string | undefined): string {
  const [first, ...rest] = name.split(" – ");
  return rest.length > 0 && organisation?.startsWith(first!) ? rest.join(" – ") : name;
}
