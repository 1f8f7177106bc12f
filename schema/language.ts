/** `npm run language`: writes docs/language.md, from the schema that validates a study and from the types that claims know. */
import { writeFileSync } from 'node:fs';
import { languageReference } from './language/reference.ts';

writeFileSync(new URL('../docs/language.md', import.meta.url), await languageReference());
