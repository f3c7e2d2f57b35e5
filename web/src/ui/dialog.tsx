// A dialog over the page; on a phone a sheet from below. Its machinery comes when one is opened.
import { Suspense, lazy, type ReactNode } from 'react';

export type DialogProps = {
  title: string;
  text?: string | undefined;
  wide?: boolean;
  close: () => void;
  footer?: ReactNode;
  children?: ReactNode;
};

const Base = lazy(() => import('./dialog-base.tsx').then((m) => ({ default: m.DialogBase })));

export function Dialog(props: DialogProps) {
  return (
    <Suspense>
      <Base {...props} />
    </Suspense>
  );
}
