/**
 * Format 1: experiments and runs.
 * `number` is the run's place in the store and the key that the other tables use: small, and in order of time.
 * AUTOINCREMENT keeps the number of a deleted run from being given again, since its name may stand in a note somewhere.
 */
export const runTables = `
CREATE TABLE experiments (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE runs (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE CHECK (length(id) = 32),
  name TEXT NOT NULL UNIQUE,
  experiment INTEGER NOT NULL REFERENCES experiments,
  parent INTEGER REFERENCES runs ON DELETE CASCADE,
  status TEXT NOT NULL CHECK (status IN ('RUNNING', 'FINISHED', 'FAILED', 'KILLED')),
  started_at INTEGER NOT NULL,
  ended_at INTEGER CHECK ((ended_at IS NULL) = (status = 'RUNNING')),
  alive_at INTEGER NOT NULL,
  pid INTEGER NOT NULL,
  host TEXT NOT NULL,
  process_started TEXT
) STRICT;
CREATE INDEX runs_by_experiment ON runs (experiment, number);
CREATE INDEX runs_by_parent ON runs (parent) WHERE parent IS NOT NULL;
CREATE INDEX runs_by_status ON runs (status, number);

-- value: canonical JSON, so that 1, true and "1" stay apart; number: the value where it is one, to be searched by order.
CREATE TABLE params (
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  number REAL,
  PRIMARY KEY (run, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX params_by_value ON params (key, value);
CREATE INDEX params_by_number ON params (key, number) WHERE number IS NOT NULL;

-- The last value of each metric. SQLite has no not-a-number: NULL stands for it, here and in metric_points.
CREATE TABLE metrics (
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  key TEXT NOT NULL,
  value REAL,
  step INTEGER NOT NULL,
  logged_at INTEGER NOT NULL,
  PRIMARY KEY (run, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX metrics_by_value ON metrics (key, value);

CREATE TABLE metric_points (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  key TEXT NOT NULL,
  step INTEGER NOT NULL,
  logged_at INTEGER NOT NULL,
  value REAL
) STRICT;
CREATE INDEX metric_points_in_order ON metric_points (run, key, step, logged_at);

CREATE TABLE tags (
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (run, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX tags_by_value ON tags (key, value);

CREATE TABLE stages (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  stage TEXT NOT NULL,
  position INTEGER NOT NULL,
  action TEXT NOT NULL CHECK (action IN ('ran', 'restored', 'checked-out', 'unchanged', 'failed', 'not-run')),
  reasons TEXT NOT NULL,
  seconds REAL NOT NULL,
  cpu_seconds REAL,
  peak_memory INTEGER,
  exit_status INTEGER,
  attempts INTEGER NOT NULL,
  log_file TEXT,
  fingerprint TEXT,
  UNIQUE (run, stage)
) STRICT;
CREATE INDEX stages_by_fingerprint ON stages (fingerprint, action) WHERE fingerprint IS NOT NULL;

CREATE TABLE artifacts (
  stage INTEGER NOT NULL REFERENCES stages ON DELETE CASCADE,
  role TEXT NOT NULL CHECK (role IN ('dep', 'out')),
  path TEXT NOT NULL,
  hash TEXT NOT NULL,
  size INTEGER NOT NULL,
  files INTEGER,
  PRIMARY KEY (stage, role, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX artifacts_by_hash ON artifacts (hash, role);
`;
