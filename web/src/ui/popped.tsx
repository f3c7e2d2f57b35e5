// What opens below a button: closed by Escape and by a click beside it.
import type { ReactNode } from 'react';
import { useWords } from '../lib/i18n.tsx';

export function Popped(props: { label: string; close: () => void; children: ReactNode }) {
  const { t } = useWords();
  return (
    <>
      <button
        type="button"
        className="pop-scrim"
        aria-label={t('close')}
        onClick={props.close}
      />
      <div
        className="menu popped"
        role="group"
        aria-label={props.label}
        onKeyDown={(e) => e.key === 'Escape' && props.close()}
      >
        {props.children}
      </div>
    </>
  );
}
