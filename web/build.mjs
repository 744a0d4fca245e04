// node web/build.mjs SOURCE_FOLDER OUTPUT_FOLDER [CODE_SYSTEM…]
//
// Codes of the systems that are named are left out of the example patients (licences: see NOTICE).
//
// Bundles the workbench, gathers the example patients from test-fixtures/, and writes what
// web/embed.cmake compiles: one .S file with all bytes and one .cpp file with their names.
// The packages are expected in OUTPUT_FOLDER/node_modules.
import {createHash} from 'node:crypto';
import {mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join, resolve} from 'node:path';
import {gzipSync} from 'node:zlib';

const [source, output] = process.argv.slice(2, 4).map((folder) => resolve(folder));
const withheldSystems = process.argv.slice(4);
const esbuild = createRequire(join(output, 'package.json'))('esbuild');
const files = new Map();  // path on the server -> {type, bytes}

/** The licence of a package, to travel with what is made of it. */
function licence(name) {
  return `/*!\n${name}\n\n${readFileSync(join(output, 'node_modules', name, 'LICENSE'), 'utf8')}*/`;
}

async function bundle(name, entry, banner = '') {
  const result = await esbuild.build({
    entryPoints: [join(source, 'web/src', entry)],
    bundle: true, minify: true, write: false, format: 'esm', target: 'es2020', charset: 'utf8',
    jsx: 'automatic', jsxImportSource: 'preact', nodePaths: [join(output, 'node_modules')],
    legalComments: 'inline', logLevel: 'warning', outfile: name, banner: {js: banner},
  });
  const type = name.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8';
  for (const file of result.outputFiles) files.set(`/${name}`, {type, bytes: Buffer.from(file.contents)});
}

/** Without codings of the systems that are left out of this build. */
function permitted(value) {
  if (Array.isArray(value))
    return value.filter((one) => !withheldSystems.includes(one?.system)).map(permitted);
  if (value && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, permitted(member)]));
  return value;
}

/// Every story, and for every rule the smallest case that makes it speak.
function gatherCases() {
  const folder = join(source, 'test-fixtures/acceptance');
  const cases = new Map();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json')).sort()) {
    const text = readFileSync(join(folder, file), 'utf8');
    cases.set(file.slice(0, -5), {size: text.length, content: JSON.parse(text)});
  }
  const stories = JSON.parse(readFileSync(join(source, 'web/stories.json'), 'utf8'));
  const examples = {};
  const weight = ({size, content}) => Object.keys(content.expect).length * 1e6 + size;
  for (const [id, one] of cases)
    for (const rule of Object.keys(one.content.expect))
      if (!examples[rule] || weight(one) < weight(cases.get(examples[rule]))) examples[rule] = id;
  const wanted = new Set([...stories.map((story) => story.case), ...Object.values(examples)]);
  for (const id of [...wanted].sort()) {
    const one = cases.get(id);
    if (!one) throw new Error(`web/stories.json names the case ${id}, which is not in test-fixtures`);
    const {title, now, expect, request} = one.content;
    json(`/cases/${id}.json`, {id, title, now, expect, request: permitted(request)});
  }
  json('/stories.json', {
    stories: stories.map((story) => ({...story, expect: cases.get(story.case).content.expect})),
    examples,
  });
}

function json(path, value) {
  files.set(path, {type: 'application/json', bytes: Buffer.from(JSON.stringify(value))});
}

function copy(path, name, type) {
  files.set(path, {type, bytes: readFileSync(join(source, 'web/src', name))});
}

/// Assembly and table. Names are ours, so nothing in them needs escaping.
function write() {
  const blobs = join(output, 'assets');
  rmSync(blobs, {recursive: true, force: true});
  mkdirSync(blobs, {recursive: true});
  let assembly = '    .section .rodata\n', declarations = '', table = '', compressed = 0;
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  sorted.forEach(([path, {type, bytes}], number) => {
    const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 20);
    const zipped = gzipSync(bytes, {level: 9});
    if (!path.startsWith('/cases/')) compressed += zipped.length;
    for (const [suffix, content] of [['plain', bytes], ['gzip', zipped]]) {
      const file = join(blobs, `${number}.${suffix}`);
      const symbol = `countersign_web_${number}_${suffix}`;
      writeFileSync(file, content);
      assembly += `    .global ${symbol}\n${symbol}:\n    .incbin "${file}"\n`;
      declarations += `extern char const ${symbol}[];\n`;
    }
    table += `    {"${path}", "${type}", "W/\\"${hash}\\"", {countersign_web_${number}_plain, ${bytes.length}},\n` +
        `     {countersign_web_${number}_gzip, ${zipped.length}}},\n`;
  });
  assembly += '    .section .note.GNU-stack,"",%progbits\n';
  writeFileSync(join(output, 'embedded.S'), assembly);
  writeFileSync(join(output, 'embedded_assets.cpp'), `#include "web/embedded_assets.hpp"

extern "C" {
${declarations}}

namespace cds::web {
namespace {
Asset const all[] = {
${table}};
}  // namespace

Asset const* const embedded_assets = all;
std::size_t const embedded_asset_count = ${sorted.length};

}  // namespace cds::web
`);
  console.log(`workbench: ${sorted.length} files, ${compressed} bytes compressed without the example patients`);
}

await bundle('cds-cards.js', 'cards/cds_cards.ts');
await bundle('workbench.js', 'workbench/main.tsx', licence('preact'));
await bundle('workbench.css', 'workbench/workbench.css');
copy('/', 'index.html', 'text/html; charset=utf-8');
copy('/icon.svg', 'icon.svg', 'image/svg+xml');
gatherCases();
write();
