// The dialog itself; loaded when the first one opens.
import { Dialog as Base } from '@base-ui/react/dialog';
import type { DialogProps } from './dialog.tsx';

export function DialogBase(props: DialogProps) {
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
