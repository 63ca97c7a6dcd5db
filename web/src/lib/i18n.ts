// Languages of the page. A language is loaded when it is chosen, English is always there.
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import en from '../locales/en.json';

export const LANGUAGES = ['en', 'it', 'ar'] as const;
export type Language = (typeof LANGUAGES)[number];

const bundles: Record<Exclude<Language, 'en'>, () => Promise<{ default: object }>> = {
  it: () => import('../locales/it.json'),
  ar: () => import('../locales/ar.json'),
};

function isLanguage(name: string): name is Language {
  return (LANGUAGES as readonly string[]).includes(name);
}

export async function startLanguage() {
  const wanted = document.documentElement.lang;
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false },
  });
  await chooseLanguage(isLanguage(wanted) ? wanted : 'en');
}

export async function chooseLanguage(language: Language) {
  if (language !== 'en' && !i18next.hasResourceBundle(language, 'translation')) {
    const bundle = await bundles[language]();
    i18next.addResourceBundle(language, 'translation', bundle.default);
  }
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  document.documentElement.dir = language === 'ar' ? 'rtl' : 'ltr';
}

/** A language by its name in the language of the page. */
export function languageName(tag: string): string {
  return new Intl.DisplayNames([i18next.language], { type: 'language' }).of(tag) ?? tag;
}
