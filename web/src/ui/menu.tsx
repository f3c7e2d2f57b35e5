// A menu of actions under a button.
import { Menu as Base } from '@base-ui/react/menu';
import type { ReactElement, ReactNode } from 'react';

export type Item = { key: string; label: ReactNode; icon?: ReactNode; run: () => void; on?: boolean; why?: string | undefined } | 'line';

export function Menu({ trigger, items, align = 'end' }: { trigger: ReactElement; items: Item[]; align?: 'start' | 'end' }) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
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
