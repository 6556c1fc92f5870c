/** The example in a browser: search, drag, refuse, answer, reload, two tabs, no network, export, both themes, a phone. */

import { createRequire } from "node:module";
import { mkdirSync, readFileSync } from "node:fs";
import { becomes, count, equal, holds } from "./check.mjs";
import { browser } from "./browser.mjs";
import { serve } from "./serve.mjs";
import { barriers, column, deal, dragTo, findContact, visit } from "./view.mjs";

const [folder, pictures] = process.argv.slice(2);
mkdirSync(pictures, { recursive: true });
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const errors = [];
const { server, address } = await serve(folder);
const { context, close } = await browser(errors);
let page = context.pages()[0] ?? (await context.newPage());
const picture = async (name) => {
  await page.waitForTimeout(250);
  await page.screenshot({ path: `${pictures}/${name}.png` });
};

async function firstRun() {
  await page.goto(address);
  const steps = await page.evaluate(async () => {
    const seen = new Set();
    for (const end = Date.now() + 120_000; !document.querySelector(".row"); ) {
      const failed = document.querySelector("[role=alert]")?.textContent;
      if (failed || Date.now() > end) throw new Error(failed ?? "the sample does not come in");
      const bar = document.querySelector("[role=progressbar]");
      if (bar) seen.add(bar.getAttribute("aria-valuenow"));
      await new Promise((next) => setTimeout(next, 10));
    }
    return seen.size;
  });
  holds(steps > 5, "the first run loads the sample and shows how far it is");
  await becomes(() => page.locator(".tabs button", { hasText: "People" }).innerText(), "People 367", "everybody is there");
}

async function contacts() {
  const field = page.getByLabel("Search contacts");
  const rows = () => page.locator(".row b").allInnerTexts().then((names) => names.join(", "));
  await field.pressSequentially("jana pet", { delay: 15 });
  await becomes(rows, "Jana Petersen", "the search finds somebody as one types");
  await field.fill("040 300853");
  await becomes(rows, "Nordwind Logistik GmbH", "it finds a phone number as it is spoken");
  await field.fill("xyzzy");
  await becomes(rows, "", "it finds nobody when there is nobody");
  await findContact(page, "nordwind", "Ole Hansen");
  holds(await page.getByText("does not work").isVisible(), "an address that does not work is marked");
  await page.getByLabel("New note").fill("Ask Mira for his new address.");
  await page.getByRole("button", { name: "Add note" }).click();
  await becomes(() => page.locator(".timeline .text").first().innerText(), "Ask Mira for his new address.", "a note is on the timeline");
  await page.getByRole("button", { name: "New person" }).click();
  await page.getByLabel("First name").fill("Ada");
  await page.getByLabel("Phone").fill("12");
  await page.getByRole("button", { name: "Add person" }).click();
  await becomes(() => page.getByLabel("Phone").getAttribute("aria-invalid"), "true", "a wrong number is refused at its field");
  await picture("new-person");
  equal(await barriers(page, axe), "", "the form has no barriers");
  await page.getByLabel("Phone").fill("040 30085311");
  await page.getByRole("button", { name: "Add person" }).click();
  await page.getByRole("heading", { name: "Ada", level: 2 }).waitFor();
  await becomes(() => page.locator(".chip").innerText(), "+49 4030085311", "a new person is there at once");
  await findContact(page, "hanse", "Hansekai Lager Nord GmbH");
  await page.locator(".timeline li").nth(2).waitFor();
  equal(await barriers(page, axe), "", "a card has no barriers");
  await picture("contacts");
  await page.getByRole("region", { name: "Timeline" }).evaluate((section) => section.scrollIntoView());
  await picture("timeline");
  await findContact(page, "nordwind", "Nordwind Logistik GmbH");
  await becomes(() => page.getByRole("region", { name: "Deals" }).locator("h3 small").innerText(), "€267,650.50 open", "the open deals of the story");
  await picture("organisation");
}

