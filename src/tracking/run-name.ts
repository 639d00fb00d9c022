import type { RunId } from '../core/brands.ts';

/** Short, friendly, told apart by ear. The order fixes the names of existing ids: add at the end only if that may change. */
const adjectives =
  `able agile airy alert amber ample apt balmy bold brave brief bright brisk broad calm candid cheery chilly civil
clean clear clever coral cosy crisp curly dapper daring deft dewy eager early easy even fair fancy fast fine firm fleet fond frank
free fresh frosty full gentle giddy glad golden grand great green handy happy hardy hazel hearty humble jolly keen kind late lean
light lively loyal lucid lucky lunar mellow merry mild misty modest mossy neat nimble noble novel olive open pale patient placid plain
polite proud pure quick quiet rapid rare ready rosy round ruby rustic sandy serene sharp shiny silent silver sleek slim smart smooth
snowy sober soft solar solid spry stable steady stout sturdy subtle sunny sure swift tall tame tidy tiny trim true upbeat vivid warm
wary whole wise witty young zesty`.split(/\s+/);

const nouns =
  `adder albatross alpaca ant antelope auk badger bass bat bear beaver bee beetle bison bittern boar bream bunting buzzard
camel canary carp cat cicada clam cod condor coot crab crane cricket crow curlew deer dingo dipper dolphin dove duck dunlin eagle
eel egret eider elk emu falcon ferret finch fox frog gannet gazelle gecko gibbon gnu goat goose grouse gull hare harrier hawk hedgehog
heron hoopoe hornet horse ibex ibis iguana impala jackal jackdaw jaguar jay kestrel kiwi koala lamprey lark lemming lemur leopard linnet
lion lizard llama lobster lynx magpie mallard mantis marlin marmot marten martin merlin mole moose moth mouse mule newt nuthatch ocelot
octopus orca oriole osprey otter owl ox panda panther parrot pelican perch petrel pike pipit plover pony puffin puma quail rabbit raccoon
raven ray robin rook salmon seal shrew shrike siskin skink skua snail snipe sparrow squid stoat stork swan swift tapir teal tern thrush
tiger toad trout tuna turtle viper vole wagtail walrus warbler wasp weasel whale wombat wren yak zebra`.split(/\s+/);

/** `brisk-heron-12`: the words come from the id, the number is the run's place in its store and makes the name unique. */
export function runName(id: RunId, number: number): string {
  return `${wordOf(adjectives, id.slice(0, 8))}-${wordOf(nouns, id.slice(8, 16))}-${number}`;
}

const wordOf = (words: readonly string[], hex: string): string =>
  words[Number.parseInt(hex, 16) % words.length] ?? 'plain';
