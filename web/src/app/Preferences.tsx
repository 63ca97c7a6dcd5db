import { useState } from 'react';
import { Label, Radio, RadioGroup } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { graphql } from '../gql';
import { reasonOf, request } from '../lib/graphql';
import { LANGUAGES, chooseLanguage, type Language } from '../lib/i18n';
import { areKeysOn } from '../lib/keys';
import { THEMES, chooseTheme, chosenTheme, type Theme } from '../lib/theme';
import { SOUND_RULES, playTone, setSoundRule, soundRule, type SoundRule } from '../live/alerts';
import { Button } from '../ui/Button';
import { Dialog } from '../ui/Dialog';
import { sayFailed } from '../ui/Toasts';
import { Toggle } from '../ui/Toggle';
import { useViewer } from './viewer';

const SIGN_OUT = graphql(/* GraphQL */ `
  mutation SignOut {
    sessionRevoke(input: {}) {
      userErrors {
        message
      }
    }
  }
`);

interface ChoiceProps<Value extends string> {
  label: string;
  value: Value;
  values: readonly Value[];
  nameOf: (value: Value) => string;
  onChange: (value: Value) => void;
}

function ChoiceGroup<Value extends string>(props: ChoiceProps<Value>) {
  const { label, value, values, nameOf, onChange } = props;
  return (
    <RadioGroup
      value={value}
      onChange={(chosen) => onChange(chosen as Value)}
      orientation="horizontal"
      className="grid gap-1"
    >
      <Label className="font-medium">{label}</Label>
      <div className="flex flex-wrap gap-2">
        {values.map((one) => (
          <Radio
            key={one}
            value={one}
            className="cursor-default rounded-lg border border-line-strong px-3 py-1 data-[focus-visible]:outline-2 data-[focus-visible]:outline-accent data-[selected]:border-accent data-[selected]:bg-accent-soft data-[selected]:font-semibold"
          >
            {nameOf(one)}
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}

export function Preferences({ onClose }: { onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const viewer = useViewer();
  const [theme, setTheme] = useState(chosenTheme);
  const [sound, setSound] = useState(soundRule);
  const [hasKeys, setHasKeys] = useState(areKeysOn);

  const signOut = async () => {
    try {
      await request(SIGN_OUT);
      location.assign('/');
    } catch (error) {
      sayFailed(reasonOf(error));
    }
  };

  return (
    <Dialog title={t('nav.preferences')} isOpen onClose={onClose} shape="sheet">
      <div className="grid gap-6">
        <div className="flex items-center gap-3">
          <div className="min-w-0 flex-1">
            <p className="truncate font-semibold">{viewer.agent?.displayName}</p>
            <p className="truncate text-muted">
              {t(`roles.${viewer.role}`)} · {viewer.organization.name}
            </p>
          </div>
          <Button onPress={() => void signOut()}>{t('session.signOut')}</Button>
        </div>
        <ChoiceGroup<Theme>
          label={t('preferences.theme')}
          value={theme}
          values={THEMES}
          nameOf={(one) => t(`preferences.themes.${one}`)}
          onChange={(one) => {
            setTheme(one);
            chooseTheme(one);
          }}
        />
        <ChoiceGroup<Language>
          label={t('preferences.language')}
          value={i18n.language as Language}
          values={LANGUAGES}
          nameOf={(one) => new Intl.DisplayNames([one], { type: 'language' }).of(one) ?? one}
          onChange={(one) => {
            localStorage.setItem('language', one);
            void chooseLanguage(one);
          }}
        />
        <ChoiceGroup<SoundRule>
          label={t('preferences.sound')}
          value={sound}
          values={SOUND_RULES}
          nameOf={(one) => t(`preferences.sounds.${one}`)}
          onChange={(one) => {
            setSound(one);
            setSoundRule(one);
            if (one !== 'off') playTone();
          }}
        />
        <Toggle
          isOn={hasKeys}
          onChange={(isOn) => {
            setHasKeys(isOn);
            localStorage.setItem('keys', isOn ? 'on' : 'off');
          }}
        >
          {t('preferences.keys')}
        </Toggle>
        {typeof Notification !== 'undefined' && Notification.permission === 'default' && (
          <Button onPress={() => void Notification.requestPermission()}>
            {t('preferences.notifications')}
          </Button>
        )}
      </div>
    </Dialog>
  );
}
