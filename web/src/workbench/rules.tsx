import {useEffect, useMemo, useState} from 'preact/hooks';
import {Indicator, Notice, useLoaded, Waiting} from './parts';
import {type Catalogue, type Evidence, type Health, type Rule, type Stories} from './service';

/** A template as a person reads it: ‹name› for what the chart fills in, […] for what is said at times. */
function readable(template: string): string {
  return template
    .replace(/\{\{\^[\w.]+\}\}[\s\S]*?\{\{\/[\w.]+\}\}/g, '')
    .replace(/\{\{#[\w.]+\}\}/g, '[').replace(/\{\{\/[\w.]+\}\}/g, ']')
    .replace(/\{\{\{?([\w.]+)\}?\}\}/g, (_, name: string) => `‹${name.replace(/_/g, ' ')}›`)
    .replace(/\[\s*\]/g, '').replace(/\s+/g, ' ').trim();
}

function Lines({name, lines}: {name: string; lines: string[]}) {
  if (lines.length === 0) return null;
  return <><h3>{name}</h3><ul>{lines.map((line) => <li key={line}>{readable(line)}</li>)}</ul></>;
}

function Sources({rule, evidence}: {rule: Rule; evidence: Map<string, Evidence>}) {
  const cited = rule.evidence.flatMap((id) => evidence.get(id) ?? []);
  if (cited.length === 0) return null;
  return (
    <>
      <h3>Evidence</h3>
      <ul>
        {cited.map((one) => (
          <li key={one.id}>{one.citation}{one.url && <> <a href={one.url} target="_blank" rel="noopener noreferrer">
            Source<span class="unseen"> of {one.id}</span></a></>}
          {one.shows && <span class="soft"> {one.shows}</span>}</li>
        ))}
      </ul>
    </>
  );
}

function Body({rule, evidence, example}: {rule: Rule; evidence: Map<string, Evidence>; example?: string}) {
  return (
    <div class="rule-body">
      {example && <p><a class="button" href={`#try?case=${encodeURIComponent(example)}`}>Run an example</a></p>}
      <Lines name="Summary" lines={Object.values(rule.summary)} />
      <Lines name="Found" lines={rule.found} />
      <Lines name="Why it matters" lines={rule.why} />
      <Lines name="Consider" lines={rule.consider} />
      <Lines name="Suggestions" lines={Object.values(rule.suggestions)} />
      {rule.thresholds.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label={`Thresholds of ${rule.title}`}>
          <table>
            <caption>Thresholds</caption>
            <thead><tr><th scope="col">Name</th><th scope="col" class="number">Value</th><th scope="col">Unit</th><th scope="col">Source</th></tr></thead>
            <tbody>
              {rule.thresholds.map((one) => (
                <tr key={one.name}><td>{one.name.replace(/_/g, ' ')}</td><td class="number">{one.value}</td><td>{one.unit}</td><td>{one.source}</td></tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Lines name="Limits" lines={rule.limits} />
      <Sources rule={rule} evidence={evidence} />
      <Lines name="Reasons to keep the order" lines={rule.overrideReasons.map((one) => one.display ?? one.code)} />
      {Object.keys(rule.attributes).length > 0 && (
        <details>
          <summary>Attributes of the source</summary>
          <dl class="facts">{Object.entries(rule.attributes).map(([name, value]) => <><dt>{name}</dt><dd>{value}</dd></>)}</dl>
        </details>
      )}
      <p class="soft">Catalogue {rule.catalogue || 'none'}; tier {rule.tier}; {rule.kind}.</p>
    </div>
  );
}

function Entry({rule, open, evidence, example}: {rule: Rule; open: boolean; evidence: Map<string, Evidence>; example?: string}) {
  const [shown, show] = useState(open);
  return (
    <li id={`rule-${rule.id}`}>
      <details open={shown} onToggle={(event) => show(event.currentTarget.open)}>
        <summary>
          <h2 class="rule-title">{rule.title}</h2>
          <span class="rule-marks">{rule.indicators.map((level) => <Indicator key={level} level={level} />)}
            {!rule.enabled && <span class="tag">switched off</span>}
            {rule.safetyCritical && <span class="tag">safety-critical</span>}</span>
          <code>{rule.id}</code>
        </summary>
        {shown && <Body rule={rule} evidence={evidence} example={example} />}
      </details>
    </li>
  );
}

export function Rules({wanted}: {wanted: string}) {
  const catalogue = useLoaded<Catalogue>('/rules.json');
  const stories = useLoaded<Stories>('/stories.json');
  const health = useLoaded<Health>('/healthz');
  const [search, setSearch] = useState('');
  const [level, setLevel] = useState('');
  const evidence = useMemo(() => new Map(catalogue.value?.evidence.map((one) => [one.id, one])), [catalogue.value]);
  const searchable = useMemo(
    () => new Map(catalogue.value?.rules.map((rule) => [rule.id, JSON.stringify(rule).toLowerCase()])), [catalogue.value]);
  useEffect(() => { document.getElementById(`rule-${wanted}`)?.scrollIntoView(); }, [wanted, catalogue.value]);
  if (!catalogue.value) return <><h1>Rules</h1><Waiting failure={catalogue.failure} /></>;
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = catalogue.value.rules.filter((rule) =>
    (!level || rule.indicators.includes(level)) && words.every((word) => searchable.get(rule.id)?.includes(word)));
  const policy = health.value?.policy;
  return (
    <>
      <h1>Rules</h1>
      {policy && <Notice>Site policy {policy.version} is in force; thresholds and wording below are those after it.
        <code> countersign policy check</code> says what it changes.</Notice>}
      <div class="filters">
        <label>Search<input type="search" value={search} placeholder="thiazide, tuberculosis, 130 mmHg, csa-…"
          onInput={(event) => setSearch(event.currentTarget.value)} /></label>
        <label>Weight<select value={level} onChange={(event) => setLevel(event.currentTarget.value)}>
          <option value="">any</option><option value="critical">critical</option>
          <option value="warning">warning</option><option value="info">information</option>
        </select></label>
        <p role="status" class="soft">{found.length} of {catalogue.value.rules.length} rules; knowledge {catalogue.value.version}</p>
      </div>
      {found.length === 0 && <p class="blank">No rule speaks of that. Fewer words find more.</p>}
      <ul class="rule-list">
        {found.map((rule) => <Entry key={rule.id} rule={rule} open={rule.id === wanted} evidence={evidence}
          example={stories.value?.examples[rule.id]} />)}
      </ul>
    </>
  );
}
