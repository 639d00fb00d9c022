import type { RunId } from '../core/brands.ts';
import { type Clock, systemClock } from '../core/clock.ts';
import { failure } from '../core/failure.ts';
import { nearestNames } from '../core/nearest.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Database } from '../core/sqlite.ts';
import { openStoreFile, type StoreOpening } from '../tracking/database.ts';
import { Statements } from '../tracking/statements.ts';
import { attempt } from '../tracking/store-failure.ts';
import { productionStack } from './production-stack.ts';
import type { Registry } from './registry.ts';
import type { Actor, AuditEntry, ModelVersion, Move, Moved, NewVersion, RegisteredModel } from './types.ts';
import { selectTransitions, selectVersions, type StoredTransition, type StoredVersion } from './version-rows.ts';
import { toAuditEntry, toModelVersion } from './version-rows.ts';
import { insertTransition, insertVersion, setStage } from './write-version.ts';

/** Opens the registry in the store of runs `file`. */
export function openRegistry(
  file: string,
  options: StoreOpening & { readonly clock?: Clock } = { access: 'create' },
): Result<SqliteRegistry> {
  const opened = openStoreFile(file, options);
  return opened.ok ? ok(new SqliteRegistry(file, opened.value, options.clock ?? systemClock)) : opened;
}

/** Models in SQLite, beside the runs that made them. */
export class SqliteRegistry implements Registry {
  private readonly file: string;
  private readonly db: Database;
  private readonly statements: Statements;
  private readonly clock: Clock;

  /** `db` as openStoreFile gives it; it is closed with the registry. */
  constructor(file: string, db: Database, clock: Clock) {
    this.file = file;
    this.db = db;
    this.statements = new Statements(db);
    this.clock = clock;
  }

  register(version: NewVersion): Promise<Result<{ readonly version: ModelVersion; readonly isNew: boolean }>> {
    return this.write((): Result<{ version: ModelVersion; isNew: boolean }> => {
      const [known] = this.versions('m.name = ? AND v.hash = ?', version.model, version.hash);
      if (known !== undefined) return ok({ version: toModelVersion(known), isNew: false });
      const id = insertVersion(this.statements, version, this.clock.now());
      if (!id.ok) return id;
      const audit = { action: 'register', outcome: 'done', from: null, to: 'Development', gates: [] } as const;
      insertTransition(this.statements, id.value, { ...audit, at: this.clock.now(), by: version.by });
      return ok({ version: this.versionById(id.value), isNew: true });
    });
  }

  move(move: Move): Promise<Result<Moved>> {
    return this.write(() => {
      const seen = this.asSeen(move);
      if (!seen.ok) return seen;
      const { from, to, by, gates } = move;
      const audit = { outcome: 'done', at: this.clock.now(), by } as const;
      const replaced = to === 'Production' ? this.vacateProduction(move.model, 'replace', by) : null;
      setStage(this.statements, seen.value.id, to);
      insertTransition(this.statements, seen.value.id, { ...audit, action: 'promote', from, to, gates });
      return ok({ version: this.versionById(seen.value.id), replaced });
    });
  }

  refuse(move: Move): Promise<Result<void>> {
    return this.write(() => {
      const { from, to, by, gates } = move;
      const row = this.oneVersion(move.model, move.version);
      if (!row.ok) return row;
      const audit = { action: 'promote', outcome: 'refused', from, to, gates, at: this.clock.now(), by } as const;
      insertTransition(this.statements, row.value.id, audit);
      return ok(undefined);
    });
  }

  rollbackTarget(model: string): Promise<Result<{ readonly from: ModelVersion; readonly to: ModelVersion }>> {
    return this.read(() => {
      const steps = this.trail(model);
      if (!steps.ok) return steps;
      const stack = productionStack(steps.value);
      const from = this.inProduction(model);
      const before = stack.at(-2);
      if (from === null || before === undefined) {
        return err(failure('nothing-to-roll-back', { model, current: from?.version ?? null }));
      }
      const to = this.oneVersion(model, before);
      return to.ok ? ok({ from: toModelVersion(from), to: toModelVersion(to.value) }) : to;
    });
  }

  rollback(step: { model: string; from: number; to: number; by: Actor }): Promise<Result<Moved>> {
    return this.write(() => {
      const { model, by } = step;
      const current = this.inProduction(model);
      if (current?.version !== step.from) return err(failure('model-moved', { model, what: nowInProduction(current) }));
      const target = this.oneVersion(model, step.to);
      if (!target.ok) return target;
      const replaced = this.vacateProduction(model, 'rollback', by);
      setStage(this.statements, target.value.id, 'Production');
      const audit = { action: 'rollback', outcome: 'done', from: target.value.stage, to: 'Production' } as const;
      insertTransition(this.statements, target.value.id, { ...audit, gates: [], at: this.clock.now(), by });
      return ok({ version: this.versionById(target.value.id), replaced });
    });
  }

  currentProduction(model: string): Promise<Result<ModelVersion | null>> {
    return this.read(() => {
      const row = this.inProduction(model);
      return ok(row === null ? null : toModelVersion(row));
    });
  }

