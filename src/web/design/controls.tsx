import type { ReactNode } from 'react';
import {
  Button as AriaButton,
  Checkbox as AriaCheckbox,
  FieldError,
  Heading,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Modal,
  ModalOverlay,
  Dialog as AriaDialog,
  Popover,
  Radio,
  RadioGroup,
  Select as AriaSelect,
  SelectValue,
  Text,
  TextArea,
  TextField as AriaTextField,
  Tooltip,
  TooltipTrigger,
  type ButtonProps as AriaButtonProps,
  type Key as ItemKey,
} from 'react-aria-components';
import styles from './controls.module.css';

const classes = (...names: readonly (string | false | undefined)[]): string =>
  names.filter((name) => name !== false && name !== undefined && name !== '').join(' ');

interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'children'> {
  readonly kind?: 'plain' | 'primary' | 'quiet' | 'danger';
  /** What an icon button does: its name, and its hint when pointed at. */
  readonly label?: string;
  readonly children: ReactNode;
}

export function Button({ kind = 'plain', label, children, ...rest }: ButtonProps): ReactNode {
  const button = (
    <AriaButton
      {...rest}
      {...(label !== undefined && { 'aria-label': label })}
      className={classes(styles.button, kind !== 'plain' && styles[kind], label !== undefined && styles.icon)}
    >
      {children}
    </AriaButton>
  );
  return label === undefined ? button : <Hint text={label}>{button}</Hint>;
}

/** A link that looks like a button: it goes somewhere, or downloads. */
export function ButtonLink(props: {
  readonly href: string;
  readonly kind?: 'plain' | 'primary' | 'quiet';
  readonly isDownload?: boolean;
  readonly children: ReactNode;
}): ReactNode {
  const { kind = 'plain' } = props;
  return (
    <a
      href={props.href}
      className={classes(styles.button, kind !== 'plain' && styles[kind])}
      {...(props.isDownload === true && { download: '' })}
    >
      {props.children}
    </a>
  );
}

/** Words that appear when its one child, a control, is pointed at or focused. */
export function Hint({ text, children }: { readonly text: string; readonly children: ReactNode }): ReactNode {
  return (
    <TooltipTrigger delay={500}>
      {children}
      <Tooltip className={styles.tooltip!} offset={6}>
        {text}
      </Tooltip>
    </TooltipTrigger>
  );
}

interface FieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
  readonly isRequired?: boolean;
  readonly autoFocus?: boolean;
  readonly type?: 'text' | 'password' | 'email' | 'url' | 'number';
  readonly autoComplete?: string;
  /** Lines of a text area; one line: an input. */
  readonly rows?: number;
  readonly error?: string | undefined;
}

export function TextField({ label, hint, rows, placeholder, error, ...rest }: FieldProps): ReactNode {
  return (
    <AriaTextField {...rest} isInvalid={error !== undefined} className={styles.field!}>
      <Label className={styles.label!}>{label}</Label>
      {rows === undefined ? (
        <Input className={styles.input!} {...(placeholder !== undefined && { placeholder })} />
      ) : (
        <TextArea className={styles.input!} rows={rows} {...(placeholder !== undefined && { placeholder })} />
      )}
      {hint !== undefined && (
        <Text slot="description" className={styles.hint!}>
          {hint}
        </Text>
      )}
      <FieldError>{error}</FieldError>
    </AriaTextField>
  );
}

export interface Choice<Id extends string> {
  readonly id: Id;
  readonly name: string;
  readonly hint?: string;
}

