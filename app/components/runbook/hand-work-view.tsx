import type { HandWork } from '../../domain/run/commands/by-hand.ts';
import { Command } from '../ui/command.tsx';

/** What a person does in place of a step: sentences, then exact commands. */
export function HandWorkView({ work }: { work: HandWork }) {
  return (
    <div className="grid gap-2">
      {work.say.map((sentence) => (
        <p key={sentence} className="whitespace-pre-wrap text-[13px]">
          {sentence}
        </p>
      ))}
      {work.commands.map(({ label, command }) => (
        <Command key={label} label={label} command={command} />
      ))}
    </div>
  );
}
