/** The look of the page: both themes, from 360 px on. Colours: Okabe and Ito (2008), which colour-blind people tell apart. */
export const pageStyle = `
:root{color-scheme:light dark;--back:#fbfbfa;--card:#fff;--ink:#1d2327;--soft:#5b6670;--line:#dfe3e6;--cell:#0b62a8;--on:#fff;
--c0:#0072b2;--c1:#d55e00;--c2:#009e73;--c3:#b0588f;--c4:#b07f00;--c5:#2d94c9;--c6:#7a5af5;--c7:#5b6670}
@media (prefers-color-scheme:dark){:root{--back:#14181b;--card:#1c2226;--ink:#e8ecee;--soft:#9eabb5;--line:#343d44;--cell:#5bb0ee;--on:#0d1316;
--c0:#56b4e9;--c1:#ff8f4a;--c2:#35c99b;--c3:#e39ac6;--c4:#f0c541;--c5:#8fd0f5;--c6:#b6a4ff;--c7:#9eabb5}}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
header,main{max-width:1440px;margin:0 auto;padding:0 20px}
header{padding-top:24px}h1{font-size:1.35rem;margin:0}h2{font-size:1rem;margin:0 0 8px;overflow-wrap:anywhere}
.soft,.note{color:var(--soft);font-size:.85rem;margin:4px 0;overflow-wrap:anywhere}
main{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,460px),1fr));gap:16px;align-items:start;padding-top:16px;padding-bottom:40px}
section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:16px;min-width:0}
svg{display:block;width:100%;height:auto}svg text{fill:var(--soft);font:12px system-ui,sans-serif}svg .label{fill:var(--ink);font-size:13px}
.grid{stroke:var(--line);stroke-width:1}.series path{fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round}
.series path.faint{stroke-opacity:.25;stroke-width:1}.series circle,.series rect{fill:currentColor}.series circle{fill-opacity:.85}
.series .value{font-size:11px}.dash1 path{stroke-dasharray:7 4}.dash2 path{stroke-dasharray:2 3}.dash3 path{stroke-dasharray:9 3 2 3}
${[0, 1, 2, 3, 4, 5, 6, 7].map((colour) => `.c${colour}{color:var(--c${colour})}`).join('')}
.cell rect{fill:var(--cell);stroke:var(--line)}.cell text.on{fill:var(--on)}.cell text.off{fill:var(--ink)}
.matrices{display:flex;flex-wrap:wrap;gap:16px}.matrices figure{flex:1 1 240px;margin:0;min-width:0}figure{margin:0}
figcaption{font-size:.85rem;color:var(--soft)}img{max-width:100%;height:auto;background:#fff;border-radius:6px}
.legend{display:flex;flex-wrap:wrap;gap:6px;padding:0;margin:8px 0 0;list-style:none}
.legend button{font:inherit;font-size:.82rem;color:var(--ink);background:none;border:1px solid var(--line);border-radius:999px;padding:3px 10px;cursor:pointer;max-width:100%;overflow-wrap:anywhere;text-align:left}
.legend button[aria-pressed=false]{opacity:.45;text-decoration:line-through}.legend i{display:inline-block;width:18px;height:0;border-top:3px solid;margin-right:6px;vertical-align:middle}
.legend .dash1 i{border-top-style:dashed}.legend .dash2 i{border-top-style:dotted}.legend .dash3 i{border-top-style:double}
details{margin-top:10px}summary{cursor:pointer;color:var(--soft);font-size:.85rem}.wide{overflow-x:auto;max-height:320px}
table{border-collapse:collapse;font-size:.82rem;font-variant-numeric:tabular-nums}th,td{padding:2px 12px 2px 0;text-align:left;border-bottom:1px solid var(--line);white-space:nowrap}
#tip{position:fixed;pointer-events:none;background:var(--ink);color:var(--card);font-size:.8rem;padding:4px 8px;border-radius:6px;max-width:260px;overflow-wrap:anywhere;z-index:2}
[hidden]{display:none}
@media (max-width:520px){header,main{padding-left:10px;padding-right:10px}section{padding:10px}svg.chart text{font-size:19px}svg.chart .label{font-size:20px}svg.chart .value{font-size:16px}}
`;

/** Tooltips and switches. It reads attributes and sets text, so that no value can become markup. */
export const pageScript = `
const tip=document.getElementById('tip');
const place=(event)=>{tip.style.left=Math.min(event.clientX+12,innerWidth-tip.offsetWidth-8)+'px';tip.style.top=Math.max(4,event.clientY-tip.offsetHeight-8)+'px'};
for(const svg of document.querySelectorAll('svg.chart')){
  const groups=[...svg.querySelectorAll('g[data-points]')].map((g)=>({g,points:JSON.parse(g.dataset.points)}));
  if(groups.length===0)continue;
  svg.addEventListener('pointermove',(event)=>{
    const box=svg.getBoundingClientRect(),scale=svg.viewBox.baseVal.width/box.width;
    const x=(event.clientX-box.left)*scale,y=(event.clientY-box.top)*scale;
    let best,far=40*40;
    for(const {g,points} of groups){if(g.hasAttribute('hidden'))continue;
      for(const point of points){const d=(point[0]-x)**2+(point[1]-y)**2;if(d<far){far=d;best={g,point}}}}
    tip.hidden=best===undefined;
    if(best!==undefined){tip.textContent=best.g.dataset.name+': '+best.point[2]+' → '+best.point[3];place(event)}
  });
  svg.addEventListener('pointerleave',()=>{tip.hidden=true});
}
for(const button of document.querySelectorAll('.legend button')){
  button.addEventListener('click',()=>{
    const shown=button.getAttribute('aria-pressed')!=='true';
    button.setAttribute('aria-pressed',String(shown));
    button.closest('section').querySelectorAll('.series')[Number(button.dataset.series)].toggleAttribute('hidden',!shown);
  });
}
`;
