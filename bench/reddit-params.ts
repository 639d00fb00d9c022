/** What `-S` changes to learn from the Reddit comments with the peer's features and algorithm; data/README.md says why. */
export const redditParams = [
  'data.path=data/reddit.csv',
  'data.text_column=clean_comment',
  'data.label_column=category',
  'data.labels=null',
] as const;
