import type { Evidence } from '../../evidence/open.ts';
import type { Translate } from '../language.ts';

/** A file that the guest was booted from. */
export interface ImageRow {
  readonly file: string;
  readonly sha256: string | null;
  readonly bytes: number | null;
  /** How it was checked, in words. */
  readonly check: string;
}

export function imageRows({ record }: Evidence, t: Translate): ImageRow[] {
  return (record.guest?.image.files ?? []).map(({ file, sha256, bytes, check }) => ({
    file,
    sha256,
    bytes,
    check: t(`image-check-${check.replace(' ', '-')}`),
  }));
}
