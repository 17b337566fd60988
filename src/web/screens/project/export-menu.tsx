import { ARTIFACT_STATUSES } from '#model';
import { useState, type ReactNode } from 'react';
import { DialogTrigger, Popover, Dialog as AriaDialog } from 'react-aria-components';
import { addressOf } from '../../client/call.ts';
import { Button, ButtonLink, Check } from '../../design/controls.tsx';
import controls from '../../design/controls.module.css';
import styles from './project.module.css';

const FORMATS = [
  { id: 'stix', name: 'STIX 2.1' },
  { id: 'csv', name: 'CSV' },
  { id: 'json', name: 'JSON' },
  { id: 'markdown', name: 'Markdown report' },
] as const;

/** The project as a file, in every format there is, of the chosen statuses. */
export function ExportMenu({ id }: { readonly id: string }): ReactNode {
  const [statuses, setStatuses] = useState<readonly (typeof ARTIFACT_STATUSES)[number][]>([
    'confirmed',
    'suspected',
  ]);
  return (
    <DialogTrigger>
      <Button>Export ▾</Button>
      <Popover className={controls.popover!} placement="bottom end">
        <AriaDialog aria-label="Export" className={styles.export!}>
          <p className="soft">What of it</p>
          {ARTIFACT_STATUSES.map((status) => (
            <Check
              key={status}
              isSelected={statuses.includes(status)}
              onChange={(is) =>
                setStatuses(
                  ARTIFACT_STATUSES.filter((each) => (each === status ? is : statuses.includes(each))),
                )
              }
            >
              {status}
            </Check>
          ))}
          <p className="soft">As</p>
          {statuses.length === 0
            ? 'Choose a status first.'
            : FORMATS.map(({ id: format, name }) => (
                <ButtonLink
                  key={format}
                  isDownload
                  href={addressOf('exportProject', {
                    params: { id },
                    query: { format, status: [...statuses] },
                  })}
                >
                  {name}
                </ButtonLink>
              ))}
        </AriaDialog>
      </Popover>
    </DialogTrigger>
  );
}
