/** The frame around the views: where one can go, the theme, and taking the data along. */

import { useEffect, useState } from "preact/hooks";
import { Cases } from "./cases/cases";
import { Contacts } from "./contacts/contacts";
import { attempt, crm } from "./crm";
import { Board } from "./pipeline/board";
import { to, useRoute } from "./route";
import { Icon, type IconName, Mark } from "./ui/icons";
import { Toasts, say } from "./ui/toast";

const PLACES: { key: string; name: string; icon: IconName }[] = [
  { key: "contacts", name: "Contacts", icon: "people" },
  { key: "pipeline", name: "Pipeline", icon: "board" },
  { key: "cases", name: "Cases", icon: "cases" },
];

export function App() {
  const route = useRoute();
  const here = PLACES.find((place) => place.key === route[0]) ?? PLACES[0]!;
  useEffect(() => {
    document.title = `${here.name} · crm-core`;
  }, [here]);
  return (
    <div class="shell">
      <a class="skip" href="#main" onClick={skip}>
        Skip to the content
      </a>
      <nav class="rail" aria-label="Main">
        <a class="brand" href={to("contacts")}>
          <Mark /> <span>crm-core</span>
        </a>
        {PLACES.map((place) => (
          <a key={place.key} class="place" href={to(place.key)} aria-current={place === here ? "page" : undefined}>
            <Icon name={place.icon} size={20} />
            <span>{place.name}</span>
          </a>
        ))}
        <div class="rail-foot">
          <ThemeButton />
          <button class="place" onClick={() => attempt(exportAll)} title="Save everything as a database file">
            <Icon name="save" size={20} />
            <span>Export</span>
          </button>
          <p class="local">
            <Icon name="lock" size={14} /> <span>Your data stays in this browser.</span>
          </p>
        </div>
      </nav>
      <main id="main" tabIndex={-1}>
        {here.key === "contacts" && <Contacts reference={route[1]} />}
        {here.key === "pipeline" && <Board pipelineId={route[1]} dealId={route[2]} />}
        {here.key === "cases" && <Cases filter={route[1] || "open"} caseId={route[2]} />}
      </main>
      <Toasts />
    </div>
  );
}

function skip(event: Event): void {
  event.preventDefault();
  document.querySelector<HTMLElement>("#main")?.focus();
}

/** Writes the whole database as a SQLite file, which every other host of the engine can open. */
async function exportAll(): Promise<void> {
  const bytes = await crm.export();
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes as BlobPart], { type: "application/vnd.sqlite3" }));
  link.download = `crm-${new Date().toISOString().slice(0, 10)}.db`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  say(`${link.download} was saved`);
}

function ThemeButton() {
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const [theme, setTheme] = useState(document.documentElement.dataset.theme ?? system);
  const other = theme === "dark" ? "light" : "dark";
  const change = () => {
    document.documentElement.dataset.theme = other;
    localStorage.setItem("theme", other);
    setTheme(other);
  };
  return (
    <button class="place" onClick={change}>
      <Icon name={other === "dark" ? "moon" : "sun"} size={20} />
      <span>{other === "dark" ? "Dark" : "Light"}</span>
    </button>
  );
}
