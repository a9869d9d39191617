import { CopyButton } from './copy-button.tsx';

/** A shell command, whole and copyable. */
export function Command({ label, command }: { label: string; command: string }) {
  return (
    <div className="command">
      <div className="why mb-1">{label}</div>
      <div className="relative">
        <pre>
          <code>{command}</code>
        </pre>
        <CopyButton text={command} />
      </div>
    </div>
  );
}
