// The patient's time: therapies as bars, results and infusions as points, today's drafts at the end.
import {day, type Explanation, type Row} from './explanation';

interface Lane { name: string; drug: boolean; bars: {from: number; to: number; text: string}[]; points: {at: number; text: string; draft?: boolean}[] }

const dayMs = 86_400_000;
const yearsShown = 2;

function lanes({orders, facts, clock}: Explanation): Lane[] {
  const today = Date.parse(clock.today);
  const all = new Map<string, Lane>();
  const lane = (code: string, drug = false) => {
    const name = code.replace(/_/g, ' ');
    const found = all.get(name) ?? {name, drug, bars: [], points: []};
    all.set(name, found);
    return found;
  };
  for (const order of orders)
    for (const drug of order.drugs ?? [])
      lane(drug, true).points.push({at: Date.parse(order.takesEffect ?? clock.today), text: `draft: ${order.label ?? drug}`, draft: true});
  const known = (facts.medications ?? []).filter((one) => one.drugs?.length);
  for (const fact of known)
    for (const drug of fact.drugs ?? []) {
      const from = Date.parse(day(fact.exposure?.start ?? fact.date));
      if (Number.isNaN(from)) continue;
      const to = fact.exposure?.ongoing ? today : Date.parse(day(fact.exposure?.ended) || day(fact.date));
      const text = `${fact.value ?? drug}, ${day(fact.exposure?.start ?? fact.date)}${fact.exposure?.ongoing ? ', ongoing' : ''}`;
      if (fact.resourceType === 'MedicationAdministration' || !(to > from)) lane(drug, true).points.push({at: from, text});
      else lane(drug, true).bars.push({from, to, text});
    }
  const results = (facts.results ?? []).filter((one) => one.test && one.date);
  const counts = new Map<string, Row[]>();
  for (const one of results) counts.set(one.test ?? '', [...(counts.get(one.test ?? '') ?? []), one]);
  for (const [test, some] of counts)
    for (const one of some) lane(test).points.push({at: Date.parse(day(one.date)), text: `${one.value}, ${day(one.date)}`});
  for (const one of facts.bloodPressures ?? [])
    lane('blood pressure').points.push({at: Date.parse(day(one.date)), text: `${String(one.systolic)}/${String(one.diastolic)}, ${day(one.date)}`});
  return merged([...all.values()]);
}

/** Tests that were always done together share a lane. */
function merged(all: Lane[]): Lane[] {
  const out = new Map<string, Lane & {others: string[]}>();
  for (const lane of all) {
    const days = lane.points.map((point) => point.at).sort().join();
    const key = lane.bars.length > 0 || lane.points.some((point) => point.draft) || lane.drug ? lane.name : days;
    const found = out.get(key);
    if (found) {
      found.others.push(lane.name);
      for (const [at, point] of lane.points.entries()) found.points[at].text += `; ${lane.name} ${point.text}`;
    } else {
      const points = lane.points.map((point) => ({...point, text: `${lane.name} ${point.text}`}));
      out.set(key, {...lane, points, others: []});
    }
  }
  return [...out.values()].map(({others, ...lane}) =>
    ({...lane, name: lane.name + (others.length > 0 ? ` and ${others.length} more` : '')}));
}

/** Months between the ends, at most a dozen. */
function ticks(from: number, to: number): {at: number; text: string}[] {
  const out: {at: number; text: string}[] = [];
  const months = Math.max(1, Math.ceil((to - from) / (30 * dayMs) / 8));
  const first = new Date(from);
  for (let month = 1; out.length < 12; month += months) {
    const at = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + month, 1);
    if (at >= to - 20 * dayMs) break;
    out.push({at, text: new Date(at).toISOString().slice(0, 7)});
  }
  return out;
}

export function Timeline({explanation}: {explanation: Explanation}) {
  const today = Date.parse(explanation.clock.today);
  const rows = lanes(explanation);
  const moments = rows.flatMap((row) => [...row.bars.map((bar) => bar.from), ...row.points.map((point) => point.at)])
    .filter((at) => !Number.isNaN(at));
  if (moments.length === 0) return <p class="soft">Nothing in this request has a date that the rules look at.</p>;
  const earliest = Math.max(Math.min(...moments, today - 60 * dayMs), today - yearsShown * 365 * dayMs);
  const latest = Math.max(...moments, today) + 14 * dayMs;
  const left = 190, width = 900, height = 26;
  const x = (at: number) => left + ((Math.max(at, earliest) - earliest) / (latest - earliest)) * (width - left - 16);
  const bottom = rows.length * height + 8;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Timeline">
      <svg class="timeline" viewBox={`0 0 ${width} ${bottom + 26}`} role="img"
        aria-label="Timeline of therapies, results and drafts; the facts below hold the same as text.">
        {ticks(earliest, latest).map((tick) => (
          <g key={tick.at}><line class="tick" x1={x(tick.at)} x2={x(tick.at)} y1="0" y2={bottom} />
            <text class="date" x={x(tick.at)} y={bottom + 16}>{tick.text}</text></g>
        ))}
        <line class="today" x1={x(today)} x2={x(today)} y1="0" y2={bottom + 4} />
        <text class="date now" x={x(today)} y={bottom + 16}>today</text>
        {rows.map((row, at) => {
          const middle = at * height + height / 2 + 2;
          return (
            <g key={row.name}>
              <text class="name" x={left - 12} y={middle + 4}>{row.name.length > 26 ? `${row.name.slice(0, 25)}…` : row.name}</text>
              <line class="lane" x1={left} x2={width - 16} y1={middle} y2={middle} />
              {row.bars.map((bar, n) => (
                <rect key={n} class="bar" x={x(bar.from)} y={middle - 6} width={Math.max(3, x(bar.to) - x(bar.from))} height="12" rx="3">
                  <title>{bar.text}</title></rect>
              ))}
              {row.points.map((point, n) => point.draft
                ? <path key={n} class="draft" d={`M${x(point.at)} ${middle - 8}l8 8-8 8-8-8z`}><title>{point.text}</title></path>
                : <circle key={n} class={point.at < earliest ? 'point before' : 'point'} cx={x(point.at)} cy={middle} r="4.5">
                    <title>{point.text}</title></circle>)}
            </g>
          );
        })}
      </svg>
    </div>
  );
}
