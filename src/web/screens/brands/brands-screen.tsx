import { useState, type ReactNode } from 'react';
import { navigate } from '../../app/location.ts';
import { href } from '../../app/screens.ts';
import { useShortcuts } from '../../app/shortcuts.ts';
import type { Reply } from '../../client/call.ts';
import { useAction, useApi } from '../../client/use-api.ts';
import { Button, Dialog, TextField } from '../../design/controls.tsx';
import { Empty, Fault, Wait } from '../../design/states.tsx';
import { say } from '../../design/toasts.tsx';
import { DataTable, type Column } from '../../table/data-table.tsx';
import { counted, figure, Time } from '../../value/time.tsx';
import { Inert } from '../../value/value.tsx';
import styles from './brands.module.css';

type Brand = Reply<'listBrands'>['brands'][number];

const COLUMNS: readonly Column<Brand>[] = [
  {
    id: 'name',
    title: 'Brand',
    width: 'minmax(140px, 1fr)',
    cell: ({ id, name }) => (
      <a href={href('brand', {}, { id })} tabIndex={-1}>
        <Inert text={name} clamp={80} />
      </a>
    ),
  },
  {
    id: 'domains',
    title: 'Domains',
    width: 'minmax(0, 2fr)',
    cell: ({ domains }) => <Inert text={domains.join(', ')} kind="host" clamp={120} />,
  },
  {
    id: 'owned',
    title: 'Also owned',
    width: '90px',
    align: 'end',
    isSecondary: true,
    cell: ({ owned }) => figure(owned.length),
  },
  {
    id: 'pages',
    title: 'Pages',
    width: '70px',
    align: 'end',
    isSecondary: true,
    cell: ({ pages }) => figure(pages.length),
  },
  {
    id: 'since',
    title: 'Protected since',
    width: '132px',
    isSecondary: true,
    cell: ({ createdAt }) => <Time at={createdAt} />,
  },
];

/** What is protected. */
export function BrandsScreen(): ReactNode {
  const brands = useApi('listBrands', { query: { limit: 500 } });
  const [isAdding, setAdding] = useState(false);
  useShortcuts([{ keys: 'n', title: 'Protect a brand', run: () => setAdding(true) }]);
  const add = (
    <Button kind="primary" onPress={() => setAdding(true)}>
      Protect a brand
    </Button>
  );
  return (
    <>
      <header className={styles.head}>
        <h1>Brands</h1>
        {add}
      </header>
      {brands.error !== null && <Fault error={brands.error} onRetry={() => void brands.refetch()} />}
      {brands.data === undefined && brands.error === null && <Wait />}
      {brands.data?.brands.length === 0 && (
        <Empty title="No brand is protected yet" actions={add}>
          Give the address of a genuine site. Adit then looks for names that imitate it, pages that copy it
          and sites that load its images: among all it has seen, and all that it will see.
        </Empty>
      )}
      {brands.data !== undefined && brands.data.brands.length > 0 && (
        <DataTable
          label="Protected brands"
          columns={COLUMNS}
          rows={brands.data.brands}
          rowKey={({ id }) => id}
          onOpen={({ id }) => navigate(href('brand', {}, { id }))}
          footer={counted(brands.data.total, 'brand')}
        />
      )}
      {isAdding && <AddBrand onClose={() => setAdding(false)} />}
    </>
  );
}

function AddBrand({ onClose }: { readonly onClose: () => void }): ReactNode {
  const [url, setUrl] = useState('');
  const [name, setName] = useState('');
  const add = useAction('addBrand', ['listBrands']);
  const save = async (): Promise<void> => {
    try {
      const { brand, isNew } = await add.mutateAsync({
        body: { url: url.trim(), ...(name.trim() !== '' && { name: name.trim() }) },
      });
      say(isNew ? 'It is protected from now on.' : 'It was protected already; what is new was added.');
      onClose();
      navigate(href('brand', {}, { id: brand.id }));
    } catch {
      // shown in the dialog
    }
  };
  return (
    <Dialog
      title="Protect a brand"
      onClose={onClose}
      onSubmit={() => void save()}
      submitLabel="Protect"
      isBusy={add.isPending}
      isReady={url.trim() !== ''}
    >
      <TextField
        label="Address of the genuine site"
        hint="A domain, a host or a URL. Its page is kept as one to protect."
        value={url}
        onChange={setUrl}
        placeholder="https://example.org/"
        autoFocus
        isRequired
      />
      <TextField
        label="Name"
        hint="As people know it; default: from the domain."
        value={name}
        onChange={setName}
      />
      {add.error !== null && <Fault error={add.error} />}
    </Dialog>
  );
}
