/**
 * Format 2: registered models. Here and not in registry/, because one file has one sequence of formats.
 * What the program must never break by mistake stands in the schema: one version in Production a model, versions that do not
 * change but for their stage, and an audit trail that only grows.
 */
export const registryTables = `
CREATE TABLE models (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL
) STRICT;

-- A run that made a version cannot be deleted (no ON DELETE).
CREATE TABLE model_versions (
  id INTEGER PRIMARY KEY,
  model INTEGER NOT NULL REFERENCES models,
  version INTEGER NOT NULL CHECK (version > 0),
  stage TEXT NOT NULL CHECK (stage IN ('Development', 'Staging', 'Production', 'Archived')),
  hash TEXT NOT NULL,
  path TEXT NOT NULL,
  run INTEGER REFERENCES runs,
  source_stage TEXT,
  metrics TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (model, version),
  UNIQUE (model, hash)
) STRICT;
CREATE UNIQUE INDEX one_in_production ON model_versions (model) WHERE stage = 'Production';
CREATE INDEX model_versions_by_hash ON model_versions (hash);
CREATE INDEX model_versions_by_run ON model_versions (run);
CREATE TRIGGER versions_change_only_stage
BEFORE UPDATE OF id, model, version, hash, path, source_stage, metrics, created_at ON model_versions
BEGIN SELECT RAISE(ABORT, 'a model version may change its stage only'); END;

CREATE TABLE aliases (
  model INTEGER NOT NULL REFERENCES models,
  alias TEXT NOT NULL,
  version INTEGER NOT NULL REFERENCES model_versions,
  PRIMARY KEY (model, alias)
) STRICT, WITHOUT ROWID;

CREATE TABLE transitions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  version INTEGER NOT NULL REFERENCES model_versions,
  action TEXT NOT NULL CHECK (action IN ('register', 'promote', 'replace', 'rollback')),
  outcome TEXT NOT NULL CHECK (outcome IN ('done', 'refused')),
  from_stage TEXT,
  to_stage TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  who TEXT NOT NULL,
  why TEXT NOT NULL,
  gates TEXT NOT NULL,
  git_commit TEXT
) STRICT;
CREATE INDEX transitions_by_version ON transitions (version, id);
CREATE TRIGGER transitions_never_change BEFORE UPDATE ON transitions
BEGIN SELECT RAISE(ABORT, 'the audit trail only grows'); END;
CREATE TRIGGER transitions_never_vanish BEFORE DELETE ON transitions
BEGIN SELECT RAISE(ABORT, 'the audit trail only grows'); END;
-- INSERT OR REPLACE deletes without the trigger above unless recursive triggers are on.
CREATE TRIGGER transitions_never_replaced BEFORE INSERT ON transitions
WHEN EXISTS (SELECT 1 FROM transitions WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the audit trail only grows'); END;
`;
