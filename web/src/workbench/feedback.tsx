import {useEffect, useState} from 'preact/hooks';
import {Notice} from './parts';

interface Period {
  period: string; shown: number; accepted: number; overridden: number; ignored: number;
  reasons: {reason: string; cards: number}[];
}
interface Report {
  rules: {rule: string; periods: Period[]}[];
  notOnRecord: {accepted: number; overridden: number};
}

interface Row extends Omit<Period, 'period'> { rule: string; periods: Period[] }

function sum(rule: string, periods: Period[]): Row {
  const reasons = new Map<string, number>();
  for (const {reasons: some} of periods)
    for (const {reason, cards} of some) reasons.set(reason, (reasons.get(reason) ?? 0) + cards);
  const total = (part: 'shown' | 'accepted' | 'overridden' | 'ignored') =>
    periods.reduce((so, period) => so + period[part], 0);
  return {
    rule, periods, shown: total('shown'), accepted: total('accepted'), overridden: total('overridden'),
    ignored: total('ignored'),
    reasons: [...reasons].map(([reason, cards]) => ({reason, cards})).sort((a, b) => b.cards - a.cards),
  };
}

function Share({part, whole, kind}: {part: number; whole: number; kind: string}) {
  return (
    <td class="number">{part}
      <svg class={`share ${kind}`} viewBox="0 0 60 6" aria-hidden="true">
        <rect class="whole" width="60" height="6" rx="2" /><rect width={whole ? (60 * part) / whole : 0} height="6" rx="2" />
      </svg>
    </td>
  );
}

function Table({rows, name, first}: {rows: (Omit<Row, 'rule' | 'periods'> & {name: string; link?: string})[]; name: string; first: string}) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={name}>
      <table>
        <caption>{name}</caption>
        <thead><tr><th scope="col">{first}</th><th scope="col" class="number">Shown</th><th scope="col" class="number">Accepted</th>
          <th scope="col" class="number">Overridden</th><th scope="col" class="number">Ignored</th><th scope="col">Reasons to keep the order</th></tr></thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <th scope="row">{row.link ? <a href={row.link}>{row.name}</a> : row.name}</th>
              <td class="number">{row.shown}</td>
              <Share part={row.accepted} whole={row.shown} kind="accepted" />
              <Share part={row.overridden} whole={row.shown} kind="overridden" />
              <Share part={row.ignored} whole={row.shown} kind="ignored" />
              <td class="reasons">{row.reasons.map(({reason, cards}) => <div key={reason}>{reason}: {cards}</div>)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function overTime(rows: Row[]): Row[] {
  const periods = new Map<string, Period[]>();
  for (const row of rows)
    for (const one of row.periods) periods.set(one.period, [...(periods.get(one.period) ?? []), one]);
  return [...periods].sort(([a], [b]) => (a < b ? 1 : -1)).map(([period, some]) => sum(period, some));
}

export function Feedback() {
  const [by, setBy] = useState('month');
  const [report, setReport] = useState<Report | null>(null);
  const [failure, setFailure] = useState('');
  useEffect(() => {
    let wanted = true;
    fetch(`/feedback-report?by=${by}`).then(async (answer) => {
      if (!answer.ok) throw new Error();
      const read = (await answer.json()) as Report;
      if (wanted) setReport(read);
    }).catch(() => {
      if (wanted) setFailure('The report cannot be had. It is given on this machine alone, and while the store works.');
    });
    return () => { wanted = false; };
  }, [by]);
  const rows = (report?.rules ?? []).map(({rule, periods}) => sum(rule, periods))
    .sort((a, b) => b.overridden - a.overridden || b.shown - a.shown);
  return (
    <>
      <h1>What became of the cards</h1>
      <div class="filters">
        <label>Periods<select value={by} onChange={(event) => setBy(event.currentTarget.value)}>
          <option value="day">days</option><option value="week">weeks</option><option value="month">months</option>
        </select></label>
        <p><a class="button" href={`/feedback-report?by=${by}&format=csv`} download="feedback.csv">Save as CSV</a></p>
      </div>
      {failure && <Notice tone="critical">{failure}</Notice>}
      {!report && !failure && <p class="soft" role="status">Loading…</p>}
      {report && rows.length === 0 && <p class="blank">No card has been sent yet. <a href="#try">Try a patient</a>, keep an order
        with a reason, and come back.</p>}
      {rows.length > 0 && (
        <>
          <Table name="By rule, most overridden first" first="Rule"
            rows={rows.map((row) => ({...row, name: row.rule, link: `#rules?rule=${encodeURIComponent(row.rule)}`}))} />
          <Table name="Over time" first="Period" rows={overTime(rows).map((row) => ({...row, name: row.rule}))} />
          <p class="soft">A card counts once, by its last outcome, in the period in which it was sent. Ignored: nothing was reported
            about it. Reports about cards that are not on record: {report?.notOnRecord.accepted} accepted,{' '}
            {report?.notOnRecord.overridden} overridden.</p>
        </>
      )}
    </>
  );
}
