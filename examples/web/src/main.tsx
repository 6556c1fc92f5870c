import "@fontsource-variable/inter/index.css";
import "./style/base.css";
import "./style/shell.css";
import "./style/contacts.css";
import "./style/board.css";
import "./style/cases.css";
import "./style/parts.css";

import { render } from "preact";
import { App } from "./app";
import { start } from "./crm";
import { isEmpty, loadSample } from "./sample/load";
import { Welcome } from "./welcome";

const root = document.querySelector<HTMLElement>("#app")!;

async function begin(): Promise<void> {
  await start();
  // Two tabs that are opened at once must not both load the sample.
  await navigator.locks.request("sample", async () => {
    if (!(await isEmpty())) return;
    const show = (done: number) => render(<Welcome done={done} />, root);
    show(0);
    await loadSample(show);
  });
  render(<App />, root);
}

begin().catch((failure: unknown) => {
  render(<Welcome failure={failure instanceof Error ? failure.message : String(failure)} />, root);
});

// With it the page opens without a network. In development, files change too often to be kept.
if (import.meta.env.PROD && "serviceWorker" in navigator) void navigator.serviceWorker.register("./offline.js");
