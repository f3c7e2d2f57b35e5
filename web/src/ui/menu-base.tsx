// The menu itself; loaded when the first one opens, and opened at once.
import { Menu as Base } from '@base-ui/react/menu';
import type { MenuProps } from './menu.tsx';

export function MenuBase({ trigger, items, align = 'end' }: MenuProps) {
  return (
    <Base.Root modal={false} defaultOpen>
      <Base.Trigger render={trigger} />
      {/* Inside a landmark, so that readers find it where its button is. */}
      <Base.Portal container={document.querySelector<HTMLElement>('header.top')}>
        <Base.Positioner className="pop-up" sideOffset={6} align={align}>
          <Base.Popup className="menu">
            {items.map((it, at) =>
              it === 'line' ? (
                <hr key={at} />
              ) : (
                <Base.Item key={it.key} className={it.on ? 'it on' : 'it'} onClick={it.run}>
                  {it.icon}
                  <span>{it.label}</span>
                  {it.why && <span className="k">{it.why}</span>}
                </Base.Item>
              ),
            )}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
