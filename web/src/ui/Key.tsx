/** A key as it is written on a keyboard. */
export function Key({ name }: { name: string }) {
  return (
    <kbd
      aria-hidden
      className="rounded-[5px] border border-b-2 border-current/40 px-1 font-sans text-[11px] leading-4 opacity-80"
    >
      {name}
    </kbd>
  );
}
