// Colours and sizes can be set from outside: every `--cds-…` property below is a promise of docs/web.md.
export const style = `
:host {
  --_bg: var(--cds-background, #ffffff); --_ink: var(--cds-ink, #17212b); --_soft: var(--cds-soft-ink, #4d5b69);
  --_line: var(--cds-line, #cdd5dd); --_link: var(--cds-link, #0b5394); --_fill: var(--cds-fill, #f3f6f9);
  --_critical: var(--cds-critical, #a3141b); --_warning: var(--cds-warning, #7a4a00); --_info: var(--cds-info, #1c5a86);
  --_critical-bg: var(--cds-critical-fill, #fdecec); --_warning-bg: var(--cds-warning-fill, #fff4dd);
  --_info-bg: var(--cds-info-fill, #e8f2fa);
  display: block; color: var(--_ink); font: var(--cds-font, 15px/1.45 system-ui, sans-serif);
}
@media (prefers-color-scheme: dark) {
  :host(:not([theme=light])) {
    --_bg: var(--cds-background, #1a222b); --_ink: var(--cds-ink, #e6ebf0); --_soft: var(--cds-soft-ink, #a9b6c3);
    --_line: var(--cds-line, #3a4754); --_link: var(--cds-link, #8cc4ff); --_fill: var(--cds-fill, #232d38);
    --_critical: var(--cds-critical, #ff9c9c); --_warning: var(--cds-warning, #f3c25b); --_info: var(--cds-info, #8cc8f2);
    --_critical-bg: var(--cds-critical-fill, #3b1a1d); --_warning-bg: var(--cds-warning-fill, #362a12);
    --_info-bg: var(--cds-info-fill, #162b3b);
  }
}
:host([theme=dark]) {
  --_bg: var(--cds-background, #1a222b); --_ink: var(--cds-ink, #e6ebf0); --_soft: var(--cds-soft-ink, #a9b6c3);
  --_line: var(--cds-line, #3a4754); --_link: var(--cds-link, #8cc4ff); --_fill: var(--cds-fill, #232d38);
  --_critical: var(--cds-critical, #ff9c9c); --_warning: var(--cds-warning, #f3c25b); --_info: var(--cds-info, #8cc8f2);
  --_critical-bg: var(--cds-critical-fill, #3b1a1d); --_warning-bg: var(--cds-warning-fill, #362a12);
  --_info-bg: var(--cds-info-fill, #162b3b);
}
* { box-sizing: border-box; }
article {
  background: var(--_bg); border: 1px solid var(--_line); border-inline-start: 5px solid var(--_tone);
  border-radius: 6px; margin: 0 0 14px; overflow-wrap: anywhere; unicode-bidi: isolate;
}
.critical { --_tone: var(--_critical); --_tone-bg: var(--_critical-bg); }
.warning { --_tone: var(--_warning); --_tone-bg: var(--_warning-bg); }
.info { --_tone: var(--_info); --_tone-bg: var(--_info-bg); }
header { padding: 10px 14px; background: var(--_tone-bg); border-radius: 0 5px 0 0; }
.badge { display: inline-flex; align-items: center; gap: 6px; color: var(--_tone); font-weight: 700; font-size: .8em; }
.badge svg { width: 18px; height: 18px; flex: none; }
.topic { color: var(--_soft); font-size: .8em; margin-inline-start: 10px; }
h3 { font-size: 1.07em; line-height: 1.35; margin: 4px 0 0; font-weight: 650; }
.body { padding: 4px 14px 12px; }
h4 { font-size: .82em; margin: 12px 0 2px; color: var(--_soft); font-weight: 650; }
p { margin: 4px 0; }
ul, ol { margin: 2px 0; padding-inline-start: 20px; }
li { margin: 2px 0; }
a { color: var(--_link); }
code { background: var(--_fill); padding: 0 3px; border-radius: 3px; }
summary { cursor: pointer; color: var(--_link); padding: 6px 0; width: fit-content; }
.more { font-size: .93em; margin-top: 6px; }
.suggestions { list-style: none; padding: 0; margin: 10px 0 0; display: grid; gap: 8px; }
.suggestions > li { border: 1px solid var(--_line); border-radius: 6px; padding: 8px 10px; background: var(--_fill); }
.tag { font-size: .78em; border: 1px solid currentColor; border-radius: 10px; padding: 0 7px; margin-inline-start: 8px;
  white-space: nowrap; color: var(--_soft); }
.actions { list-style: none; padding: 0; margin: 6px 0 0; font-size: .88em; color: var(--_soft); }
.actions li { padding-inline-start: 1.3em; text-indent: -1.3em; }
.actions b { display: inline-block; width: 1.1em; text-indent: 0; color: var(--_ink); font-weight: 700; }
button, select, input { font: inherit; color: var(--_ink); }
button { background: var(--_bg); border: 1px solid var(--_link); color: var(--_link); border-radius: 5px;
  padding: 6px 12px; min-height: 34px; cursor: pointer; font-weight: 600; text-align: start; }
button:hover:not(:disabled) { background: var(--_link); color: var(--_bg); }
button:disabled { border-color: var(--_line); color: var(--_soft); cursor: default; }
select, input { background: var(--_bg); border: 1px solid var(--_soft); border-radius: 5px; padding: 6px 8px;
  min-height: 34px; width: 100%; }
form { display: grid; gap: 8px; padding: 4px 0 8px; max-width: 34em; }
label { display: grid; gap: 3px; font-size: .88em; color: var(--_soft); }
:focus-visible { outline: 3px solid var(--_link); outline-offset: 2px; }
.links { margin: 8px 0 0; padding: 0; list-style: none; }
.note { font-size: .88em; color: var(--_soft); }
.outcome { font-size: .9em; margin: 8px 0 0; font-weight: 600; }
.outcome:empty { display: none; }
.answered { opacity: .93; }
.empty { padding: 14px; border: 1px dashed var(--_line); border-radius: 6px; color: var(--_soft); }
`;
