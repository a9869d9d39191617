import { useEffect, useRef } from 'react';
import { goKeys } from './links.tsx';
import { setSingleKeys, singleKeysOn } from './single-keys.ts';

const others = [
  { keys: ['⌘ K', 'Ctrl K'], does: 'Find, or go to anything by name' },
  { keys: ['/'], does: 'The same' },
  { keys: ['j'], does: 'Next row' },
  { keys: ['k'], does: 'Row before' },
  { keys: ['Enter'], does: 'Open the row' },
  { keys: ['?'], does: 'This list' },
  { keys: ['Esc'], does: 'Close what is open' },
];

/** All keys of the console, and the way to turn those off that are pressed alone. */
export function KeysHelp({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
    if (box.current) box.current.checked = singleKeysOn();
  }, []);
  return (
    <dialog ref={dialog} className="palette keys" onClose={onClose} aria-label="Keyboard">
      <header className="panel-head">
        <h2>Keyboard</h2>
        <span className="spring" />
        <form method="dialog">
          <button type="submit" className="btn quiet small">
            Close
          </button>
        </form>
      </header>
      <div className="keys-lists">
        <dl>
          {[...goKeys].map(([key, { text }]) => (
            <div key={key}>
              <dt>
                <kbd>g</kbd> <kbd>{key}</kbd>
              </dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
        <dl>
          {others.map(({ keys, does }) => (
            <div key={keys[0]}>
              <dt>
                {keys.map((each) => (
                  <kbd key={each}>{each}</kbd>
                ))}
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
      </div>
      <label className="tick-line panel-note">
        <input ref={box} type="checkbox" defaultChecked onChange={(event) => setSingleKeys(event.target.checked)} />
        <span>Keys pressed alone act in this browser. ⌘ K, Ctrl K and ? always do.</span>
      </label>
    </dialog>
  );
}
