/** How values are shown. Amounts stay exact: they are text all the way. */

import type { Money } from "crm-core";

const language = navigator.language;

/** An amount in the order of the user's language; minor units only where there are some. */
export function money(amount: Money | null | undefined): string {
  if (!amount) return "—";
  const format = new Intl.NumberFormat(language, { style: "currency", currency: amount.currency, trailingZeroDisplay: "stripIfInteger" });
  return format.format(amount.amount as unknown as number);
}

/** An amount in a few characters, such as €1.8M. */
export function shortMoney(amount: Money): string {
  const style = { style: "currency", currency: amount.currency, notation: "compact", maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(language, style).format(amount.amount as unknown as number);
}

/** Adds up amounts, exactly, one sum for each currency. Amounts of a currency have the same number of decimals. */
export function total(amounts: Money[]): Money[] {
  const sums = new Map<string, { minor: bigint; decimals: number }>();
  for (const { amount, currency } of amounts) {
    const sum = sums.get(currency) ?? { minor: 0n, decimals: amount.split(".")[1]?.length ?? 0 };
    sums.set(currency, { ...sum, minor: sum.minor + BigInt(amount.replace(".", "")) });
  }
  return [...sums].map(([currency, { minor, decimals }]) => {
    const digits = String(minor).padStart(decimals + 1, "0");
    const whole = digits.slice(0, digits.length - decimals);
    return { amount: decimals ? `${whole}.${digits.slice(-decimals)}` : whole, currency };
  });
}

const DAY = 86_400_000;

/** A day such as 4 Dec, with the year when it is another one. Takes a date or a moment. */
export function day(at: string | null | undefined): string {
  if (!at) return "—";
  const date = new Date(at.length === 10 ? `${at}T12:00` : at);
  const year = date.getFullYear() === new Date().getFullYear() ? undefined : "numeric";
  return date.toLocaleDateString(language, { day: "numeric", month: "short", year });
}

/** A moment such as 20 Nov, 13:22. */
export function moment(at: string): string {
  return `${day(at)}, ${new Date(at).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" })}`;
}

/** How long ago, or in how long, in the largest unit that fits. */
export function ago(at: string): string {
  const away = new Date(at.length === 10 ? `${at}T12:00` : at).getTime() - Date.now();
  const format = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" });
  const size = Math.abs(away);
  if (size < 60_000) return "now";
  if (size < 3_600_000) return format.format(Math.round(away / 60_000), "minute");
  if (size < DAY) return format.format(Math.round(away / 3_600_000), "hour");
  if (size < 45 * DAY) return format.format(Math.round(away / DAY), "day");
  if (size < 400 * DAY) return format.format(Math.round(away / (30.4 * DAY)), "month");
  return format.format(Math.round(away / (365 * DAY)), "year");
}

/** Whether a day is over. */
export function isPast(date: string): boolean {
  return new Date(`${date}T23:59:59`).getTime() < Date.now();
}

/** At most two initials. */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => /^\p{L}/u.test(word));
  const letters = [words[0], words.length > 1 ? words[words.length - 1] : undefined];
  return letters.map((word) => (word ? [...word][0]! : "")).join("").toLocaleUpperCase() || "?";
}

/** A word of the engine as a label: `in_person` becomes In person. */
export function label(word: string): string {
  const text = word.replace(/[_.]/g, " ");
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

/** "1 deal", "3 deals". */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString(language)} ${number === 1 ? one : many}`;
}

/** A phone number in E.164 with its country code apart. */
export function phone(number: string): string {
  return number.replace(/^(\+(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3}))(?=\d)/, "$1 ");
}
