// The first run: what a company's books must know before the first order, in one sheet.
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Problem, send } from '../api/client.ts';
import { dashed, useWords } from '../lib/i18n.tsx';
import { Button, Labelled, Note } from '../ui/parts.tsx';
import { reason } from '../ui/toast.tsx';
import { Gate } from './gate.tsx';

const TAX = ['VAT13', 'VAT9', 'VAT6', 'VAT3', 'VAT1', 'VAT0'];
type Answers = Record<string, string>;

function Choice(props: {
  name: string;
  options: string[];
  answers: Answers;
  set: (name: string, value: string) => void;
}) {
  const { t } = useWords();
  return (
    <fieldset className="choice">
      <legend>{t(`setup-${dashed(props.name)}`)}</legend>
      {props.options.map((option) => {
        const key = `setup-${dashed(props.name)}-${dashed(option)}`;
        return (
          <label key={option}>
            <input
              type="radio"
              name={props.name}
              value={option}
              checked={props.answers[props.name] === option}
              onChange={() => props.set(props.name, option)}
            />
            <span>
              {t(key)}
              <small>{t(`${key}.why`)}</small>
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}

export function SetUp({ link, period }: { link: string; period: string }) {
  const { t } = useWords();
  const [answers, setAnswers] = useState<Answers>({
    code: 'HQ',
    name: '',
    start_period: period,
    chart: 'small',
    taxpayer: 'general',
    prices: 'incl',
    default_tax_code: 'VAT13',
    costing: 'moving_average',
    recognition: 'on_acceptance',
    credit_control: 'yes',
    person: '',
    login: '',
    password: '',
  });
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<unknown>(null);
  const navigate = useNavigate();
  const client = useQueryClient();
  const set = (name: string, value: string): void =>
    setAnswers((now) => ({ ...now, [name]: value }));
  const errorOf = (name: string): string | undefined =>
    refused instanceof Problem && refused.field === name ? refused.title : undefined;
  const begin = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      await send('set-up', { ...answers, link });
      client.clear();
      await navigate({ to: '/', replace: true });
    } catch (error) {
      setRefused(error);
      setBusy(false);
    }
  };
  const input = (name: string, more: Record<string, unknown> = {}) => (
    <Labelled label={t(`setup-${dashed(name)}`)} error={errorOf(name)}>
      {(ids) => (
        <input
          {...ids}
          className="input"
          name={name}
          required
          value={answers[name]}
          onChange={(e) => set(name, e.target.value)}
          {...more}
        />
      )}
    </Labelled>
  );
  const choice = (name: string, options: string[]) => (
    <Choice name={name} options={options} answers={answers} set={set} />
  );
  return (
    <Gate big>
      <form className="stack" onSubmit={(event) => void begin(event)}>
        <div>
          <h1>{t('setup-title')}</h1>
          <p>{t('setup-why')}</p>
        </div>
        {refused !== null && <Note tone="bad">{reason(refused, t)}</Note>}
        <h2>{t('setup-company')}</h2>
        <div className="fields">
          {input('name', { autoFocus: true, maxLength: 200, autoComplete: 'organization' })}
          {input('code', { pattern: '[A-Za-z0-9_\\-]{1,20}' })}
          {input('start_period', { type: 'month' })}
          <Labelled label={t('setup-tax')}>
            {(ids) => (
              <select
                {...ids}
                className="select"
                value={answers['default_tax_code']}
                onChange={(e) => set('default_tax_code', e.target.value)}
              >
                {TAX.map((code) => (
                  <option key={code} value={code}>
                    {t(`setup-tax-${code.toLowerCase()}`)}
                  </option>
                ))}
              </select>
            )}
          </Labelled>
        </div>
        {choice('chart', ['small', 'enterprise'])}
        {choice('taxpayer', ['general', 'small'])}
        {choice('prices', ['incl', 'excl'])}
        {choice('recognition', ['on_acceptance', 'on_ship', 'on_invoice'])}
        {choice('costing', ['moving_average', 'month_weighted'])}
        {choice('credit_control', ['yes', 'no'])}
        <h2>{t('setup-administrator')}</h2>
        <div className="fields">
          {input('person', { autoComplete: 'name' })}
          {input('login', { autoComplete: 'username', autoCapitalize: 'none' })}
          {input('password', {
            type: 'password',
            autoComplete: 'new-password',
            minLength: 8,
            maxLength: 128,
          })}
        </div>
        <Button kind="primary" type="submit" busy={busy}>
          {t('setup-begin')}
        </Button>
      </form>
    </Gate>
  );
}
