import { paths } from '../../paths.ts';
import { Chip } from '../ui/chip.tsx';
import { Panel } from '../ui/panel.tsx';
import { tight } from '../ui/tight.ts';

interface Choices {
  flags: { name: string; title: string }[];
  services: { id: string; title: string; revisions: { name: string; percent: number }[] }[];
}

/** What may be rolled out: a flag, or a revision of a service with the share of traffic that it has already. */
export function SubjectChoice({ flags, services }: Choices) {
  return (
    <>
      {flags.length > 0 && (
        <Panel title="A flag">
          {flags.map(({ name, title }) => (
            <a key={name} className="row plain" href={`${paths.newRollout()}?flag=${encodeURIComponent(name)}`}>
              <span>
                <span className="row-title">{title}</span>
                <span className="row-detail mono block">{name}</span>
              </span>
            </a>
          ))}
        </Panel>
      )}
      {services.map(({ id, title, revisions }) => (
        <Panel key={id} title={`A revision of ${title}`}>
          {revisions.length === 0 && <p className="panel-note">No revision of it was seen that could take traffic.</p>}
          {revisions.map(({ name, percent }) => (
            <a
              key={name}
              className="row plain"
              href={`${paths.newRollout()}?service=${encodeURIComponent(id)}&revision=${encodeURIComponent(name)}`}
            >
              <span className="mono">{name}</span>
              {percent > 0 && <Chip>{tight(`has ${percent} % of traffic`)}</Chip>}
            </a>
          ))}
        </Panel>
      ))}
    </>
  );
}
