import { initials } from "../format";

const HUES = [222, 262, 302, 342, 12, 32, 92, 152, 178, 200];

/** The initials of somebody, on a colour that stays the same for the name. */
export function Avatar({ name, square = false, size = 36 }: { name: string; square?: boolean; size?: number }) {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)!) >>> 0;
  const style = { "--hue": HUES[sum % HUES.length], "--size": `${size}px` };
  return (
    <span class={square ? "avatar square" : "avatar"} style={style} aria-hidden="true">
      {initials(name)}
    </span>
  );
}