async function board() {
  await visit(page, "Pipeline");
  await deal(page, "Maintenance 2027").waitFor();
  await picture("board");
  equal(await barriers(page, axe), "", "the board has no barriers");
  const before = [await column(page, "Proposal"), await column(page, "Negotiation")];
  await dragTo(page, "Maintenance 2027", "Negotiation");
  await becomes(async () => (await column(page, "Negotiation")).sum, before[1].sum + 36_900, "a drag moves a deal, and the sum with it");
  const after = [await column(page, "Proposal"), await column(page, "Negotiation")];
  equal(after[0].sum, before[0].sum - 36_900, "the stage that it left has less");
  equal(after[1].count, before[1].count + 1, "and its number of deals follows");
  holds(await after[1].at.locator(".deal", { hasText: "Maintenance 2027" }).isVisible(), "the card stands in its new stage");

  await dragTo(page, "Maintenance 2027", "Lost");
  const dialog = page.getByRole("dialog");
  holds((await dialog.innerText()).includes("Lost asks for more"), "a refused move says what the stage asks for");
  await picture("refused");
  await page.getByRole("button", { name: "Leave it" }).click();
  await becomes(async () => (await column(page, "Negotiation")).count, after[1].count, "a refused deal stays");

  await deal(page, "Maintenance 2027").focus();
  await page.keyboard.press("Alt+ArrowLeft");
  await becomes(async () => (await column(page, "Proposal")).sum, before[0].sum, "the keyboard moves a deal, too");
  await dragTo(page, "Maintenance 2027", "Lost");
  await dialog.getByLabel("Why it was lost").selectOption({ label: "Budget" });
  await dialog.getByRole("button", { name: "Move to Lost" }).click();
  await becomes(() => page.getByRole("region", { name: "Lost", exact: true }).locator(".deal", { hasText: "Maintenance 2027" }).count(), 1, "with the reason it moves");
  await dragTo(page, "Maintenance 2027", "Proposal");
  await becomes(async () => (await column(page, "Proposal")).sum, before[0].sum, "and back to where it was");
}

async function story() {
  await visit(page, "Pipeline");
  await dragTo(page, "Forklifts for hall 3", "Won");
  await becomes(() => page.getByRole("region", { name: "Won", exact: true }).locator(".deal", { hasText: "Forklifts" }).count(), 1, "the order wins its deal");
  await deal(page, "Forklifts for hall 3").click();
  const panel = page.getByRole("complementary", { name: "Deal" });
  await becomes(() => panel.locator(".stages li.now b").innerText(), "Won", "the panel of a deal has its stages");
  await panel.locator(".timeline li").nth(1).waitFor();
  await picture("deal");
  equal(await barriers(page, axe), "", "the panel has no barriers");
  await page.keyboard.press("Escape");
  await findContact(page, "nordwind", "Nordwind Logistik GmbH");
  const open = () => page.getByRole("region", { name: "Deals" }).locator("h3 small").innerText();
  await becomes(open, "€119,150.50 open", "what is open after the win, as in every example");
}

async function cases() {
  await visit(page, "Cases");
  const number = async (name) => Number((await page.locator(".tabs button", { hasText: name }).innerText()).replace(/\D/g, ""));
  await becomes(() => number("All"), 152, "all cases are there");
  await page.locator(".row", { hasText: "In progress" }).first().click();
  await page.locator(".bubble").first().waitFor();
  const bubbles = page.locator(".bubble");
  const messages = await bubbles.count();
  await page.getByLabel("Reply", { exact: true }).fill("We are on our way.");
  await page.getByRole("button", { name: "Send" }).click();
  await becomes(() => bubbles.count(), messages + 1, "an answer joins the conversation");
  await page.getByRole("button", { name: "Internal note" }).click();
  await page.getByRole("textbox", { name: "Internal note" }).fill("The spare part is in the van.");
  await page.getByRole("button", { name: "Add note" }).click();
  await becomes(() => page.locator(".bubble.note").last().locator(".words").innerText(), "The spare part is in the van.", "so does a note, which looks different");
  await picture("case");
  equal(await barriers(page, axe), "", "a case has no barriers");
  const waiting = await number("To do");
  await page.getByLabel("Status").selectOption({ label: "Resolved" });
  await becomes(() => number("To do"), waiting - 1, "a resolved case waits for nobody");
}

