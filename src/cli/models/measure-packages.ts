import type { Failure } from '../../core/failure.ts';
import { failureMessage } from '../../core/failure.ts';
import { ok, type Result } from '../../core/result.ts';
import { cellProblem, joinRows, noColumns } from '../../ml/columns/column.ts';
import type { ModelInput, TableColumns } from '../../ml/columns/column.ts';
import type { LabelledTexts } from '../../ml/data/labelled-texts.ts';
import type { ModelPackage, Prediction } from '../../ml/package/types.ts';
import type { LoadedPackage, ProbedPackage, ProbeReport, ProbeRequest, TestSet } from '../../registry/probe.ts';

export interface MeasureTools {
  load(folder: string): Promise<Result<ModelPackage>>;
  readTestSet(testSet: TestSet): Promise<Result<LabelledTexts>>;
}

/** Rows asked at once; the answers of a batch are dropped before the next. */
const batch = 1000;
const warmUps = 5;
const mostTimed = 200;
/** Timing ends after this even when fewer rows were asked, in milliseconds. */
const timingMs = 2000;

/**
 * Loads one package and then, when it is named, the other, and asks both about the test set. A package that does not load is
 * part of the report; a test set that cannot be read is a failure.
 */
export async function measurePackages(request: ProbeRequest, tools: MeasureTools): Promise<Result<ProbeReport>> {
  const rows = request.testSet === undefined ? undefined : await tools.readTestSet(request.testSet);
  if (rows?.ok === false) return rows;
  const data = rows?.value;
  const labels = new Labels();
  const truth = data?.labels.map((label) => labels.placeOf(label));
  const columns = data?.columns ?? noColumns;
  const asking = { tools, rows: data === undefined ? undefined : joinRows(data.texts, columns), columns, labels };
  const candidate = await measure(request.candidate, asking);
  const { production } = request;
  const former = production === undefined ? undefined : await measure(production, asking);
  return ok({
    candidate,
    ...(former === undefined ? {} : { production: former }),
    ...(truth === undefined ? {} : { testSet: { labels: labels.names, truth } }),
  });
}

/** Names to small numbers, in order of appearance. */
class Labels {
  readonly names: string[] = [];
  private readonly places = new Map<string, number>();

  placeOf(name: string): number {
    let place = this.places.get(name);
    if (place === undefined) {
      place = this.names.push(name) - 1;
      this.places.set(name, place);
    }
    return place;
  }
}

interface Asking {
  readonly tools: MeasureTools;
  readonly rows: readonly ModelInput[] | undefined;
  /** Of the rows. */
  readonly columns: TableColumns;
  readonly labels: Labels;
}

async function measure(folder: string, { tools, rows, columns, labels }: Asking): Promise<ProbedPackage> {
  const startedAt = performance.now();
  const loaded = await tools.load(folder);
  if (!loaded.ok) return { loads: false, problem: problemOf(loaded.error) };
  const model = loaded.value;
  const { same, expected, got, input } = model.reproduceExample();
  const loadMs = performance.now() - startedAt;
  const asked = rows !== undefined && hasColumns(model, columns) ? rows : undefined;
  return {
    loads: true,
    loadMs,
    example: { same, expected: answerOf(model, expected), got: answerOf(model, got) },
    medianMs: medianMs(model, asked === undefined || asked.length === 0 ? [input] : asked),
    ...(asked === undefined ? {} : { predictions: predictAll(model, asked, labels) }),
  };
}

/** Without a column that it takes, or with cells that are no numbers where they should be, a model's answers would say nothing about it. */
const hasColumns = ({ info }: ModelPackage, columns: TableColumns): boolean =>
  (info.signature.columns ?? []).every(
    ({ name, type }) => columns.get(name)?.every((cell) => cellProblem(type, cell) === undefined) ?? false,
  );

const problemOf = (problem: Failure): string => failureMessage(problem);

function answerOf({ info }: ModelPackage, { label, probabilities }: Prediction): LoadedPackage['example']['got'] {
  return { label, probability: probabilities[info.classes.indexOf(label)] ?? NaN };
}

function predictAll(model: ModelPackage, rows: readonly ModelInput[], labels: Labels): number[] {
  const places: number[] = [];
  for (let from = 0; from < rows.length; from += batch) {
    for (const { label } of model.predict(rows.slice(from, from + batch))) places.push(labels.placeOf(label));
  }
  return places;
}

/** One row at a time, as a server is asked. */
function medianMs(model: ModelPackage, rows: readonly ModelInput[]): number {
  const rowAt = (at: number): ModelInput[] => [rows[at % rows.length] ?? ''];
  for (let at = 0; at < warmUps; at++) model.predict(rowAt(at));
  const times: number[] = [];
  const until = performance.now() + timingMs;
  while (times.length < mostTimed && (times.length === 0 || performance.now() < until)) {
    const startedAt = performance.now();
    model.predict(rowAt(times.length));
    times.push(performance.now() - startedAt);
  }
  times.sort((a, b) => a - b);
  const middle = times.length / 2;
  return ((times[Math.floor(middle)] ?? NaN) + (times[Math.ceil(middle) - 1] ?? NaN)) / 2;
}
