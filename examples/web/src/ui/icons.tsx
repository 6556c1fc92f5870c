/** The icons of the page, drawn on 20 × 20. */

const PATHS = {
  people: "M7.5 9a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM2 17c0-3 2.3-5 5.5-5s5.5 2 5.5 5M13 3.4a3 3 0 0 1 0 5.2M15 12.6c1.9.8 3 2.4 3 4.4",
  board: "M3 4.5A1.5 1.5 0 0 1 4.500 3H7v14H4.500A1.500 1.500 0 0 1 3 15.500ZM7 3h6v9H7zM13 3h2.500A1.500 1.500 0 0 1 17 4.500V8a1.500 1.500 0 0 1-1.500 1.500H13Z",
  cases: "M4 4h12a1.500 1.500 0 0 1 1.500 1.500v7A1.500 1.500 0 0 1 16 14H9l-4 3.500V14H4a1.500 1.500 0 0 1-1.500-1.500v-7A1.500 1.500 0 0 1 4 4Z",
  search: "M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12ZM13.500 13.500 17 17",
  mail: "M3 5h14v10H3zM3 5.500l7 5.500 7-5.500",
  phone: "M4 3h3l1.500 4-2 1.500a9 9 0 0 0 5 5l1.500-2 4 1.500v3a1 1 0 0 1-1 1A13 13 0 0 1 3 4a1 1 0 0 1 1-1Z",
  pin: "M10 17.500s5.500-4.700 5.500-9.200a5.500 5.500 0 0 0-11 0c0 4.500 5.500 9.200 5.500 9.200ZM10 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
  globe: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM3 10h14M10 3c4 4 4 10 0 14M10 3c-4 4-4 10 0 14",
  building: "M4 17V4.500A1.500 1.500 0 0 1 5.500 3h5A1.500 1.500 0 0 1 12 4.500V17M12 8h2.500A1.500 1.500 0 0 1 16 9.500V17M2.500 17h15M7 6.500h2M7 10h2M7 13.500h2",
  note: "M5 3h7l3 3v11H5zM8 9h4M8 12h4",
  task: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM7 10l2.200 2.200L13.300 8",
  meeting: "M3.500 5h13v12h-13zM3.500 8.500h13M7 3v3M13 3v3",
  change: "M13.500 3.500l3 3L7 16l-4 1 1-4z",
  moon: "M16.500 11.500A7 7 0 1 1 8.500 3.500a5.500 5.500 0 0 0 8 8Z",
  sun: "M10 13.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7ZM10 1.500v2M10 16.500v2M1.500 10h2M16.500 10h2M4 4l1.400 1.400M14.600 14.600 16 16M16 4l-1.400 1.400M5.400 14.600 4 16",
  save: "M10 3v9M6 8.500l4 4 4-4M3.500 16.500h13",
  close: "M5 5l10 10M15 5 5 15",
  plus: "M10 4v12M4 10h12",
  back: "M12.500 4.500 7 10l5.500 5.500",
  check: "M4 10.500 8.200 15 16 6",
  warning: "M10 3 18 16.500H2ZM10 8v4M10 14.200v.3",
  lock: "M5 9h10v8H5zM7 9V6.500a3 3 0 0 1 6 0V9",
  send: "M3 10 17 3.500 13 17l-3-5.500z",
} as const;

export type IconName = keyof typeof PATHS;

/** An icon beside words; it says nothing by itself. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The mark of the page. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg class="mark" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="9" />
      <path d="M21.500 11.200a7 7 0 1 0 0 9.600" />
      <circle cx="23" cy="16" r="2.400" />
    </svg>
  );
}
