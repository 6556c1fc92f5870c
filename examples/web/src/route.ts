/** Where the user is: the parts of the address behind `#/`. */

import { useEffect, useState } from "preact/hooks";

const parts = () => location.hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);

/** The parts of the address, which change as the user goes on. */
export function useRoute(): string[] {
  const [route, setRoute] = useState(parts);
  useEffect(() => {
    const moved = () => setRoute(parts());
    addEventListener("hashchange", moved);
    return () => removeEventListener("hashchange", moved);
  }, []);
  return route;
}

/** The address of a place, for links. */
export function to(...route: string[]): string {
  return `#/${route.map(encodeURIComponent).join("/")}`;
}

/** Goes to a place. */
export function go(...route: string[]): void {
  location.hash = to(...route);
}

/** The address of a record by its reference, such as `person:0192…`; nothing for a type without a page. */
export function placeOf(reference: string): string | undefined {
  const [type, id] = reference.split(":");
  if (!id) return undefined;
  if (type === "person" || type === "organisation") return to("contacts", reference);
  if (type === "deal") return to("pipeline", "of", id);
  if (type === "case") return to("cases", "all", id);
  return undefined;
}
