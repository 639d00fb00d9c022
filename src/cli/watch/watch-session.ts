import { join, relative, sep } from 'node:path';
import type { EngineEvent } from '../../core/events.ts';
import type { StageName } from '../../core/brands.ts';
import type { Workspace } from '../../core/workspace.ts';
import type { Reach } from '../../graph/select-targets.ts';
import { openProject, type Project } from '../../pipeline/open-project.ts';
import type { WatchedChange } from '../../report/watching.ts';
import { FileWatcher } from './file-watcher.ts';
import { Settling } from './settling.ts';
import { changedStages, stageKeys, type StageKeys } from './stage-keys.ts';
import {
  artifactState,
  artifactStates,
  changesBetween,
  missing,
  textStates,
  type PathChange,
  type States,
} from './states.ts';
import { watchedPaths, watchedStages, type WatchedPaths } from './watched-paths.ts';

export interface WatchSessionOptions {
  readonly workspace: Workspace;
  readonly build: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly reach: Reach | undefined;
  readonly onError: (error: NodeJS.ErrnoException) => void;
}

/** What a round works with, as long as it lasts. */
interface OpenRound {
  readonly project: Project;
  readonly targets: readonly string[];
  readonly keys: StageKeys | undefined;
  /** Stages that ended, with the outs they left. */
  readonly ended: Map<StageName, States>;
}

/** Knows what the last round was built from, and so what has changed since. */
export class WatchSession {
  readonly #options: WatchSessionOptions;
  readonly #settling = new Settling();
  #paths: WatchedPaths;
  #before = new Map<string, string>();
  #watcher: FileWatcher | undefined;
  #watched = '';
  #round: OpenRound | undefined;
  #touched = new Set<string>();
  #wake: () => void = () => undefined;

  constructor(options: WatchSessionOptions) {
    this.#options = options;
    this.#paths = { texts: [options.workspace.pipelineFile, 'params.yaml'], inputs: [], made: [] };
  }

  /** Remembers the texts before anything reads them, so that no change to them can be missed. */
  async beginRound(alsoTexts: Iterable<string>): Promise<void> {
    this.#touched.clear();
    this.#paths = { ...this.#paths, texts: [...new Set([...this.#paths.texts, ...alsoTexts])] };
    this.#remember(textStates(this.#options.workspace.root, this.#paths.texts));
    await this.#watch();
  }

  async onProject(project: Project, targets: readonly string[]): Promise<void> {
    const { reach, env, workspace } = this.#options;
    const stages = watchedStages(project, targets, reach);
    const known = new Set(this.#paths.texts);
    this.#paths = watchedPaths(project, stages);
    this.#remember(
      textStates(
        workspace.root,
        this.#paths.texts.filter((path) => !known.has(path)),
      ),
    );
    // Texts given with -S are in the files by the time the stages run.
    for (const path of project.texts.keys()) this.#before.delete(path);
    await this.#watch();
    this.#remember(await artifactStates(project, this.#paths.inputs));
    this.#round = { project, targets, keys: await stageKeys(project, stages, env), ended: new Map() };
  }

  hear(event: EngineEvent): void {
    if (event.type === 'stage-failed') this.#round?.ended.set(event.stage, new Map());
    if (event.type !== 'stage-done') return;
    this.#round?.ended.set(event.stage, new Map(event.outs.map((out) => [out.path, artifactState(out)])));
  }

  /** Remembers what the stages left. An edit of an out after its stage has ended is a change. */
  async onEnd(project: Project): Promise<void> {
    this.#remember(await artifactStates(project, this.#paths.made));
    for (const left of this.#round?.ended.values() ?? []) this.#remember(left);
    for (const path of project.texts.keys()) this.#remember(textStates(project.workspace.root, [path]));
    this.#round = undefined;
  }

  /** Waits for an event and for the end of its burst; false when `signal` came first. */
  async untilSettled(signal: AbortSignal): Promise<boolean> {
    if (this.#touched.size === 0 && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        signal.addEventListener('abort', this.#wake, { once: true });
      });
      signal.removeEventListener('abort', this.#wake);
    }
    return !signal.aborted && this.#settling.settled(signal);
  }

