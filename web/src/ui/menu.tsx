// A menu of actions under a button. Its machinery comes when the button is first pressed: a page of
// many rows has many buttons and opens few menus.
import { Suspense, cloneElement, lazy, useState, type ReactElement, type ReactNode } from 'react';

export type Item =
  | {
      key: string;
      label: ReactNode;
      icon?: ReactNode;
      run: () => void;
      on?: boolean;
      why?: string | undefined;
    }
  | 'line';
export type MenuProps = {
  trigger: ReactElement<Record<string, unknown>>;
  items: Item[];
  align?: 'start' | 'end';
};

const load = () => import('./menu-base.tsx');
const Base = lazy(() => load().then((m) => ({ default: m.MenuBase })));

export function Menu(props: MenuProps) {
  const [pressed, setPressed] = useState(false);
  const button = cloneElement(props.trigger, {
    'aria-haspopup': 'menu',
    'aria-expanded': false,
    onPointerEnter: () => void load(),
    onFocus: () => void load(),
    onClick: () => setPressed(true),
  });
  if (!pressed) return button;
  return (
    <Suspense fallback={button}>
      <Base {...props} />
    </Suspense>
  );
}
