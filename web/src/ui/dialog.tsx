// A dialog over the page; on a phone a sheet from below.
import { Dialog as Base } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';

export function Dialog(props: {
  title: string;
  text?: string | undefined;
  wide?: boolean;
  close: () => void;
  footer?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <Base.Root open onOpenChange={(open) => !open && props.close()}>
      <Base.Portal>
        <Base.Backdrop className="scrim" />
        <Base.Popup className={props.wide ? 'dialog wide' : 'dialog'}>
          <header>
            <Base.Title render={<h2 />}>{props.title}</Base.Title>
            {props.text && <Base.Description>{props.text}</Base.Description>}
          </header>
          {props.children && <div className="in">{props.children}</div>}
          {props.footer && <footer>{props.footer}</footer>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
