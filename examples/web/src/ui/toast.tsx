/** Short messages: failures, and what a move has done. Screen readers hear them. */

import { useEffect, useState } from "preact/hooks";
import { failures } from "../crm";
import { Icon } from "./icons";

type Message = { text: string; good: boolean };

const messages = new EventTarget();

/** Says that something is done. */
export function say(text: string): void {
  messages.dispatchEvent(new CustomEvent("message", { detail: text }));
}

export function Toasts() {
  const [message, setMessage] = useState<Message>();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = (good: boolean) => (event: Event) => {
      clearTimeout(timer);
      setMessage({ text: (event as CustomEvent<string>).detail, good });
      timer = setTimeout(() => setMessage(undefined), good ? 4_000 : 8_000);
    };
    const [failed, said] = [show(false), show(true)];
    failures.addEventListener("failure", failed);
    messages.addEventListener("message", said);
    return () => {
      failures.removeEventListener("failure", failed);
      messages.removeEventListener("message", said);
    };
  }, []);
  return (
    <div class="toasts" role="status" aria-live="polite">
      {message && (
        <p class={message.good ? "toast" : "toast bad"}>
          <Icon name={message.good ? "check" : "warning"} /> {message.text}
        </p>
      )}
    </div>
  );
}
