/** The look of the evaluation page, by day and by night. */
export const pageStyle = `
:root { color-scheme: light dark; --ink: #1e293b; --soft: #64748b; --line: #e2e8f0; --paper: #ffffff; --card: #f8fafc;
  --good: 79 70 229; --bad: 194 65 12; }
@media (prefers-color-scheme: dark) { :root { --ink: #e2e8f0; --soft: #94a3b8; --line: #334155; --paper: #0f172a; --card: #1e293b;
  --good: 129 140 248; --bad: 251 146 60; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 2rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
h1 { font-size: 1.7rem; margin: 0; overflow-wrap: anywhere; } h2 { font-size: 1.15rem; margin: 2.5rem 0 .75rem; }
p { margin: .25rem 0 1rem; } .soft { color: var(--soft); }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); gap: .75rem; margin: 1.5rem 0; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: .7rem .9rem; }
.tile b { display: block; font-size: 1.45rem; line-height: 1.25; font-variant-numeric: tabular-nums; }
.tile span { color: var(--soft); font-size: .85rem; } .tile small { color: var(--soft); font-size: .78rem; display: block; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .75rem; text-align: left; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; color: var(--soft); font-size: .85rem; }
td.n, th.n { text-align: right; white-space: nowrap; } td.name { overflow-wrap: break-word; max-width: 16rem; }
tr.first td { border-top: 2px solid var(--line); }
.confusion td, .confusion th { border: 3px solid var(--paper); text-align: center; min-width: 5.5rem; max-width: 10rem; overflow-wrap: break-word; }
.confusion td { border-radius: 10px; padding: .8rem .5rem; } .confusion td b { display: block; font-size: 1.1rem; } .confusion td span { font-size: .85rem; opacity: .85; }
.confusion th.side { text-align: right; vertical-align: middle; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); gap: 1.5rem; }
figure { margin: 0; } figcaption { font-weight: 600; margin-bottom: .25rem; min-height: 3em; display: flex; align-items: end; } svg { width: 100%; height: auto; display: block; }
svg text { fill: var(--soft); font-size: 11px; font-family: inherit; } svg .axis { font-size: 12px; }
.grid { stroke: var(--line); fill: none; } .diagonal { stroke: var(--soft); stroke-dasharray: 4 4; }
.mark { fill-opacity: .75; stroke: none; } .line.thin { stroke-width: 1; opacity: .6; }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; } .key { list-style: none; padding: 0; margin: .4rem 0 0; font-size: .85rem; }
.key li { display: flex; gap: .5rem; align-items: baseline; } .key i { flex: none; width: .8rem; height: .25rem; border-radius: 2px; align-self: center; }
.key span { overflow-wrap: anywhere; }
.bar { position: relative; width: 12rem; height: .8rem; background: var(--line); border-radius: 4px; margin-top: .35rem; }
.bar i { position: absolute; inset: 0 auto 0 0; background: rgb(var(--good)); border-radius: 4px; }
.bar u { position: absolute; top: 50%; height: 2px; margin-top: -1px; background: var(--ink); opacity: .75; }
.mistakes { width: 100%; } .mistakes td.text { overflow-wrap: anywhere; white-space: pre-wrap; width: 62%; }
.mistakes small { display: block; white-space: normal; margin-top: .15rem; }
.tag { display: inline-block; border-radius: 6px; padding: 0 .45rem; font-size: .85rem; overflow-wrap: anywhere; }
.tag.right { background: rgb(var(--good) / .14); } .tag.wrong { background: rgb(var(--bad) / .16); }
.terms { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: 1rem 2rem; } .terms p { overflow-wrap: anywhere; }
${lineColours()}
@media print { body { max-width: none; } .tile, .confusion td, .bar i { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
`;

/** Told apart also by those who see no red or no green (Okabe and Ito 2008), the yellow darker. */
function lineColours(): string {
  const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#b58900', '#56b4e9', '#e69f00', '#777777'];
  const rules = colours.map(
    (colour, c) => `.c${c} { stroke: ${colour}; } i.c${c}, .mark.c${c} { background: ${colour}; fill: ${colour}; }`,
  );
  return rules.join('\n');
}