async function reload() {
  const place = page.url();
  await page.goto("about:blank");
  await page.goto(place);
  await page.locator(".bubble").first().waitFor();
  const words = await page.locator(".words").allInnerTexts();
  holds(words.includes("We are on our way."), "a reload keeps the conversation");
  await visit(page, "Pipeline");
  holds(await page.getByRole("region", { name: "Won", exact: true }).locator(".deal", { hasText: "Forklifts" }).isVisible(), "and the board");
}

async function twoTabs() {
  const other = await context.newPage();
  await other.goto(address);
  await findContact(other, "nordwind", "Mira Scholz");
  await findContact(page, "nordwind", "Mira Scholz");
  await other.getByLabel("New note").fill("Called back.");
  await other.getByRole("button", { name: "Add note" }).click();
  await becomes(() => page.locator(".timeline .text").first().innerText(), "Called back.", "what one tab writes, the other shows");
  await other.close();
}

async function offline() {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await becomes(() => page.evaluate(async () => (await caches.keys()).length), 1, "the files are kept");
  server.closeAllConnections();
  await context.setOffline(true);
  await new Promise((closed) => server.close(closed));
  await page.goto("about:blank");
  await page.goto(address);
  await page.locator(".row").first().waitFor();
  await becomes(() => page.locator(".tabs button", { hasText: "People" }).innerText(), "People 368", "the page opens without a network");
  await context.setOffline(false);
}

async function exported() {
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export" }).click();
  const bytes = readFileSync(await (await download).path());
  equal(bytes.subarray(0, 15).toString(), "SQLite format 3", "the export is a database");
  holds(bytes.length > 500_000, "with everything in it");
}

async function themes() {
  await page.getByRole("button", { name: "Dark" }).click();
  await page.reload();
  await page.locator(".row").first().waitFor();
  equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark", "the theme stays");
  await findContact(page, "nordwind", "Ole Hansen");
  equal(await barriers(page, axe), "", "the dark card has no barriers");
  await picture("dark-contact");
  await visit(page, "Pipeline");
  await deal(page, "Racking").waitFor();
  equal(await barriers(page, axe), "", "nor has the dark board");
  await picture("dark-board");
  await visit(page, "Cases");
  await page.locator(".row").nth(4).click();
  await page.locator(".bubble").first().waitFor();
  equal(await barriers(page, axe), "", "nor has a dark case");
  await picture("dark-case");
}

async function narrow() {
  await page.setViewportSize({ width: 390, height: 844 });
  const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
  holds(await fits(), "a case fits a phone");
  await picture("narrow-case");
  await visit(page, "Pipeline");
  await deal(page, "Racking").waitFor();
  holds(await fits(), "the board fits a phone");
  await picture("narrow-board");
  await visit(page, "Contacts");
  await picture("narrow-contacts");
  await findContact(page, "nordwind", "Jana Petersen");
  holds(await fits(), "a card fits a phone");
  await picture("narrow-card");
  await page.getByRole("link", { name: "All contacts" }).click();
  // The list is drawn when the database has answered.
  await page.getByLabel("Search contacts").waitFor();
  holds(await page.getByLabel("Search contacts").isVisible(), "and the way back is there");
}

try {
  for (const part of [firstRun, contacts, board, story, cases, reload, twoTabs, exported, themes, narrow, offline]) await part();
  equal(errors.join("\n"), "", "the browser has nothing to complain about");
  console.log(`web-example: ${count()} passed`);
} catch (failure) {
  await page.screenshot({ path: `${pictures}/failed.png` }).catch(() => {});
  console.error(failure, errors);
  process.exitCode = 1;
} finally {
  await close();
  server.close();
}
