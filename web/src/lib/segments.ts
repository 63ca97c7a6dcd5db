// How a text is cut into GSM-7 or UCS-2 parts; the server decides, this only shows it while typing.

const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const EXTENDED = new Set('^{}\\[~]|€\f');

export const TEXT_CHARACTERS_MAX = 1600;

export interface Segments {
  encoding: 'GSM_7' | 'UCS_2';
  characters: number;
  segments: number;
  /** Units that still fit into the last segment: septets, or UTF-16 code units. */
  left: number;
  /** The characters that GSM-7 lacks, each once. */
  costly: string[];
}

export function segmentsOf(text: string): Segments {
  const characters = [...text];
  const costly = [...new Set(characters.filter((one) => !BASIC.has(one) && !EXTENDED.has(one)))];
  const isGsm = costly.length === 0;
  const cost = (one: string) => (isGsm ? (EXTENDED.has(one) ? 2 : 1) : one.length);
  const [single, multiple] = isGsm ? [160, 153] : [70, 67];
  const encoding = isGsm ? 'GSM_7' : 'UCS_2';
  const units = characters.reduce((sum, one) => sum + cost(one), 0);
  const counted = { encoding, characters: characters.length, costly } as const;
  if (units <= single) {
    return { ...counted, segments: units > 0 ? 1 : 0, left: single - units };
  }
  let segments = 1;
  let used = 0;
  for (const one of characters) {
    // What takes two units is never cut in the middle.
    if (used + cost(one) > multiple) {
      segments += 1;
      used = 0;
    }
    used += cost(one);
  }
  return { ...counted, segments, left: multiple - used };
}
