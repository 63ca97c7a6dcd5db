import { Phone } from 'lucide-react';

const SHADES = [
  'bg-[#e6dcf6] text-[#4b2a94] dark:bg-[#33265a] dark:text-[#cdbcfa]',
  'bg-[#d7ecdf] text-[#14583a] dark:bg-[#173a29] dark:text-[#8fdcb1]',
  'bg-[#fbe3cf] text-[#7a3c0b] dark:bg-[#43280f] dark:text-[#f3bb85]',
  'bg-[#d6e8f4] text-[#154a72] dark:bg-[#16364f] dark:text-[#93c8ee]',
  'bg-[#f7dbe2] text-[#86203c] dark:bg-[#47182a] dark:text-[#f5a3b8]',
] as const;

/** The same name always gets the same shade. */
function shadeOf(name: string): string {
  let sum = 0;
  for (const one of name) sum = (sum * 31 + one.codePointAt(0)!) % 9973;
  return SHADES[sum % SHADES.length]!;
}

function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => /^\p{L}/u.test(word));
  return words
    .slice(0, 2)
    .map((word) => [...word][0]!.toUpperCase())
    .join('');
}

const SIZES = {
  small: 'size-6 text-[10px]',
  medium: 'size-7 text-[11px]',
  large: 'size-11 text-sm',
};

/** Initials; somebody known by a number only is a telephone. */
export function Avatar({ name, size = 'medium' }: { name: string; size?: keyof typeof SIZES }) {
  const initials = initialsOf(name);
  return (
    <span
      aria-hidden
      className={`grid shrink-0 place-items-center rounded-full font-semibold ${SIZES[size]} ${initials ? shadeOf(name) : 'bg-sunken text-soft'}`}
    >
      {initials || <Phone className="size-3.5" />}
    </span>
  );
}
