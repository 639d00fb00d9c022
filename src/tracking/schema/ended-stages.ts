/**
 * Format 3: stages that did not fail by themselves, but were ended with their run. Their action stays `failed`, which the table of
 * format 1 allows, so that no table has to be written anew.
 */
export const endedStages = `
ALTER TABLE stages ADD COLUMN ended INTEGER NOT NULL DEFAULT 0 CHECK (ended IN (0, 1) AND (ended = 0 OR action = 'failed'));
`;
