import { useTranslation } from 'react-i18next';
import { TEXT_CHARACTERS_MAX, type Segments } from '../lib/segments';

const COSTLY_SHOWN_MAX = 4;

/** What a text costs, and which characters make it dearer. */
export function Meter({ segments, id }: { segments: Segments; id: string }) {
  const { t } = useTranslation();
  const { segments: count, characters, left, costly } = segments;
  const isTooLong = characters > TEXT_CHARACTERS_MAX;
  const tone = isTooLong ? 'text-bad' : count > 1 ? 'text-warn' : 'text-muted';
  return (
    <p id={id} className={`text-xs tabular-nums ${tone}`}>
      <span className="font-semibold">{t('composer.texts', { count })}</span>
      {' · '}
      {isTooLong
        ? t('composer.tooLong', { count: characters, most: TEXT_CHARACTERS_MAX })
        : `${t('composer.characters', { count: characters })} · ${t('composer.left', { count: left })}`}
      {costly.length > 0 && (
        <>
          {' · '}
          {t('composer.costly', { characters: costly.slice(0, COSTLY_SHOWN_MAX).join(' ') })}
        </>
      )}
    </p>
  );
}
