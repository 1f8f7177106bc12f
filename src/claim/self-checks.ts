import type { SelfCheck } from '../study/self-check.ts';
import { obstacleTo, whyWithoutValue, type UndecidedReason } from './judge.ts';
import type { Court, Doubts } from './scope.ts';

/** The self-checks of a study, each evaluated once. */
export class SelfChecks {
  readonly #court: Court;
  readonly #doubts: Doubts;
  readonly #found = new Map<SelfCheck, UndecidedReason | null>();

  constructor(court: Court, doubts: Doubts) {
    this.#court = court;
    this.#doubts = doubts;
  }

  /** Why claims that name these decide nothing; null where every self-check holds that bears on them. `names`: of the run. */
  against(names: readonly string[]): UndecidedReason | null {
    for (const { experiment, check } of this.#bearingOn(names)) {
      const known = this.#found.get(check);
      const reason = known === undefined ? this.#evaluate(experiment, check) : known;
      this.#found.set(check, reason);
      if (reason !== null) return reason;
    }
    return null;
  }

  /** That of the study, and those of the experiments that give the names, with what these build on. */
  #bearingOn(names: readonly string[]): { readonly experiment: string | null; readonly check: SelfCheck }[] {
    const { study, index } = this.#court.written;
    const ids = new Set<string>();
    for (const name of names) {
      for (let id = this.#court.writtenExperiment(name)?.id; id !== undefined;) {
        ids.add(id);
        id = index.experiments.get(id)?.after;
      }
    }
    const all = [
      { experiment: null, check: study.selfCheck },
      ...study.experiments.map(({ id, selfCheck }) => ({ experiment: id, check: ids.has(id) ? selfCheck : undefined })),
    ];
    return all.flatMap(({ experiment, check }) => (check === undefined ? [] : [{ experiment, check }]));
  }

  #evaluate(experiment: string | null, { expect, otherwise }: SelfCheck): UndecidedReason | null {
    // Of an experiment's cells those that ran: the claims on the others are skipped.
    const scope = this.#court.scope((name) => this.#doubts.skipped.has(name));
    const obstacle = obstacleTo(scope.namesIn([expect]), scope.observed, this.#doubts);
    if (obstacle !== null) return { kind: 'self-check-unknown', experiment, detail: obstacle };
    const evaluation = scope.evaluate(expect);
    const fault = whyWithoutValue(evaluation, scope.observed);
    if (fault !== null) return { kind: 'self-check-unknown', experiment, detail: fault };
    return evaluation.state === 'value' && !evaluation.value ? { kind: 'self-check', experiment, otherwise } : null;
  }
}
