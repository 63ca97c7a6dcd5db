// Refusals of the server, at the fields that they are about.
import type { FieldValues, Path, UseFormSetError } from 'react-hook-form';

export interface UserError {
  code: string;
  message: string;
  field?: string[] | null;
}

/** Shows each refusal at its field and answers those that belong to none. */
export function showAtFields<Values extends FieldValues>(
  errors: readonly UserError[],
  known: readonly Path<Values>[],
  setError: UseFormSetError<Values>,
): string[] {
  const general: string[] = [];
  let isFirst = true;
  for (const error of errors) {
    const name = error.field?.find((part) => known.includes(part as Path<Values>));
    if (name === undefined) {
      general.push(error.message);
      continue;
    }
    setError(name as Path<Values>, { message: error.message }, { shouldFocus: isFirst });
    isFirst = false;
  }
  return general;
}