  listModels(): Promise<Result<readonly RegisteredModel[]>> {
    return this.read(() => {
      const rows = this.statements.all<StoredVersion>(`${selectVersions} ORDER BY v.version DESC`).map(toModelVersion);
      const models = this.statements.all<{ name: string; created_at: number }>(
        'SELECT name, created_at FROM models ORDER BY name',
      );
      return ok(
        models.map(({ name, created_at }) => ({
          name,
          createdAt: created_at,
          versions: rows.filter(({ model }) => model === name),
        })),
      );
    });
  }

  history(model: string): Promise<Result<readonly AuditEntry[]>> {
    return this.read(() => {
      const steps = this.trail(model);
      return steps.ok ? ok([...steps.value].reverse()) : steps;
    });
  }

  versionsOfRuns(ids: readonly RunId[]): Promise<Result<ReadonlyMap<RunId, readonly ModelVersion[]>>> {
    return this.read(() => {
      const pairs = this.statements.all<{ run: RunId; version: number }>(
        `WITH wanted AS (SELECT number, id FROM runs WHERE id IN (SELECT value FROM json_each(?)))
         SELECT w.id AS run, v.id AS version FROM wanted AS w JOIN model_versions AS v ON v.run = w.number
         UNION SELECT w.id, v.id FROM wanted AS w JOIN stages AS s ON s.run = w.number
           JOIN artifacts AS a ON a.stage = s.id AND a.role = 'out' JOIN model_versions AS v ON v.hash = a.hash
         ORDER BY 1, 2`,
        JSON.stringify(ids),
      );
      const found = new Map<RunId, ModelVersion[]>();
      for (const { run, version } of pairs) found.set(run, [...(found.get(run) ?? []), this.versionById(version)]);
      return ok(found);
    });
  }

  close(): Promise<void> {
    this.db.close();
    return Promise.resolve();
  }

  /** Archives what is in Production, if anything is. Before another moves in: the schema allows one. */
  private vacateProduction(model: string, action: 'replace' | 'rollback', by: Actor): ModelVersion | null {
    const current = this.inProduction(model);
    if (current === null) return null;
    setStage(this.statements, current.id, 'Archived');
    const audit = { action, outcome: 'done', from: 'Production', to: 'Archived', gates: [] } as const;
    insertTransition(this.statements, current.id, { ...audit, at: this.clock.now(), by });
    return this.versionById(current.id);
  }

  /** The row that is to move, when all is still as the mover saw it. */
  private asSeen({ model, version, from, to, production }: Move): Result<StoredVersion> {
    const row = this.oneVersion(model, version);
    if (!row.ok) return row;
    if (row.value.stage !== from) {
      return err(failure('model-moved', { model, what: `v${version} is in ${row.value.stage} now` }));
    }
    const current = this.inProduction(model);
    if (to === 'Production' && (current?.version ?? null) !== production) {
      return err(failure('model-moved', { model, what: nowInProduction(current) }));
    }
    return row;
  }

  private trail(model: string): Result<AuditEntry[]> {
    const rows = this.statements.all<StoredTransition>(selectTransitions, model);
    return rows.length === 0 ? this.unknownModel(model) : ok(rows.map(toAuditEntry));
  }

  private inProduction(model: string): StoredVersion | null {
    return this.versions(`m.name = ? AND v.stage = 'Production'`, model)[0] ?? null;
  }

  private oneVersion(model: string, version: number): Result<StoredVersion> {
    const rows = this.versions('m.name = ?', model);
    const row = rows.find((other) => other.version === version);
    if (row !== undefined) return ok(row);
    if (rows.length === 0) return this.unknownModel(model);
    const known = rows.map((other) => other.version);
    return err(failure('unknown-version', { model, version: `v${version}`, known }));
  }

  private unknownModel(name: string): Result<never> {
    const names = this.statements.all<{ name: string }>('SELECT name FROM models').map((row) => row.name);
    if (names.length === 0) return err(failure('no-models', {}));
    return err(failure('unknown-model', { name, near: nearestNames(name, names) }));
  }

  private versionById(id: number): ModelVersion {
    const [row] = this.versions('v.id = ?', id);
    if (row === undefined) throw new Error(`version ${id} vanished inside its own transaction`);
    return toModelVersion(row);
  }

  private versions(where: string, ...bound: (string | number)[]): StoredVersion[] {
    return this.statements.all<StoredVersion>(`${selectVersions} WHERE ${where} ORDER BY v.version`, ...bound);
  }

  private write<T>(work: () => Result<T>): Promise<Result<T>> {
    return Promise.resolve(attempt(this.file, () => this.statements.write(work)));
  }

  private read<T>(work: () => Result<T>): Promise<Result<T>> {
    return Promise.resolve(attempt(this.file, () => this.statements.read(work)));
  }
}

const nowInProduction = (current: StoredVersion | null): string =>
  current === null ? 'nothing is in Production now' : `v${current.version} is in Production now`;
