// Labelled CSV -> artifacts/split/train.csv and test.csv: checked, without blank and repeated rows, raw text and the other columns asked for.
import {
  dataFields,
  dropRepeated,
  labelledSource,
  preprocessFields,
  readLabelledTexts,
  runStage,
  splitTexts,
  writeSplit,
} from '../src/ml/index.ts';

await runStage(async (stage) => {
  const source = labelledSource(stage.params('data', dataFields));
  const params = stage.params('preprocess', preprocessFields);

  const all = stage.need(await readLabelledTexts(source));
  const data = params.drop_repeated ? dropRepeated(all) : { ...all, repeated: 0 };
  const options = { testSize: params.test_size, seed: params.seed };
  const split = stage.need(splitTexts(data, source.path, options));
  await writeSplit('artifacts/split', data, split);

  stage.say(`${data.texts.length} rows (${data.blank} blank and ${data.repeated} repeated left out)`);
  stage.say(`${split.train.length} to train, ${split.test.length} to test: ${split.classes.join(', ')}`);
});
