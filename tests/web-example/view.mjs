/** What a user sees and does, in words of the page. */

/** The number in an amount such as €1,916,445.50. */
export const amount = (text) => Number(text.replace(/[^\d.]/g, ""));

/** Goes to one of the three views. */
export async function visit(page, name) {
  await page.getByRole("navigation").getByRole("link", { name, exact: true }).click();
  await page.getByRole("heading", { name, level: 1 }).waitFor();
}

/** Types into the search of the contacts, and chooses the first row with these words. */
export async function findContact(page, words, name) {
  await visit(page, "Contacts");
  await page.getByLabel("Search contacts").fill(words);
  await page.locator(".row", { has: page.locator("b", { hasText: name }) }).first().click();
  await page.getByRole("heading", { name, level: 2 }).waitFor();
}

/** A column of the board: its name, how many deals it has, their sum in its first currency. */
export async function column(page, name) {
  const at = page.getByRole("region", { name, exact: true });
  return {
    at,
    count: Number(await at.locator(".count").innerText()),
    sum: amount(await at.locator(".sum b").innerText()),
  };
}

/** A deal on the board. */
export const deal = (page, name) => page.locator(".deal:not(.ghost)", { hasText: name });

/** Drags a deal onto a column, as a hand does it: down, a few steps, along the edge until the column comes into view, up. */
export async function dragTo(page, name, target) {
  const card = deal(page, name);
  await card.scrollIntoViewIfNeeded();
  const from = await card.boundingBox();
  const board = await page.locator(".columns").boundingBox();
  const column = page.getByRole("region", { name: target, exact: true });
  await page.mouse.move(from.x + from.width / 2, from.y + 20);
  await page.mouse.down();
  for (let patience = 0; patience < 200; patience += 1) {
    const to = await column.boundingBox();
    const [left, right] = [to.x + 20, to.x + 140];
    if (left > board.x && right < board.x + board.width) {
      await page.mouse.move((left + right) / 2, to.y + 200, { steps: 8 });
      const over = await column.evaluate((element) => element.classList.contains("over"));
      if (over) break;
    } else {
      await page.mouse.move(left <= board.x ? board.x + 10 : board.x + board.width - 10, to.y + 200, { steps: 4 });
    }
    await page.waitForTimeout(25);
  }
  await page.mouse.up();
}

/** What axe finds against the page as it stands, in a line for each rule. */
export async function barriers(page, axe) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run());
  return violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).slice(0, 4).join(", ")}`).join("\n");
}
