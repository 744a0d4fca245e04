// What the tests look at: the acceptance cases with our answers, and a running server.
import {spawn} from 'node:child_process';
import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';

const source = process.env.TESTED_SOURCE;
const binaries = process.env.TESTED_BUILD;

export const readJson = (path) => JSON.parse(readFileSync(join(source, path), 'utf8'));

export function acceptanceCases() {
    const folder = 'test-fixtures/acceptance';
    return readdirSync(join(source, folder))
        .filter((name) => name.endsWith('.json'))
        .map((name) => readJson(`${folder}/${name}`))
        .filter((one) => one.request && one.expect);
}

/// [{id, request, response}]: our answer to each case at its own time.
export function acceptanceAnswers() {
    const requests = new Map(acceptanceCases().map((one) => [one.id, one.request]));
    const lines = readFileSync('answers.ndjson', 'utf8').split('\n').filter(Boolean);
    return lines.map((line) => JSON.parse(line))
        .map(({id, response}) => ({id, response, request: requests.get(id)}));
}

/// A server on a port of the system's choice, with a store of its own.
export async function startServer() {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-node-'));
    const child = spawn(join(binaries, 'countersign'),
        ['serve', '--listen', '127.0.0.1:0', '--store', join(folder, 'countersign.db')],
        {stdio: ['ignore', 'pipe', 'pipe']});
    let base;
    const ended = new Promise((resolve) => child.once('close', resolve));
    const started = new Promise((resolve, reject) => {
        for (const stream of [child.stdout, child.stderr]) {
            createInterface({input: stream}).on('line', (line) => {
                const found = /127\.0\.0\.1:(\d+)/.exec(line);
                if (found && line.includes('"started"')) resolve(`http://127.0.0.1:${found[1]}`);
            });
        }
        ended.then((status) => reject(new Error(`the server ended with status ${status}`)));
    });
    base = await started;
    const stop = async () => {
        child.kill('SIGTERM');
        await ended;
        rmSync(folder, {recursive: true, force: true});
    };
    return {base, stop};
}

export const suggestionsOf = (card) => card.suggestions ?? [];
export const actionsOf = (card) => suggestionsOf(card).flatMap((one) => one.actions ?? []);
