import { TermTable } from './term-table.ts';

/** `english` drops all of the list; `english_keep_negations` keeps "not", "never", "don't" and their like, which carry the sentiment. */
export type StopWordChoice = 'none' | 'english' | 'english_keep_negations';

/** One of the lists here, or words of one's own. */
export type StopWords = StopWordChoice | readonly string[];

export const stopWordChoices: readonly StopWordChoice[] = ['none', 'english', 'english_keep_negations'];

const functionWords = `a about above after again all am an and any are as at be because been before being below between both by
  can could did do does doing down during each few for from further had has have having he her here hers herself him himself his
  how i if in into is it its itself just me more most my myself now of off on once only or other our ours ourselves out over own
  same she should so some such than that the their theirs them themselves then there these they this those through to too under
  until up very was we were what when where which while who whom why will with would you your yours yourself yourselves
  i'm i've i'll i'd you're you've you'll you'd he's he'll he'd she's she'll she'd it's it'll we're we've we'll we'd they're
  they've they'll they'd that's there's here's what's who's let's s t d ll m re ve`;

/** With the halves that tokenizers leave which cut at the apostrophe. */
const negationList = `no not nor never none nobody nothing nowhere neither without cannot can't won't don't doesn't didn't isn't aren't
  wasn't weren't haven't hasn't hadn't shouldn't wouldn't couldn't mustn't needn't ain't
  don doesn didn isn aren wasn weren haven hasn hadn shouldn wouldn couldn mustn needn ain`;

const listed = (text: string): string[] => text.split(/\s+/u);

/** English words that turn the meaning of what follows, in lower case. */
export const negations: readonly string[] = listed(negationList);

/** The words to drop, those of the lists in lower case; undefined for `none`. */
export function stopWordTable(choice: StopWords): TermTable | undefined {
  if (choice === 'none') return undefined;
  if (typeof choice !== 'string') return TermTable.of(choice);
  const words = choice === 'english' ? [...listed(functionWords), ...negations] : listed(functionWords);
  return TermTable.of(words);
}
