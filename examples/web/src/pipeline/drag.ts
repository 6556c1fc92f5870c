/** Dragging a card with a mouse, a pen or a finger. A finger has to rest on the card first, so that it can scroll. */

const FAR_ENOUGH = 6;
const REST = 280;
const EDGE = 60;

/** Begins to watch a pointer that went down on a card. `drop` is told the stage that the card was let go over. */
export function drag(down: PointerEvent, card: HTMLElement, drop: (stage: string) => void): void {
  if (down.button !== 0) return;
  const touch = down.pointerType === "touch";
  let ghost: HTMLElement | undefined;
  let over: HTMLElement | undefined;
  let frame = 0;
  let [x, y] = [down.clientX, down.clientY];
  const box = card.getBoundingClientRect();
  const rest = touch ? setTimeout(() => lift(), REST) : undefined;

  const lift = () => {
    ghost = card.cloneNode(true) as HTMLElement;
    ghost.className = "deal ghost";
    ghost.setAttribute("aria-hidden", "true");
    ghost.style.width = `${box.width}px`;
    document.body.append(ghost);
    card.classList.add("lifted");
    document.documentElement.classList.add("dragging");
    follow();
  };
  const follow = () => {
    if (!ghost) return;
    ghost.style.transform = `translate(${box.left + x - down.clientX}px, ${box.top + y - down.clientY}px) rotate(1.5deg)`;
    const column = document.elementFromPoint(x, y)?.closest<HTMLElement>(".column") ?? undefined;
    if (column !== over) {
      over?.classList.remove("over");
      column?.classList.add("over");
      over = column;
    }
    cancelAnimationFrame(frame);
    const board = document.querySelector<HTMLElement>(".columns")!;
    const edge = board.getBoundingClientRect();
    const pull = x > edge.right - EDGE ? 12 : x < edge.left + EDGE ? -12 : 0;
    if (pull) {
      board.scrollLeft += pull;
      frame = requestAnimationFrame(follow);
    }
  };
  const move = (event: PointerEvent) => {
    [x, y] = [event.clientX, event.clientY];
    const far = Math.hypot(x - down.clientX, y - down.clientY) > FAR_ENOUGH;
    if (!ghost && far) {
      if (touch) return end();
      lift();
    }
    follow();
  };
  const end = () => {
    clearTimeout(rest);
    cancelAnimationFrame(frame);
    ghost?.remove();
    over?.classList.remove("over");
    card.classList.remove("lifted");
    document.documentElement.classList.remove("dragging");
    for (const [name, listener] of listeners) removeEventListener(name, listener as EventListener, true);
    removeEventListener("touchmove", hold);
  };
  const up = () => {
    const stage = ghost && over?.dataset.stage;
    if (ghost) addEventListener("click", swallow, { capture: true, once: true });
    // A click that never comes must not swallow a later one.
    setTimeout(() => removeEventListener("click", swallow, true));
    end();
    if (stage) drop(stage);
  };
  const escape = (event: KeyboardEvent) => {
    if (event.key === "Escape") end();
  };
  const hold = (event: Event) => {
    if (ghost) event.preventDefault();
  };
  const listeners = [
    ["pointermove", move],
    ["pointerup", up],
    ["pointercancel", end],
    ["keydown", escape],
  ] as const;
  for (const [name, listener] of listeners) addEventListener(name, listener as EventListener, true);
  addEventListener("touchmove", hold, { passive: false });
}

function swallow(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}
