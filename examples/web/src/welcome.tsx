/** What is there before the data is: the sample as it comes in, or why the database cannot be opened. */

import { Mark } from "./ui/icons";

export function Welcome({ done = 0, failure }: { done?: number; failure?: string }) {
  const percent = Math.round(done * 100);
  return (
    <main class="welcome">
      <div class="welcome-card">
        <Mark size={44} />
        {failure ? (
          <>
            <h1>The database cannot be opened</h1>
            <p role="alert">{failure}</p>
          </>
        ) : (
          <>
            <h1>Setting up your CRM</h1>
            <p>A sample company moves in: people, deals, cases and what was said. It stays on this device.</p>
            <div class="bar" role="progressbar" aria-label="Loading the sample" aria-valuenow={percent}>
              <i style={{ width: `${percent}%` }} />
            </div>
            <small>{percent} %</small>
          </>
        )}
      </div>
    </main>
  );
}