/** One of a list that unfolds. */
export function Select<Id extends string>(props: {
  readonly label: string;
  /** False: the label is read out but not shown. */
  readonly showLabel?: boolean;
  readonly choices: readonly Choice<Id>[];
  readonly value: Id | undefined;
  readonly onChange: (id: Id) => void;
  readonly placeholder?: string;
}): ReactNode {
  const isShown = props.showLabel !== false;
  return (
    <AriaSelect
      className={styles.field!}
      value={props.value ?? null}
      onChange={(key: ItemKey | null) => {
        const chosen = props.choices.find(({ id }) => id === key);
        if (chosen !== undefined) props.onChange(chosen.id);
      }}
      placeholder={props.placeholder ?? 'Choose…'}
      {...(!isShown && { 'aria-label': props.label })}
    >
      {isShown && <Label className={styles.label!}>{props.label}</Label>}
      <AriaButton className={classes(styles.button, styles.select)}>
        <SelectValue>{({ selectedText, defaultChildren }) => selectedText || defaultChildren}</SelectValue>
        <span aria-hidden="true">▾</span>
      </AriaButton>
      <Popover className={styles.popover!}>
        <ListBox className={styles.menu!} items={props.choices.map((choice) => ({ ...choice }))}>
          {(choice) => (
            <ListBoxItem className={styles.menuItem!} textValue={choice.name}>
              <Text slot="label">{choice.name}</Text>
              {choice.hint !== undefined && (
                <Text slot="description" className={styles.hint!}>
                  {choice.hint}
                </Text>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}

/** Where tabs are wider than the screen: brings the chosen one into view when they are first shown. */
export function showChosenTab(list: HTMLElement | null): void {
  requestAnimationFrame(() => {
    const tab = list?.querySelector<HTMLElement>('[aria-selected=true]');
    if (list === null || tab === null || tab === undefined) return;
    list.scrollLeft = tab.offsetLeft - list.offsetLeft - (list.clientWidth - tab.offsetWidth) / 2;
  });
}

/** One of a few, all in view. */
export function Choices<Id extends string>(props: {
  readonly label: string;
  readonly showLabel?: boolean;
  readonly choices: readonly Choice<Id>[];
  readonly value: Id;
  readonly onChange: (id: Id) => void;
}): ReactNode {
  const isShown = props.showLabel !== false;
  return (
    <RadioGroup
      className={styles.field!}
      value={props.value}
      onChange={(key) => {
        const chosen = props.choices.find(({ id }) => id === key);
        if (chosen !== undefined) props.onChange(chosen.id);
      }}
      orientation="horizontal"
      {...(!isShown && { 'aria-label': props.label })}
    >
      {isShown && <Label className={styles.label!}>{props.label}</Label>}
      <div className={styles.choices}>
        {props.choices.map(({ id, name }) => (
          <Radio key={id} value={id} className={styles.choice!}>
            {name}
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}

export function Check(props: {
  readonly isSelected: boolean;
  readonly onChange: (isSelected: boolean) => void;
  readonly isDisabled?: boolean;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <AriaCheckbox
      className={styles.check!}
      isSelected={props.isSelected}
      onChange={props.onChange}
      isDisabled={props.isDisabled ?? false}
    >
      {({ isSelected }) => (
        <>
          <span className={styles.box} aria-hidden="true">
            {isSelected ? '✓' : ''}
          </span>
          {props.children}
        </>
      )}
    </AriaCheckbox>
  );
}

/** A dialog over the page. Its form is sent by Enter; Escape closes it. */
export function Dialog(props: {
  readonly title: string;
  readonly onClose: () => void;
  /** Makes it a form: what its primary button and Enter do. */
  readonly onSubmit?: () => void;
  readonly submitLabel?: string;
  readonly isBusy?: boolean;
  readonly isReady?: boolean;
  readonly children: ReactNode;
}): ReactNode {
  const { title, onClose, onSubmit, isBusy = false, isReady = true } = props;
  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={(isOpen) => !isOpen && onClose()}
      className={styles.veil!}
    >
      <Modal className={styles.dialog!}>
        <AriaDialog className={styles.dialogFrame!}>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              if (isReady && !isBusy) onSubmit?.();
            }}
          >
            <div className={styles.dialogHead}>
              <Heading slot="title" level={2}>
                {title}
              </Heading>
            </div>
            <div className={styles.dialogBody}>{props.children}</div>
            <div className={styles.dialogFoot}>
              <Button kind="quiet" onPress={onClose}>
                {onSubmit === undefined ? 'Close' : 'Cancel'}
              </Button>
              {onSubmit !== undefined && (
                <Button kind="primary" type="submit" isDisabled={!isReady || isBusy}>
                  {isBusy ? 'Working…' : (props.submitLabel ?? 'Save')}
                </Button>
              )}
            </div>
          </form>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

export function Panel(props: {
  readonly title?: string;
  readonly actions?: ReactNode;
  readonly isFlush?: boolean;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <section className={styles.panel} {...(props.title !== undefined && { 'aria-label': props.title })}>
      {props.title !== undefined && (
        <div className={styles.panelHead}>
          <h2>{props.title}</h2>
          {props.actions}
        </div>
      )}
      <div className={props.isFlush === true ? undefined : styles.panelBody}>{props.children}</div>
    </section>
  );
}

/** A short mark beside a thing. Never colour alone: the word says it. */
export function Badge(props: {
  readonly kind?: 'confirmed' | 'suspected' | 'dismissed' | 'good' | 'plain';
  readonly children: ReactNode;
}): ReactNode {
  const { kind = 'plain' } = props;
  const isStatus = kind === 'confirmed' || kind === 'suspected' || kind === 'dismissed';
  return (
    <span className={classes(styles.badge, kind !== 'plain' && styles[kind])}>
      {isStatus && <span className={styles.dot} aria-hidden="true" />}
      {props.children}
    </span>
  );
}

export const Key = ({ children }: { readonly children: ReactNode }): ReactNode => (
  <kbd className={styles.key}>{children}</kbd>
);
