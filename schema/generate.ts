/** `npm run schema`: writes the JSON Schema of a study file, from the schema that validates it. */
import { writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { studyJsonSchema } from '../src/study/problems.ts';

const text = await format(JSON.stringify(studyJsonSchema()), { parser: 'json', printWidth: 120 });
writeFileSync(new URL('study.schema.json', import.meta.url), text);
