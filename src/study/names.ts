import { kindOf } from '../figure/kinds/kinds.ts';
import type { Figure } from './schema.ts';

/** The captures and topologies that a figure is drawn from. */
export function namesInFigure(figure: Figure): string[] {
  return kindOf(figure)
    .references(figure)
    .flatMap(({ name, to }) => (to.is === 'capture' || to.is === 'topology' ? [name] : []));
}