  /** Waits for the end of a burst that is under way. */
  async untilQuiet(signal: AbortSignal): Promise<void> {
    if (this.#touched.size > 0) await this.#settling.settled(signal);
  }

  /** What is not as the last round had it. */
  async changes(): Promise<readonly WatchedChange[]> {
    const asChange = this.#takeTouched();
    const texts = changesBetween(this.#before, textStates(this.#options.workspace.root, this.#paths.texts));
    const opened = await this.#open();
    if (opened === undefined) return texts.map(asChange(false));
    try {
      const inputs = changesBetween(this.#before, await artifactStates(opened, this.#paths.inputs));
      const made = changesBetween(this.#before, await artifactStates(opened, this.#paths.made));
      return [...[...texts, ...inputs].map(asChange(false)), ...made.map(asChange(true))];
    } finally {
      opened.close();
    }
  }

  /** In mid-run: what changed of that which stages read that run, or are yet to run. */
  async changesForUnfinished(): Promise<readonly WatchedChange[]> {
    const asChange = this.#takeTouched();
    const round = this.#round;
    if (round === undefined) return [];
    const texts = changesBetween(this.#before, textStates(this.#options.workspace.root, this.#paths.texts));
    const inputs = changesBetween(this.#before, await artifactStates(round.project, this.#paths.inputs));
    const named = new Set(inputs.map(({ path }) => path));
    const reading = round.project.graph.stages
      .filter(({ deps }) => deps.some(({ path }) => named.has(path)))
      .map(({ name }) => name);
    const redefined = texts.length === 0 ? [] : await this.#redefined(round);
    const isOpen = (stage: StageName): boolean => round.keys?.has(stage) === true && !round.ended.has(stage);
    const isConcerned = (stages: readonly StageName[]): boolean => this.#round === round && stages.some(isOpen);
    const found: readonly PathChange[] = [
      ...(isConcerned(redefined) ? texts : []),
      ...(isConcerned(reading) ? inputs : []),
    ];
    return found.map(asChange(false));
  }

  /** Takes paths as they are now: no more a change. */
  async accept(paths: readonly string[]): Promise<void> {
    const known = new Set(paths);
    const opened = await this.#open();
    if (opened === undefined) return;
    const artifacts = [...this.#paths.inputs, ...this.#paths.made].filter((path) => known.has(path));
    this.#remember(await artifactStates(opened, artifacts));
    this.#remember(
      textStates(
        this.#options.workspace.root,
        this.#paths.texts.filter((path) => known.has(path)),
      ),
    );
    opened.close();
  }

  /** How much is watched, of what the pipeline reads. */
  counts(): { readonly files: number; readonly folders: number } {
    const states = [...this.#paths.texts, ...this.#paths.inputs].map((path) => this.#before.get(path));
    const folders = states.filter((state) => state?.includes(' folder') === true).length;
    const absent = this.#paths.texts.filter((path) => this.#before.get(path) === missing).length;
    return { files: states.length - folders - absent, folders };
  }

  async close(): Promise<void> {
    await this.#watcher?.close();
  }

  /** Stages that the pipeline as it is now defines otherwise; none while it is broken, for that may be mended before the run ends. */
  async #redefined(round: OpenRound): Promise<readonly StageName[]> {
    const { reach, env } = this.#options;
    const opened = await this.#open();
    if (opened === undefined || round.keys === undefined) return [];
    const keys = await stageKeys(opened, watchedStages(opened, round.targets, reach), env);
    opened.close();
    return keys === undefined ? [] : changedStages(round.keys, keys);
  }

  async #open(): Promise<Project | undefined> {
    const opened = await openProject(this.#options.workspace, { build: this.#options.build, emit: () => undefined });
    return opened.ok ? opened.value : undefined;
  }

  /** Tells of a folder which files in it were touched since this was last asked. */
  #takeTouched(): (isOut: boolean) => (change: PathChange) => WatchedChange {
    const { root } = this.#options.workspace;
    const touched = [...this.#touched].map((file) => relative(root, file).split(sep).join('/')).sort();
    this.#touched.clear();
    return (isOut) => (change) => {
      const inside = touched.filter((path) => path.startsWith(`${change.path}/`));
      return { ...change, isOut, ...(inside.length === 0 ? {} : { inside }) };
    };
  }

  /** While stages run, their outs say nothing of what they read, and may never be quiet. */
  #isWrittenNow(file: string): boolean {
    if (this.#round === undefined) return false;
    return this.#paths.made.some((path) => `${file}/`.startsWith(`${join(this.#options.workspace.root, path)}/`));
  }

  #remember(states: States): void {
    for (const [path, state] of states) this.#before.set(path, state);
  }

  /** Watches what is to be watched now; a new watcher is there before the old one goes. */
  async #watch(): Promise<void> {
    const paths = [...this.#paths.texts, ...this.#paths.inputs, ...this.#paths.made];
    const watched = [...new Set(paths)].sort().join('\n');
    if (watched === this.#watched) return;
    const old = this.#watcher;
    this.#watched = watched;
    this.#watcher = await FileWatcher.open({
      root: this.#options.workspace.root,
      paths,
      onEvent: (file) => {
        if (this.#isWrittenNow(file)) return;
        this.#touched.add(file);
        this.#settling.note(file);
        this.#wake();
      },
      onError: this.#options.onError,
    });
    await old?.close();
  }
}
